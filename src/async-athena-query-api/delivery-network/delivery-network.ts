import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

/**
 * Where in a VPC the delivery function is.
 *
 * Choose it where receivers are inside your network, or let in only the address of your NAT gateway. Without it, callbacks come from addresses of Lambda, which
 * change.
 */
export interface DeliveryNetwork {
  /** VPC that the delivery function runs in. */
  readonly vpc: IVpc;

  /**
   * Subnets that the delivery function runs in, not public ones. They need a way to the receivers, to Secrets Manager, STS and S3: a NAT gateway, or interface
   * endpoints of the first two and a gateway endpoint of S3.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Security groups of the delivery function.
   *
   * @default - a new one, which is the construct's `connections`
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Whether the new security group lets the function connect to everything. If not, allow it TCP port 443 of the receivers, Secrets Manager, STS and S3 by the
   * construct's `connections`. Not together with `securityGroups`.
   *
   * @default true
   */
  readonly allowAllOutbound?: boolean;

  /**
   * Whether the function can connect to IPv6 addresses as well. Each of its subnets must then have ranges of both kinds.
   *
   * @default false
   */
  readonly ipv6AllowedForDualStack?: boolean;
}
