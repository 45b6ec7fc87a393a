import { arn, Variable, wholeNumberText } from '../../../private/runtime/environment';
import { jsonOf, listOf, matching, optional } from '../../../private/shape/json-shape';
import { LINK_EXPIRY_SECONDS, LinkEnvironment } from '../../contracts/result-link';

/** What the construct tells every function that makes links to results. */
export interface LinkConfig {
  readonly resultLocation: string;
  readonly formerResultLocations?: readonly string[];
  readonly resultBucketOwner: string;
  readonly resultKeyArn?: string;
  readonly resultKeyAlias?: string;
  readonly linkRoleArn: string;
  readonly linkExpirySeconds: number;
}

const bucketPrefix = matching(/^s3:\/\/[^/]+\/(.*\/)?$/, 'an S3 location that ends in a slash');
const accountId = matching(/^\d{12}$/, 'an account id');

export function readLinkConfig(variable: Variable): LinkConfig {
  return {
    resultLocation: variable(LinkEnvironment.RESULT_LOCATION, bucketPrefix),
    formerResultLocations: variable(LinkEnvironment.FORMER_RESULT_LOCATIONS, optional(jsonOf(listOf(bucketPrefix)))),
    resultBucketOwner: variable(LinkEnvironment.RESULT_BUCKET_OWNER, accountId),
    resultKeyArn: variable(LinkEnvironment.RESULT_KEY_ARN, optional(arn)),
    resultKeyAlias: variable(LinkEnvironment.RESULT_KEY_ALIAS, optional(matching(/^alias\/.+$/, 'the name of an alias'))),
    linkRoleArn: variable(LinkEnvironment.LINK_ROLE_ARN, arn),
    linkExpirySeconds: variable(LinkEnvironment.LINK_EXPIRY_SECONDS, wholeNumberText(LINK_EXPIRY_SECONDS)),
  };
}
