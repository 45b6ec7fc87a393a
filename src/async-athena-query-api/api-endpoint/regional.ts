import { EndpointType } from 'aws-cdk-lib/aws-apigateway';
import { ApiEndpointBinding } from './binding';

/** The default of API Gateway, EDGE, does not exist in every partition. */
export function regionalEndpoint(): ApiEndpointBinding {
  return { props: { endpointTypes: [EndpointType.REGIONAL] } };
}
