import { Duration } from 'aws-cdk-lib';
import { DeliveryNetwork } from './delivery-network';
import { refusePublicSubnets } from '../../private/synth/function-network';
import { InvalidPropError } from '../../private/synth/validation';

/**
 * Shortest `deliveryWindow` of a function in a VPC. Its network interface is given up when it was idle for weeks, and until it has a new one, which takes minutes,
 * every invocation fails. Source: Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC".
 */
export const SHORTEST_WINDOW_IN_VPC = Duration.minutes(10);

/** What the network is checked against. */
export interface NetworkUse {
  /** Ranges that callbacks may reach only from within a network. */
  readonly privateAddresses?: readonly string[];
  /** As given; the default is long enough. */
  readonly deliveryWindow?: Duration;
}

/** Refuses a network that cannot work, and what needs one where there is none. */
export function checkDeliveryNetwork(network: DeliveryNetwork | undefined, { privateAddresses = [], deliveryWindow }: NetworkUse): void {
  if (network === undefined) {
    if (privateAddresses.length === 0) return;
    throw new InvalidPropError(
      'privateAddresses of CallbackPolicy.hosts', privateAddresses, 'given together with deliveryNetwork',
      'name the VPC that these addresses are reached from: deliveryNetwork: { vpc }',
    );
  }
  const { securityGroups, allowAllOutbound, ipv6AllowedForDualStack } = network;
  if (securityGroups !== undefined && allowAllOutbound !== undefined) {
    throw new InvalidPropError('allowAllOutbound of deliveryNetwork', 'both it and securityGroups', 'left out for your own security groups', 'set it on each of them');
  }
  if (securityGroups?.length === 0) {
    throw new InvalidPropError('securityGroups of deliveryNetwork', [], 'a list of at least one security group', 'leave it out for a new one');
  }
  refusePublicSubnets('deliveryNetwork', network);
  const ipv6 = privateAddresses.find((range) => range.includes(':'));
  if (ipv6 !== undefined && ipv6AllowedForDualStack !== true) {
    throw new InvalidPropError(
      'every range in privateAddresses of CallbackPolicy.hosts', ipv6, 'of IPv4 addresses for a function that has no IPv6',
      'set ipv6AllowedForDualStack of deliveryNetwork, or leave the range out',
    );
  }
  if (deliveryWindow !== undefined && deliveryWindow.toSeconds() < SHORTEST_WINDOW_IN_VPC.toSeconds()) {
    throw new InvalidPropError(
      'deliveryWindow', deliveryWindow.toHumanString(), `at least ${SHORTEST_WINDOW_IN_VPC.toHumanString()} together with deliveryNetwork`,
      'a function in a VPC that was idle for weeks needs minutes to get a network interface, and until then every attempt fails',
    );
  }
}
