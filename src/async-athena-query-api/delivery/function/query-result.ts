import { describeOutcome } from './callback-body';
import { DeliveryError } from './delivery-error';
import type { LinkConfig } from './link-config';
import { LinkCloud } from './link-session';
import { Delivery } from './parse-event';
import { bytesOf, makeResultFiles } from './result-files';
import { isNamedOnly, manifestOf } from './result-kind';
import { lookedUpKind, makeResultLink } from './result-link';
import { CallbackBody } from '../../contracts/callback';
import { Outcome } from '../../contracts/deliver';
import { DeliveryErrorName } from '../../contracts/error-names';

/** What links are made with. */
export interface LinkServices {
  readonly config: LinkConfig;
  readonly linkCloud: LinkCloud;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What the callback says but for links, after a look at an object of which only a name says that it is there. */
export async function settledOutcome(delivery: Delivery, { config, linkCloud, now }: LinkServices): Promise<Outcome> {
  const outcome = describeOutcome(delivery);
  const query = delivery.State.AthenaResult?.QueryExecution;
  if (query === undefined || !isNamedOnly(query, outcome.ResultKind)) return outcome;
  return { ...outcome, ResultKind: await lookedUpKind(delivery.QueryId, query, config, linkCloud, now()) };
}

/** The links of a callback; undefined where there is nothing that a link could be made to. */
export async function queryResult(
  { QueryId, ResultFormat, State: { AthenaResult } }: Delivery, outcome: Outcome, { config, linkCloud, now }: LinkServices,
): Promise<CallbackBody['QueryResult']> {
  const query = AthenaResult?.QueryExecution;
  if (query === undefined || outcome.ResultKind === 'NONE') return undefined;
  if (outcome.ResultKind === 'OBJECT') return makeResultLink(QueryId, query, config, linkCloud, now());
  const written = { queryId: QueryId, queryExecutionId: query.QueryExecutionId, format: ResultFormat, manifest: manifestOf(query.Statistics) };
  try {
    return await makeResultFiles(written, undefined, bytesOf({ ...outcome, QueryResult: 0 }), config, linkCloud);
  } catch (error) {
    // Whoever asked for no files is told how the query ended all the same.
    if (error instanceof DeliveryError && mayBeUnknown(error.name, ResultFormat === undefined)) return undefined;
    throw error;
  }
}

/** Whether a callback is sent without links for want of them: the table that a statement wrote to is its result, while of files that were asked for, it says that they are gone. */
function mayBeUnknown(error: DeliveryErrorName, ofTable: boolean): boolean {
  return error === DeliveryErrorName.RESULT_NOT_DELIVERABLE || (ofTable && error === DeliveryErrorName.RESULT_EXPIRED);
}
