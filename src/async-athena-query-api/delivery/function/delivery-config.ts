import { DeliveryError } from './delivery-error';
import { LinkConfig, readLinkConfig } from './link-config';
import { arn, Environment, readEnvironment, wholeNumberText } from '../../../private/runtime/environment';
import { jsonOf, oneOf, optional } from '../../../private/shape/json-shape';
import { CALLBACK_TIMEOUT_SECONDS, CallbackRules, callbackRules, DeliveryEnvironment, SIGNATURE_VERSIONS, SignatureVersion } from '../../contracts/deliver';
import { DeliveryErrorName } from '../../contracts/error-names';

/** What the construct tells the function. */
export interface DeliveryConfig extends LinkConfig {
  readonly signingSecretArn: string;
  /** Undefined for `v1`. */
  readonly signatureVersion?: SignatureVersion;
  readonly callbackRules: CallbackRules;
  readonly callbackTimeoutSeconds: number;
}

export function readConfig(environment: Environment): DeliveryConfig {
  return readEnvironment(environment, (variable) => ({
    signingSecretArn: variable(DeliveryEnvironment.SIGNING_SECRET_ARN, arn),
    signatureVersion: variable(DeliveryEnvironment.SIGNATURE_VERSION, optional(oneOf(...SIGNATURE_VERSIONS))),
    ...readLinkConfig(variable),
    callbackRules: variable(DeliveryEnvironment.CALLBACK_RULES, jsonOf(callbackRules)),
    callbackTimeoutSeconds: variable(DeliveryEnvironment.CALLBACK_TIMEOUT_SECONDS, wholeNumberText(CALLBACK_TIMEOUT_SECONDS)),
  }), (message) => new DeliveryError(DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED, message));
}
