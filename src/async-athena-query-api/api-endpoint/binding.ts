import { RestApiProps } from 'aws-cdk-lib/aws-apigateway';
import { IVpcEndpoint } from 'aws-cdk-lib/aws-ec2';

/** Where the API is called. */
export interface ApiEndpointBinding {
  readonly props: Pick<RestApiProps, 'endpointTypes' | 'endpointConfiguration'>;
  /** The only ones that requests may come through; undefined: they come over the internet. */
  readonly vpcEndpoints?: readonly IVpcEndpoint[];
}
