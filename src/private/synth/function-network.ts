import { Aws } from 'aws-cdk-lib';
import { Connections, ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { InvalidPropError } from './validation';

/** Where a function is. */
export interface FunctionNetwork {
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: ISecurityGroup[];
}

/**
 * Refuses public subnets: the network interface of a function has no public address, so nothing leads from there to the internet.
 *
 * @param of what has `vpcSubnets`, for messages
 */
export function refusePublicSubnets(of: string, { vpc, vpcSubnets }: FunctionNetwork): void {
  if (vpc === undefined) return;
  const publicSubnets = new Set(vpc.publicSubnets.map(({ subnetId }) => subnetId));
  const chosen = vpc.selectSubnets(vpcSubnets).subnets.filter(({ subnetId }) => publicSubnets.has(subnetId));
  if (chosen.length === 0) return;
  throw new InvalidPropError(
    `vpcSubnets of ${of}`, `the public subnets ${chosen.map(({ node: { id } }) => id).join(', ')}`, 'private or isolated subnets',
    'a function has no public address, so choose subnets with a route to a NAT gateway, as with { subnetType: SubnetType.PRIVATE_WITH_EGRESS }',
  );
}

/**
 * Network connections of a function; refuses to tell them where it is in no VPC.
 *
 * @param prop what would put it into one, for messages
 */
export function connectionsOf(inVpc: IFunction, prop: string, fix: string): Connections {
  if (inVpc.isBoundToVpc) return inVpc.connections;
  throw new InvalidPropError(prop, 'nothing', 'given before its connections are used', fix);
}

/** What Lambda does in the name of a function to give it an address in a VPC. */
export function workInVpc(): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:UnassignPrivateIpAddresses'],
      // Lambda checks these rights for interfaces, subnets and groups of the account before it knows which. A wildcard cannot stand for the type
      // alone (source: IAM user guide, "Using wildcards in ARNs").
      resources: [`arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:*`],
    }),
    new PolicyStatement({
      actions: ['ec2:CreateNetworkInterface'],
      // Subnets and groups of a shared VPC carry the account of their owner, which nobody knows here; the interface is always of this account.
      resources: ['subnet', 'security-group'].map((type) => `arn:${Aws.PARTITION}:ec2:${Aws.REGION}:*:${type}/*`),
    }),
    // EC2 offers no narrower resource for these two.
    new PolicyStatement({ actions: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'], resources: ['*'] }),
  ];
}
