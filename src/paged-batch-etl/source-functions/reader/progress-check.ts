import { memberOf } from '../../../private/runtime/member-of';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/**
 * Refuses a run that was started with the progress of one range of another run: all other ranges would be left out, and the run would succeed.
 *
 * @param progress as given in the input of the run
 * @param isOfRange whether a cursor is one within a range
 * @throws SourceError InvalidCursor
 */
export function refuseOneRange(progress: unknown, isOfRange: (cursor: string) => boolean): void {
  const cursor = memberOf(progress, 'cursor');
  if (memberOf(progress, 'ranges') !== undefined || typeof cursor !== 'string' || !isOfRange(cursor)) return;
  throw new SourceError(
    PagedBatchEtlErrorName.INVALID_CURSOR,
    'progress is that of a single range of a run with partitions, so that its other ranges would be left out. Start the run with resume, where there is a ledger, or '
    + 'without progress',
  );
}
