import { ec2Resources } from '../../../local/ec2/resources';
import { JsonObject } from '../../../local/json';
import { createResource } from '../iam/create-resource';

const create = async (type: string, properties: JsonObject, logicalId = 'Thing', reported: string[] = []) => (
  createResource(ec2Resources((resource) => reported.push(resource)), `AWS::EC2::${type}`, properties, logicalId)
);

test('ids look like those of EC2, differ by resource and are the same in every run', async () => {
  const [vpc, again, other] = [await create('VPC', {}, 'A'), await create('VPC', {}, 'A'), await create('VPC', {}, 'B')];
  expect(vpc.ref).toMatch(/^vpc-[0-9a-f]{17}$/);
  expect(again).toEqual(vpc);
  expect(other.ref).not.toBe(vpc.ref);
});

test.each<[string, JsonObject, string, JsonObject]>([
  ['VPC', { CidrBlock: '10.0.0.0/16' }, 'vpc-', { CidrBlock: '10.0.0.0/16', DefaultSecurityGroup: expect.stringMatching(/^sg-/) }],
  ['Subnet', { VpcId: 'vpc-1', AvailabilityZone: 'eu-west-1a' }, 'subnet-', { VpcId: 'vpc-1', AvailabilityZone: 'eu-west-1a' }],
  ['Route', { RouteTableId: 'rtb-1', DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' }, 'rtb-1|0.0.0.0/0', {}],
  ['VPCGatewayAttachment', { VpcId: 'vpc-1', InternetGatewayId: 'igw-1' }, 'IGW|vpc-1', { AttachmentType: 'IGW' }],
  ['VPCGatewayAttachment', { VpcId: 'vpc-1', VpnGatewayId: 'vgw-1' }, 'VGW|vpc-1', {}],
  ['EIP', { Domain: 'vpc' }, '203.0.113.', { AllocationId: expect.stringMatching(/^eipalloc-/), PublicIp: expect.stringMatching(/^203\.0\.113\.\d+$/) }],
  ['NatGateway', { SubnetId: 'subnet-1', AllocationId: 'eipalloc-1' }, 'nat-', { NatGatewayId: expect.stringMatching(/^nat-/) }],
  ['SecurityGroup', { GroupDescription: 'x', VpcId: 'vpc-1' }, 'sg-', { VpcId: 'vpc-1', GroupId: expect.stringMatching(/^sg-/) }],
  ['VPCEndpoint', { VpcId: 'vpc-1', ServiceName: 's3', PolicyDocument: { Statement: [] } }, 'vpce-', {}],
])('%s answers references (%#)', async (type, properties, ref, attributes) => {
  const reported: string[] = [];
  const created = await create(type, properties, 'Thing', reported);
  expect(created.ref.startsWith(ref)).toBe(true);
  expect(created.attributes).toMatchObject(attributes);
  expect(reported).toEqual([`Thing (AWS::EC2::${type})`]);
});

test('an attribute that the template gives no value does not exist', async () => {
  expect((await create('Subnet', { VpcId: 'vpc-1' })).attributes).not.toHaveProperty('AvailabilityZone');
});

test.each<[string, string, JsonObject, string]>([
  ['a property that is missing', 'Subnet', {}, 'VpcId'],
  ['a property that there is not', 'VPC', { Colour: 'red' }, 'Colour'],
  ['a rule without a protocol', 'SecurityGroup', { GroupDescription: 'x', SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0' }] }, 'IpProtocol'],
  ['a rule with a property that there is not', 'SecurityGroup', { GroupDescription: 'x', SecurityGroupEgress: [{ IpProtocol: '-1', Colour: 'red' }] }, 'Colour'],
])('%s is refused', async (_, type, properties, message) => {
  await expect(create(type, properties)).rejects.toThrow(message);
});
