import { errorCode } from '../../private/runtime/error-code';
import { PagedBatchEtlErrorName } from '../contracts/error-names';

/**
 * How reading a page fails. Lambda reports `name` as the error type, which the workflow's Retry matches.
 *
 * The message ends up in the execution history, and says what to change: it names fields, indexes and identifiers of items, never other
 * content of a document, and never where the source is or a secret. For the same reason there is no `cause`.
 */
export class SourceError extends Error {
  constructor(readonly name: PagedBatchEtlErrorName, message: string) {
    super(message);
  }
}

/** Nothing but our own errors is ever shown. What nobody has foreseen is final: it fails the same way when it is tried again. */
export function asSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  return new SourceError(PagedBatchEtlErrorName.SOURCE_REFUSED, `The source function failed${errorCode(error)}`);
}
