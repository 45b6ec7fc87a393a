import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** The error of a run that reads nothing, where it must not. */
export function emptyRun(): SourceError {
  return new SourceError(
    PagedBatchEtlErrorName.EMPTY_RUN, 'There is nothing to read: check the dates of the run, the filter, and the names of database and collection',
  );
}
