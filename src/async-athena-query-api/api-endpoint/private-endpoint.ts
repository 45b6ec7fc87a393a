import { Token } from 'aws-cdk-lib';
import { EndpointType } from 'aws-cdk-lib/aws-apigateway';
import { PrivateEndpointOptions } from './api-endpoint-options';
import { ApiEndpointBinding } from './binding';
import { checkText, InvalidPropError } from '../../private/synth/validation';

/** Beside 100 accounts, this many fit into the 8,192 bytes of a policy of an API. Source: API Gateway developer guide, "Quotas for configuring and running a REST API". */
export const MAX_VPC_ENDPOINTS = 50;

const VPC_ENDPOINTS = 'vpcEndpoints of ApiEndpoint.privateEndpoint';

/** API Gateway gives the API a name at each VPC endpoint that is associated with it. */
export function privateEndpoint({ vpcEndpoints }: PrivateEndpointOptions): ApiEndpointBinding {
  if (vpcEndpoints.length === 0 || vpcEndpoints.length > MAX_VPC_ENDPOINTS) {
    throw new InvalidPropError(
      VPC_ENDPOINTS, `${vpcEndpoints.length} VPC endpoints`, `1 to ${MAX_VPC_ENDPOINTS} VPC endpoints`,
      vpcEndpoints.length === 0 ? 'nobody could call the API: name one, or use ApiEndpoint.regional()' : 'have VPCs share an endpoint, such as over a transit gateway',
    );
  }
  const ids = vpcEndpoints.map(({ vpcEndpointId }) => vpcEndpointId);
  for (const [index, id] of ids.entries()) {
    checkText(`every one of ${VPC_ENDPOINTS}`, id, /^vpce-[0-9a-f]+$/, 'one with an id such as vpce-0123456789abcdef0', 'give the id, and not its DNS name');
    if (!Token.isUnresolved(id) && ids.indexOf(id) !== index) {
      throw new InvalidPropError(`every one of ${VPC_ENDPOINTS}`, id, 'there once', 'leave out the others');
    }
  }
  return { props: { endpointConfiguration: { types: [EndpointType.PRIVATE], vpcEndpoints: [...vpcEndpoints] } }, vpcEndpoints };
}
