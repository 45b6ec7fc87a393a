import { memberOf } from '../../../private/runtime/member-of';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** A bucket that a function of ours uses, and how its troubles are told. */
export interface BucketTold {
  readonly what: string;
  /** What is stored in it. */
  readonly thing: string;
  /** Whose role needs rights to it, and which. */
  readonly user: string;
  readonly may: string;
  readonly unavailable: PagedBatchEtlErrorName;
  readonly refused: PagedBatchEtlErrorName;
}

export const PAGES: BucketTold = {
  what: 'bucket of pages',
  thing: 'a page',
  user: 'source function',
  may: 'read, write, delete and list',
  unavailable: PagedBatchEtlErrorName.PAGE_BUCKET_UNAVAILABLE,
  refused: PagedBatchEtlErrorName.PAGE_BUCKET_REFUSED,
};

/** Where a replay reads letters of. */
export const LETTERS: BucketTold = {
  what: 'bucket of dead letters',
  thing: 'letters',
  user: 'source function',
  may: 'read and list letters, and write receipts',
  unavailable: PagedBatchEtlErrorName.DEAD_LETTERS_UNAVAILABLE,
  refused: PagedBatchEtlErrorName.DEAD_LETTERS_REFUSED,
};

/** Codes of refusals that pass by themselves, with whatever status they come. */
const PASSING = /^(?:SlowDown|RequestTimeout|RequestTimeoutException|OperationAborted|ConditionalRequestConflict|NoSuchUpload|ExpiredToken|InternalError|ServiceUnavailable|.*Throttl.*|TooManyRequests.*)$/;

/** The code of the service, or the status where an answer has no body, as to HEAD; undefined for neither. */
export function codeOf(error: unknown): string | undefined {
  const name = memberOf(error, 'name');
  if (typeof name === 'string' && /^[A-Z][A-Za-z]{2,40}(?:\.[A-Z][A-Za-z]{2,60})?$/.test(name) && name !== 'Error') return name;
  const status = statusOf(error);
  return status === undefined ? undefined : String(status);
}

export function statusOf(error: unknown): number | undefined {
  const status = memberOf(memberOf(error, '$metadata'), 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
}

/**
 * What a refusal of S3 is for a run: one that passes, for which it waits as it does for a server, or one that somebody has to do something about. The
 * message is ours: those of S3 show names of keys, roles and accounts.
 *
 * @param deed what could not be done, such as `store a page`
 */
export function storeError(error: unknown, deed: string, bucket: BucketTold = PAGES): Error {
  // Those are no answers, but mistakes of ours.
  if (error instanceof SourceError || error instanceof TypeError || error instanceof RangeError) return error;
  const [code, status] = [codeOf(error), statusOf(error)];
  const label = code === undefined ? '' : ` (${code})`;
  if (status === undefined || status >= 500 || status === 408 || status === 429 || (code !== undefined && PASSING.test(code))) {
    const reach = status === undefined ? '; a function in a VPC reaches S3 by a gateway endpoint or through NAT' : '';
    return new SourceError(bucket.unavailable, `The ${bucket.what} was not available to ${deed}${label}${reach}`);
  }
  return new SourceError(bucket.refused, `The ${bucket.what} refused to ${deed}${label}${adviceOn(code, status, bucket)}`);
}

/**
 * The error for a call that is not begun. Reading a page leaves time for storing it, so whoever took that was the bucket.
 *
 * @param deed what could not be done, such as `store a page`
 */
export function tooLateFor(deed: string, { what, user, unavailable }: BucketTold = PAGES): SourceError {
  const orTimeout = user === PAGES.user ? ', or the timeout of the source is too short' : '';
  return new SourceError(unavailable, `Too little time was left to ${deed}: the ${what} was slow${orTimeout}`);
}

function adviceOn(code: string | undefined, status: number, { user, may }: BucketTold): string {
  if (code === 'NoSuchBucket') return '; there is no such bucket';
  if (code?.startsWith('KMS.') === true) return `; its key has to be enabled, and usable by the role of the ${user}`;
  if (status === 403) return `; the role of the ${user} may ${may}, unless the policy of the bucket, its key or the organisation forbids it`;
  return '';
}
