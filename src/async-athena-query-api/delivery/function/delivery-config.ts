import { DeliveryError } from './delivery-error';
import { arn, Environment, readEnvironment, wholeNumberText } from '../../../private/runtime/environment';
import { jsonOf, listOf, matching, optional } from '../../../private/shape/json-shape';
import { CALLBACK_TIMEOUT_SECONDS, CallbackRules, callbackRules, DeliveryEnvironment, LINK_EXPIRY_SECONDS } from '../../contracts/deliver';
import { DeliveryErrorName } from '../../contracts/error-names';

/** What the construct tells the function. */
export interface DeliveryConfig {
  readonly signingSecretArn: string;
  readonly resultLocation: string;
  readonly formerResultLocations?: readonly string[];
  readonly resultBucketOwner: string;
  readonly resultKeyArn?: string;
  readonly resultKeyAlias?: string;
  readonly linkRoleArn: string;
  readonly linkExpirySeconds: number;
  readonly callbackRules: CallbackRules;
  readonly callbackTimeoutSeconds: number;
}

const bucketPrefix = matching(/^s3:\/\/[^/]+\/(.*\/)?$/, 'an S3 location that ends in a slash');
const accountId = matching(/^\d{12}$/, 'an account id');

export function readConfig(environment: Environment): DeliveryConfig {
  return readEnvironment(environment, (variable) => ({
    signingSecretArn: variable(DeliveryEnvironment.SIGNING_SECRET_ARN, arn),
    resultLocation: variable(DeliveryEnvironment.RESULT_LOCATION, bucketPrefix),
    formerResultLocations: variable(DeliveryEnvironment.FORMER_RESULT_LOCATIONS, optional(jsonOf(listOf(bucketPrefix)))),
    resultBucketOwner: variable(DeliveryEnvironment.RESULT_BUCKET_OWNER, accountId),
    resultKeyArn: variable(DeliveryEnvironment.RESULT_KEY_ARN, optional(arn)),
    resultKeyAlias: variable(DeliveryEnvironment.RESULT_KEY_ALIAS, optional(matching(/^alias\/.+$/, 'the name of an alias'))),
    linkRoleArn: variable(DeliveryEnvironment.LINK_ROLE_ARN, arn),
    linkExpirySeconds: variable(DeliveryEnvironment.LINK_EXPIRY_SECONDS, wholeNumberText(LINK_EXPIRY_SECONDS)),
    callbackRules: variable(DeliveryEnvironment.CALLBACK_RULES, jsonOf(callbackRules)),
    callbackTimeoutSeconds: variable(DeliveryEnvironment.CALLBACK_TIMEOUT_SECONDS, wholeNumberText(CALLBACK_TIMEOUT_SECONDS)),
  }), (message) => new DeliveryError(DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED, message));
}
