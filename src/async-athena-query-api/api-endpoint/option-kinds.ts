import { PrivateEndpointOptions } from './api-endpoint-options';
import { list, OptionKinds, resource } from '../../private/synth/option-kinds';

const vpcEndpoint = resource(
  'vpcEndpointId', 'an interface VPC endpoint', 'make it with vpc.addInterfaceEndpoint(…), or look it up with InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(…)',
);

export const PRIVATE_ENDPOINT: OptionKinds<PrivateEndpointOptions> = { vpcEndpoints: list(vpcEndpoint) };
