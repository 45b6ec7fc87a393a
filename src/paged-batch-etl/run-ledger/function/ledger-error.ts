import { memberOf } from '../../../private/runtime/member-of';
import type { PagedBatchEtlErrorName } from '../../contracts/error-names';

/**
 * How the function that keeps the ledger fails. The message says what to fix. There is no `cause`: errors of the SDK carry what they were called with.
 */
export class LedgerError extends Error {
  constructor(readonly name: PagedBatchEtlErrorName, message: string) {
    super(message);
  }
}

/** Refusals that pass by themselves, with whatever status they come. */
const PASSING = /Throttl|TooManyRequests|Throughput|LimitExceeded|InternalServerError|ServiceUnavailable|ExpiredToken|RequestTimeout/;

/** Whether a refusal of a service passes by itself: there was no answer, or one that says so. */
export function passes(error: unknown): boolean {
  const status = memberOf(memberOf(error, '$metadata'), 'httpStatusCode');
  return typeof status !== 'number' || status >= 500 || status === 408 || status === 429 || PASSING.test(String(memberOf(error, 'name')));
}
