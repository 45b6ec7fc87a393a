import { Delivered, outcomeIn } from './delivered';
import { Execution, noSuchQuery, Patience } from './execution';
import { Progress, progressOf } from './progress';
import { QueryCloud } from './query-cloud';
import { Refusal, tryAgain } from './refusal';
import { QueryExecution } from '../../contracts/workflow-state';
import { dependency } from '../../delivery/function/delivery-error';
import { Delivery, parseQueryExecution } from '../../delivery/function/parse-event';
import { LinkServices, settledOutcome } from '../../delivery/function/query-result';

/** How a query stands. */
export type QueryStanding =
  /** Athena has not accepted it yet. */
  | { readonly stage: 'waiting' }
  | { readonly stage: 'unfinished'; readonly query: QueryExecution }
  /** The callback says this, or will; `delivered` where all that remains to be done is no delivery. */
  | { readonly stage: 'ended'; readonly delivered?: true } & Delivered;

/** Reason of a query whose workflow was stopped before Athena accepted it. */
const NOT_STARTED = 'NotStarted';

const ENDED: readonly string[] = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

/**
 * Finds out how a query stands: by the output of the execution, else by what the delivery was told, else by Athena. So what is told is what the callback
 * says, as soon as that is known.
 */
export async function standingOfQuery(
  queryId: string, execution: Execution, cloud: QueryCloud, world: Patience & LinkServices,
): Promise<QueryStanding> {
  const delivered = outcomeIn(execution.output);
  if (delivered !== undefined) return { stage: 'ended', ...delivered };
  const progress = await progressOf(execution, cloud, world);
  return fromProgress(queryId, execution, progress, cloud, world);
}

async function fromProgress(
  queryId: string, execution: Execution, progress: Progress, cloud: QueryCloud, world: LinkServices,
): Promise<QueryStanding> {
  const started = new Date(execution.startedAt).toISOString();
  const asDelivery = (State: Delivery['State']): Delivery => ({
    QueryId: queryId,
    StartTime: started,
    DeliveryTime: new Date(execution.endedAt ?? world.now()).toISOString(),
    ClientReference: execution.clientReference,
    ResultFormat: execution.resultFormat,
    State,
  });
  switch (progress.stage) {
    case 'delivery':
      return ended(progress.delivery, world);
    case 'delivered':
      return { ...progress.delivered, stage: 'ended', delivered: true };
    case 'started': {
      const { queryExecutionId: QueryExecutionId } = progress;
      const answer = await dependency('Athena GetQueryExecution', () => cloud.queryExecution(QueryExecutionId));
      if (answer === undefined) throw forgotten(execution);
      const query = parseQueryExecution(answer, tryAgain);
      if (!ENDED.includes(query.Status.State)) return { stage: 'unfinished', query };
      return ended(asDelivery({ AthenaRequest: { QueryExecutionId }, AthenaResult: { QueryExecution: query } }), world);
    }
    case 'waiting':
      return execution.delivery === 'PENDING' ? { stage: 'waiting' } : ended(asDelivery({ StartError: { Error: NOT_STARTED } }), world);
  }
}

/** Athena keeps queries for 45 days, Step Functions executions for 90: of one that was never delivered, nobody knows any more how it ended. */
function forgotten({ delivery }: Execution): Refusal {
  const logged = 'Athena does not know the query';
  return delivery === 'PENDING' ? tryAgain(logged) : noSuchQuery(`NoSuchQuery: ${logged}`);
}

async function ended(delivery: Delivery, world: LinkServices): Promise<QueryStanding> {
  const outcome = await settledOutcome(delivery, world);
  return { stage: 'ended', outcome, outputLocation: delivery.State.AthenaResult?.QueryExecution.ResultConfiguration?.OutputLocation };
}
