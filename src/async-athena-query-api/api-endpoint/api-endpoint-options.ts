import { IInterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';

/** Options of `ApiEndpoint.privateEndpoint`. */
export interface PrivateEndpointOptions {
  /**
   * Interface VPC endpoints of `execute-api` in the Region of the API, 1 to 50: requests come in through them and in no other way. They can be in VPCs of other
   * accounts, looked up by their ids.
   */
  readonly vpcEndpoints: IInterfaceVpcEndpoint[];
}
