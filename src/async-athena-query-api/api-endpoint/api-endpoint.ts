import { PrivateEndpointOptions } from './api-endpoint-options';
import { ApiEndpointBinding } from './binding';
import { PRIVATE_ENDPOINT } from './option-kinds';
import { privateEndpoint } from './private-endpoint';
import { regionalEndpoint } from './regional';
import { checkOptions } from '../../private/synth/option-kinds';

/** Where the API is called. */
export class ApiEndpoint {
  /**
   * Requests come over the internet, to a name in the Region of the API. Who may call, `submitAccess` says.
   *
   * Choose this, the default, wherever callers can reach the internet.
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', { endpoint: ApiEndpoint.regional() });
   */
  public static regional(): ApiEndpoint {
    return new ApiEndpoint(regionalEndpoint());
  }

  /**
   * Requests come through VPC endpoints that you name, and in no other way: a policy of the API denies all others. Who may call, `submitAccess` says as ever.
   *
   * Choose this for callers in VPCs without a way to the internet, and where the company asks for APIs that the internet does not reach. An interface VPC
   * endpoint of `execute-api` is yours to make; AWS charges for it by the hour.
   *
   * @example
   * declare const vpc: ec2.IVpc;
   *
   * const apis = vpc.addInterfaceEndpoint('Apis', { service: ec2.InterfaceVpcEndpointAwsService.APIGATEWAY });
   *
   * new AsyncAthenaQueryApi(this, 'Queries', { endpoint: ApiEndpoint.privateEndpoint({ vpcEndpoints: [apis] }) });
   */
  public static privateEndpoint(options: PrivateEndpointOptions): ApiEndpoint {
    return new ApiEndpoint(privateEndpoint(checkOptions('ApiEndpoint.privateEndpoint', options, PRIVATE_ENDPOINT)));
  }

  /** @internal */
  public readonly _binding: ApiEndpointBinding;

  private constructor(binding: ApiEndpointBinding) {
    this._binding = binding;
  }
}
