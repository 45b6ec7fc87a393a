import { Duration, Size } from 'aws-cdk-lib';
import type { S3TransportOptions } from './page-transport-options';
import { checkPrefix } from '../../private/synth/key-prefix';
import { REDRIVE_WINDOW } from '../../private/synth/redrive-window';
import { checkSize, InvalidPropError, refuseToken, theDefaultIs } from '../../private/synth/validation';

const FACTORY = 'PageTransport.s3';

export const DEFAULTS = { prefix: 'pages/', maxPageBytes: Size.mebibytes(16), retention: Duration.days(30), deletePages: false } as const;

/** Longer than a failed run can be redriven. */
const SHORTEST_RETENTION = REDRIVE_WINDOW.plus(Duration.days(1));

/** Of 20,000 items, each would have 50 KiB. Step Functions reads files of up to 10 GB. Source: Step Functions developer guide, "ItemReader". */
const MAX_PAGE_BYTES = { min: Size.mebibytes(1), max: Size.gibibytes(1) };

/** Refuses options that cannot work, and fills in the others. */
export function checkedS3Options({ bucket, prefix, maxPageBytes, retention, deletePages }: S3TransportOptions) {
  if (prefix !== undefined) checkPrefix(`prefix of ${FACTORY}`, prefix, DEFAULTS.prefix);
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

function checkRetention(retention: Duration): void {
  if (retention.isUnresolved()) return;
  const days = retention.toMilliseconds() / Duration.days(1).toMilliseconds();
  if (Number.isInteger(days) && days >= SHORTEST_RETENTION.toDays()) return;
  throw new InvalidPropError(
    `retention of ${FACTORY}`, retention.toHumanString(), `whole days, at least ${SHORTEST_RETENTION.toDays()}`,
    `a failed run can be redriven for ${REDRIVE_WINDOW.toDays()} days; deletePages removes a page as soon as it is processed`,
  );
}
