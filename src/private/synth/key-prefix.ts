import { Token } from 'aws-cdk-lib';
import { checkText, InvalidPropError } from './validation';

/** Leaves room for the rest of a key. Source: S3 user guide, keys of up to 1,024 bytes. */
const MAX_PREFIX_LENGTH = 512;

/** Checks the prefix of keys in a bucket. As the prefix of results in `AsyncAthenaQueryApi`: in policies, other characters could be wildcards. */
export function checkPrefix(what: string, prefix: string, example: string): void {
  const fix = `such as \`${example}\``;
  checkText(what, prefix, /^(?:[A-Za-z0-9!_.()'-]+\/)+$/, 'a key prefix that ends in a slash and does not start with one', fix);
  if (Token.isUnresolved(prefix)) return;
  if (/(^|\/)\.\.?\//.test(prefix) || prefix.length > MAX_PREFIX_LENGTH) {
    throw new InvalidPropError(what, prefix, `up to ${MAX_PREFIX_LENGTH} characters without the steps . and ..`, fix);
  }
}
