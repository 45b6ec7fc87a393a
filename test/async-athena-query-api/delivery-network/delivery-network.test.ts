/** The delivery function in a VPC. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, Peer, Port, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { AsyncAthenaQueryApiProps, CallbackPolicy, DeliveryNetwork } from '../../../src';
import { FINAL_DELIVERY_ERRORS } from '../../../src/async-athena-query-api/contracts/error-names';
import { deliveryRetry } from '../../../src/async-athena-query-api/delivery/delivery-retry';
import { NETWORK_RIGHTS } from '../../support/network-rights';
import { refusal } from '../../support/refusal';
import { synth } from '../../support/synth-queries';
import { definitionOf, only, plain, resourcesOfType, roleStatements } from '../../support/template';

const imported = (stack: Stack) => Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-1', availabilityZones: ['a'], privateSubnetIds: ['subnet-private'], isolatedSubnetIds: ['subnet-isolated'], publicSubnetIds: ['subnet-public'],
});
const inVpc = (network: (stack: Stack, vpc: DeliveryNetwork['vpc']) => Partial<DeliveryNetwork> = () => ({}), more: AsyncAthenaQueryApiProps = {}) => (
  (stack: Stack): AsyncAthenaQueryApiProps => {
    const vpc = imported(stack);
    return { ...more, deliveryNetwork: { vpc, ...network(stack, vpc) } };
  }
);
const vpcConfigOf = (props: (stack: Stack) => AsyncAthenaQueryApiProps) => plain(only(synth(props).template, 'AWS::Lambda::Function', 'Delivery').Properties.VpcConfig);
const egressOf = (props: (stack: Stack) => AsyncAthenaQueryApiProps) => only(synth(props).template, 'AWS::EC2::SecurityGroup', 'DeliverySecurityGroup').Properties.SecurityGroupEgress;

test('gets an address in a private subnet, and the right to', () => {
  const { template } = synth(inVpc());
  expect(plain(only(template, 'AWS::Lambda::Function', 'Delivery').Properties.VpcConfig)).toEqual({
    SecurityGroupIds: [expect.stringMatching(/^<QueriesDeliverySecurityGroup\w+\.GroupId>$/)], SubnetIds: ['subnet-private'],
  });
  expect(roleStatements(template, 'QueriesDeliveryRole').filter(({ Action }) => String(Action).includes('ec2:'))).toEqual(NETWORK_RIGHTS);
});

test('is the one function there', () => {
  const functions = resourcesOfType(synth(inVpc()).template, 'AWS::Lambda::Function').filter(({ Properties }) => Properties.VpcConfig !== undefined);
  expect(functions).toHaveLength(1);
});

test('subnets, groups and IPv6 are those that are given', () => {
  expect(vpcConfigOf(inVpc((stack, vpc) => ({
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED }, securityGroups: [new SecurityGroup(stack, 'Mine', { vpc })], ipv6AllowedForDualStack: true,
  })))).toEqual({
    Ipv6AllowedForDualStack: true, SecurityGroupIds: [expect.stringMatching(/^<Mine\w+\.GroupId>$/)], SubnetIds: ['subnet-isolated'],
  });
});

test('the new group lets it connect to everything of the kinds that it knows, or to nothing', () => {
  const [ipv4, ipv6] = [expect.objectContaining({ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }), expect.objectContaining({ CidrIpv6: '::/0', IpProtocol: '-1' })];
  expect(egressOf(inVpc())).toEqual([ipv4]);
  expect(egressOf(inVpc(() => ({ ipv6AllowedForDualStack: true })))).toEqual(expect.arrayContaining([ipv4, ipv6]));
  for (const ipv6AllowedForDualStack of [true, false]) {
    expect(egressOf(inVpc(() => ({ allowAllOutbound: false, ipv6AllowedForDualStack })))).toEqual([expect.objectContaining({ CidrIp: '255.255.255.255/32' })]);
  }
});

test('the construct is connectable: a receiver lets it in', () => {
  const { template } = synth(inVpc(() => ({ allowAllOutbound: false })), (queries, stack) => {
    const receiver = new SecurityGroup(stack, 'Receiver', { vpc: new Vpc(stack, 'Other') });
    receiver.connections.allowFrom(queries, Port.tcp(443));
    queries.connections.allowTo(Peer.ipv4('10.20.0.0/16'), Port.tcp(443));
  });
  const ours = expect.stringMatching(/^<QueriesDeliverySecurityGroup\w+\.GroupId>$/);
  expect(resourcesOfType(template, 'AWS::EC2::SecurityGroupIngress').map(({ Properties }) => plain(Properties))).toEqual([
    expect.objectContaining({ FromPort: 443, SourceSecurityGroupId: ours }),
  ]);
  expect(plain(only(template, 'AWS::EC2::SecurityGroup', 'DeliverySecurityGroup').Properties.SecurityGroupEgress)).toEqual([
    expect.objectContaining({ CidrIp: '10.20.0.0/16', FromPort: 443, ToPort: 443 }),
  ]);
});

test('outside of a VPC, its connections say what is missing', () => {
  const { queries } = synth();
  expect(() => queries.connections).toThrow(refusal(
    'deliveryNetwork must be given before its connections are used, got "nothing"; name the VPC that receivers are reached from: deliveryNetwork: { vpc }',
  ));
});

test('whatever a function without a network interface answers is retried for the whole window', () => {
  const { template } = synth(inVpc(() => ({}), { deliveryWindow: Duration.minutes(10) }));
  expect(definitionOf(template).States['Deliver Result']).toMatchObject({
    Retry: [{ ErrorEquals: FINAL_DELIVERY_ERRORS }, { ErrorEquals: ['States.ALL'], MaxAttempts: deliveryRetry(Duration.minutes(10)).MaxAttempts }],
  });
  expect(FINAL_DELIVERY_ERRORS.filter((error) => error.startsWith('Lambda.'))).toEqual([]);
});

const policy = (...privateAddresses: string[]) => CallbackPolicy.hosts({ hosts: ['hooks.example.com'], privateAddresses });

const refused: [message: string, props: (stack: Stack) => AsyncAthenaQueryApiProps][] = [
  [
    'privateAddresses of CallbackPolicy.hosts must be given together with deliveryNetwork, got ["10.20.0.0/16"]; '
      + 'name the VPC that these addresses are reached from: deliveryNetwork: { vpc }',
    () => ({ callbackPolicy: policy('10.20.0.0/16') }),
  ],
  [
    'every range in privateAddresses of CallbackPolicy.hosts must be of IPv4 addresses for a function that has no IPv6, got "fd12::/16"; '
      + 'set ipv6AllowedForDualStack of deliveryNetwork, or leave the range out',
    inVpc(() => ({}), { callbackPolicy: policy('10.20.0.0/16', 'fd12::/16') }),
  ],
  [
    'vpcSubnets of deliveryNetwork must be private or isolated subnets, got "the public subnets PublicSubnet1"; '
      + 'a function has no public address, so choose subnets with a route to a NAT gateway, as with { subnetType: SubnetType.PRIVATE_WITH_EGRESS }',
    inVpc(() => ({ vpcSubnets: { subnetType: SubnetType.PUBLIC } })),
  ],
  [
    'vpcSubnets of deliveryNetwork must be private or isolated subnets, got "the public subnets PublicSubnet1, PublicSubnet2"; '
      + 'a function has no public address, so choose subnets with a route to a NAT gateway, as with { subnetType: SubnetType.PRIVATE_WITH_EGRESS }',
    (stack) => ({ deliveryNetwork: { vpc: new Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 2, subnetConfiguration: [{ name: 'Public', subnetType: SubnetType.PUBLIC }] }) } }),
  ],
  [
    'allowAllOutbound of deliveryNetwork must be left out for your own security groups, got "both it and securityGroups"; set it on each of them',
    inVpc((stack, vpc) => ({ allowAllOutbound: true, securityGroups: [new SecurityGroup(stack, 'Mine', { vpc })] })),
  ],
  [
    'securityGroups of deliveryNetwork must be a list of at least one security group, got []; leave it out for a new one',
    inVpc(() => ({ securityGroups: [] })),
  ],
  [
    'deliveryWindow must be at least 10 minutes together with deliveryNetwork, got "9 minutes 59 seconds"; '
      + 'a function in a VPC that was idle for weeks needs minutes to get a network interface, and until then every attempt fails',
    inVpc(() => ({}), { deliveryWindow: Duration.seconds(599) }),
  ],
];

test.each(refused.map(([message, props]) => ({ message, props })))('is refused: $message', ({ message, props }) => {
  expect(() => synth(props)).toThrow(refusal(message));
});

const OF_ISOLATED = 'vpcSubnets of deliveryNetwork are isolated (DataSubnet1, DataSubnet2), and the VPC has no ';
const NO_LINK = 'no link to a result can be made and every callback that has one fails with DeliveryDependencyFailed; call ';
const WARNINGS: Readonly<Record<string, string>> = {
  secretsManagerRoute: `${OF_ISOLATED}interface endpoint of Secrets Manager, so that the signing secret cannot be read and every callback fails with DeliveryDependencyFailed; `
    + "call vpc.addInterfaceEndpoint('Secrets', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER }), or choose subnets with a NAT gateway",
  stsRoute: `${OF_ISOLATED}interface endpoint of STS, so that ${NO_LINK}`
    + "vpc.addInterfaceEndpoint('Sts', { service: InterfaceVpcEndpointAwsService.STS }), or choose subnets with a NAT gateway",
  s3Route: `${OF_ISOLATED}endpoint of S3, so that ${NO_LINK}`
    + "vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 }), or choose subnets with a NAT gateway",
};
const ENDPOINTS: Readonly<Record<string, (vpc: Vpc) => void>> = {
  secretsManagerRoute: (vpc) => void vpc.addInterfaceEndpoint('Secrets', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER }),
  stsRoute: (vpc) => void vpc.addInterfaceEndpoint('Sts', { service: InterfaceVpcEndpointAwsService.STS }),
  s3Route: (vpc) => void vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 }),
};
const isolated = (...endpoints: string[]) => (stack: Stack): AsyncAthenaQueryApiProps => {
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'Data', subnetType: SubnetType.PRIVATE_ISOLATED }] });
  for (const name of endpoints) ENDPOINTS[name](vpc);
  return { deliveryNetwork: { vpc } };
};
const warningsOf = (props: (stack: Stack) => AsyncAthenaQueryApiProps) => (
  Annotations.fromStack(synth(props).stack).findWarning('*', Match.anyValue()).map(({ entry }) => String(entry.data))
);

test.each(Object.keys(WARNINGS))('warns of isolated subnets without %s', (name) => {
  const others = Object.keys(WARNINGS).filter((other) => other !== name);
  expect(warningsOf(isolated(...others))).toEqual([`${WARNINGS[name]} [ack: cdk-data-workflows:${name}]`]);
});

test('warns of no subnet from which all is reached, or may be', () => {
  expect(warningsOf(isolated(...Object.keys(WARNINGS)))).toEqual([]);
  expect(warningsOf((stack) => ({ deliveryNetwork: { vpc: new Vpc(stack, 'Vpc') } }))).toEqual([]);
  const ofOthers = warningsOf(inVpc(() => ({ vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } })));
  expect(ofOthers.filter((warning) => warning.includes('cdk-data-workflows'))).toEqual([]);
});
