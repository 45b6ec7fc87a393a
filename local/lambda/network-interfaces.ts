import { VpcConfiguration } from './function-configuration';
import { Authorize, AwsEnvironment, Caller, ServiceError } from '../aws/service';

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
  for (const { action, resource } of needed) {
    try {
      await authorize({ action: `ec2:${action}`, resource }, { caller });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const message = `The provided execution role does not have permissions to call ${action} on EC2`;
      throw new ServiceError('InvalidParameterValueException', message, 400, { Type: 'User' });
    }
  }
}
