import { RestApi } from './definition';
import { AwsEnvironment } from '../aws/service';
import { ReceivedRequest } from '../http/received-request';

/**
 * The VPC endpoint that a request came through, known by the name it was sent to: that of the API at an endpoint which is associated with it, or
 * that of any endpoint, with the id of the API in a header. Undefined: it came over the internet. Source: API Gateway developer guide, "Invoke a
 * private API".
 */
export function vpcEndpointOf(
  { headers }: ReceivedRequest, { id, vpcEndpoints = [] }: RestApi, { region, urlSuffix }: AwsEnvironment,
): string | undefined {
  const [host] = (headers.host ?? '').split(':');
  const [label, ...domain] = host.split('.');
  const domainName = domain.join('.');
  if (domainName === `execute-api.${region}.${urlSuffix}`) return vpcEndpoints.find((endpoint) => label === `${id}-${endpoint}`);
  const endpoint = domainName === `execute-api.${region}.vpce.${urlSuffix}` ? /^(vpce-[0-9a-f]+)(-|$)/.exec(label)?.[1] : undefined;
  return headers['x-apigw-api-id'] === id ? endpoint : undefined;
}
