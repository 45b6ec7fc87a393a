import { DeliveryNetwork } from './delivery-network';
import { flag, list, optional, OptionKinds, securityGroup, subnetSelection, vpc } from '../../private/synth/option-kinds';

export const DELIVERY_NETWORK_KINDS: OptionKinds<DeliveryNetwork> = {
  vpc,
  vpcSubnets: optional(subnetSelection),
  securityGroups: optional(list(securityGroup)),
  allowAllOutbound: optional(flag),
  ipv6AllowedForDualStack: optional(flag),
};
