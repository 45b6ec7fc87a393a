import { arn, Environment, readEnvironment } from '../../../private/runtime/environment';
import { DeliveryErrorName } from '../../contracts/error-names';
import { TellKeysEnvironment } from '../../contracts/tell-keys';
import { DeliveryError } from '../../delivery/function/delivery-error';

/** What the construct tells the function. */
export interface TellKeysConfig {
  readonly signingSecretArn: string;
}

export function readConfig(environment: Environment): TellKeysConfig {
  return readEnvironment(environment, (variable) => ({
    signingSecretArn: variable(TellKeysEnvironment.SIGNING_SECRET_ARN, arn),
  }), (message) => new DeliveryError(DeliveryErrorName.INVALID_DELIVERY_EVENT, message));
}
