import { VpcConfiguration } from './function-configuration';
import { assertRoleMay } from './role-rights';
import { Authorize, AwsEnvironment, Caller } from '../aws/service';

/** Some interface: Lambda has none yet when it asks. */
const INTERFACE = 'network-interface/eni-00000000000000000';

/** Accounts that own subnets and security groups of shared VPCs, by their ids. All others are the account's own. */
export type NetworkOwners = Readonly<Record<string, string>>;

/** Fails, as CreateFunction does, for a role that may not manage network interfaces in these subnets. */
export async function assertNetworkInterfaces(
  vpc: VpcConfiguration, caller: Caller, authorize: Authorize, { partition, region, accountId }: AwsEnvironment, owners: NetworkOwners,
): Promise<void> {
  const arn = (resource: string, owner = accountId) => `arn:${partition}:ec2:${region}:${owner}:${resource}`;
  const places = [
    ...vpc.subnetIds.map((id) => arn(`subnet/${id}`, owners[id])),
    ...vpc.securityGroupIds.map((id) => arn(`security-group/${id}`, owners[id])),
  ];
  const needed = [
    ...[arn(INTERFACE), ...places].map((resource) => ({ action: 'CreateNetworkInterface', resource })),
    { action: 'DescribeNetworkInterfaces', resource: '*' },
    { action: 'DeleteNetworkInterface', resource: arn(INTERFACE) },
  ];
  for (const { action, resource } of needed) await assertRoleMay('EC2', action, resource, caller, authorize);
}
