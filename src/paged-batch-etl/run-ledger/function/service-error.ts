import { LedgerError, passes } from './ledger-error';
import { errorCode } from '../../../private/runtime/error-code';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';

/**
 * What a refusal of a service is for a run. The message is ours: those of AWS show names of roles and accounts.
 *
 * @param service such as `DynamoDB`
 * @param deed what could not be done, such as `read the ledger`
 */
export function serviceError(error: unknown, service: string, deed: string): Error {
  // Those are no answers, but mistakes of ours.
  if (error instanceof LedgerError || error instanceof TypeError || error instanceof RangeError) return error;
  return passes(error)
    ? new LedgerError(PagedBatchEtlErrorName.LEDGER_UNAVAILABLE, `${service} was not available to ${deed}${errorCode(error)}`)
    : new LedgerError(PagedBatchEtlErrorName.LEDGER_REFUSED, `${service} refused to ${deed}${errorCode(error)}`);
}
