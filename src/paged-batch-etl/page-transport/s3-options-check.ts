import { Duration, Size, Token } from 'aws-cdk-lib';
import type { S3TransportOptions } from './page-transport-options';
import { REDRIVE_WINDOW } from '../../private/synth/redrive-window';
import { checkSize, checkText, InvalidPropError, refuseToken, theDefaultIs } from '../../private/synth/validation';

const FACTORY = 'PageTransport.s3';

export const DEFAULTS = { prefix: 'pages/', maxPageBytes: Size.mebibytes(16), retention: Duration.days(30), deletePages: false } as const;

/** Leaves room for the rest of a key. Source: S3 user guide, keys of up to 1,024 bytes. */
const MAX_PREFIX_LENGTH = 512;

/** Longer than a failed run can be redriven. */
const SHORTEST_RETENTION = REDRIVE_WINDOW.plus(Duration.days(1));

/** Of 20,000 items, each would have 50 KiB. Step Functions reads files of up to 10 GB. Source: Step Functions developer guide, "ItemReader". */
const MAX_PAGE_BYTES = { min: Size.mebibytes(1), max: Size.gibibytes(1) };

/** Refuses options that cannot work, and fills in the others. */
export function checkedS3Options({ bucket, prefix, maxPageBytes, retention, deletePages }: S3TransportOptions) {
  if (prefix !== undefined) checkPrefix(prefix);
  if (maxPageBytes !== undefined) {
    refuseToken(`maxPageBytes of ${FACTORY}`, maxPageBytes.isUnresolved(), 'the source function is told a number of bytes');
    checkSize(`maxPageBytes of ${FACTORY}`, maxPageBytes, MAX_PAGE_BYTES, theDefaultIs(DEFAULTS.maxPageBytes));
  }
  if (retention !== undefined) {
    if (bucket !== undefined) {
      throw new InvalidPropError(`retention of ${FACTORY}`, 'both it and bucket', 'left out for your own bucket', 'add a lifecycle rule to that bucket instead');
    }
    checkRetention(retention);
  }
  return {
    bucket,
    prefix: prefix ?? DEFAULTS.prefix,
    maxPageBytes: maxPageBytes ?? DEFAULTS.maxPageBytes,
    retention: retention ?? DEFAULTS.retention,
    deletePages: deletePages ?? DEFAULTS.deletePages,
  };
}

/** As the prefix of results in `AsyncAthenaQueryApi`: in policies, other characters could be wildcards. */
function checkPrefix(prefix: string): void {
  const [what, fix] = [`prefix of ${FACTORY}`, `such as \`${DEFAULTS.prefix}\``];
  checkText(what, prefix, /^(?:[A-Za-z0-9!_.()'-]+\/)+$/, 'a key prefix that ends in a slash and does not start with one', fix);
  if (Token.isUnresolved(prefix)) return;
  if (/(^|\/)\.\.?\//.test(prefix) || prefix.length > MAX_PREFIX_LENGTH) {
    throw new InvalidPropError(what, prefix, `up to ${MAX_PREFIX_LENGTH} characters without the steps . and ..`, fix);
  }
}

function checkRetention(retention: Duration): void {
  if (retention.isUnresolved()) return;
  const days = retention.toMilliseconds() / Duration.days(1).toMilliseconds();
  if (Number.isInteger(days) && days >= SHORTEST_RETENTION.toDays()) return;
  throw new InvalidPropError(
    `retention of ${FACTORY}`, retention.toHumanString(), `whole days, at least ${SHORTEST_RETENTION.toDays()}`,
    `a failed run can be redriven for ${REDRIVE_WINDOW.toDays()} days; deletePages removes a page as soon as it is processed`,
  );
}
