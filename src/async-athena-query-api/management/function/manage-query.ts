import { notOwner, Standing, standingOf } from './callers';
import { Execution, findExecution, Patience } from './execution';
import { fetchResult } from './fetch-result';
import type { ManagementConfig } from './management-config';
import { Management, parseEvent } from './parse-event';
import { QueryCloud } from './query-cloud';
import { QueryStanding, standingOfQuery } from './query-standing';
import { Refusal, tryAgain } from './refusal';
import { errorCode } from '../../../private/runtime/error-code';
import { DeliveryErrorName } from '../../contracts/error-names';
import { DeliveryState, ManageAnswer, QueryStatus } from '../../contracts/manage-query';
import { DeliveryError, dependency } from '../../delivery/function/delivery-error';
import { InvalidNextToken } from '../../delivery/function/file-token';
import { LinkCloud } from '../../delivery/function/link-session';

/** Everything the management of queries needs of the world. */
export interface ManagementServices extends Patience {
  readonly config: ManagementConfig;
  readonly queryCloud: QueryCloud;
  readonly linkCloud: LinkCloud;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Takes one line of JSON per request. It never says who asked, what was asked of Athena, or what came of it. */
  readonly log: (line: string) => void;
}

/** Answers one request about a query, whatever happens: API Gateway makes the HTTP answer of it. */
export async function manageQuery(input: unknown, services: ManagementServices): Promise<ManageAnswer> {
  const startedAt = services.now();
  let event: Management | undefined;
  const answered = (answer: ManageAnswer, outcome: string): ManageAnswer => {
    const QueryId = event !== undefined && /^[\w-]{1,80}$/.test(event.QueryId) ? event.QueryId : undefined;
    services.log(JSON.stringify({ QueryId, Operation: event?.Operation, Outcome: outcome, DurationMilliseconds: services.now() - startedAt }));
    return answer;
  };
  try {
    event = parseEvent(input);
    return answered(await perform(event, services), 'Done');
  } catch (thrown) {
    const refusal = asRefusal(thrown);
    return answered(refusal.answer, refusal.logged);
  }
}

async function perform(event: Management, services: ManagementServices): Promise<ManageAnswer> {
  const { config, queryCloud } = services;
  const { execution, caller } = await findExecution(
    config.workflowArn, event.QueryId, queryCloud, services, (ownerId) => standingOf(event, ownerId, config.queryReaders ?? []),
  );
  const standing = await standingOfQuery(event.QueryId, execution, queryCloud, services);
  switch (event.Operation) {
    case 'GetQuery': return { StatusCode: 200, Body: status(event.QueryId, execution, standing) };
    case 'GetQueryResult': return { StatusCode: 200, Body: await fetchResult(event, execution, standing, services) };
    case 'CancelQuery': return cancel(event.QueryId, caller, standing, services);
  }
}

/** What fails after the callback was delivered is an announcement. */
function deliveryOf({ hasCallback, delivery }: Execution, standing: QueryStanding): DeliveryState {
  if (!hasCallback) return 'NONE';
  return standing.stage === 'ended' && standing.delivered === true ? 'DELIVERED' : delivery;
}

function status(QueryId: string, execution: Execution, standing: QueryStanding): QueryStatus {
  const { startedAt, clientReference } = execution;
  const common = { QueryId, Delivery: deliveryOf(execution, standing), ClientReference: clientReference };
  switch (standing.stage) {
    case 'waiting': return { ...common, State: 'QUEUED', SubmissionDateTime: startedAt };
    case 'unfinished': {
      const { QueryExecutionId, Status, Statistics } = standing.query;
      return {
        ...common, State: Status.State === 'QUEUED' ? 'QUEUED' : 'RUNNING', QueryExecutionId, SubmissionDateTime: Status.SubmissionDateTime ?? startedAt, Statistics,
      };
    }
    // What the execution says itself is last: a delivery that an older release asked for does not have all of it.
    case 'ended': return { ...standing.outcome, ...standing.outcome.State, ...common };
  }
}

async function cancel(QueryId: string, caller: Standing, standing: QueryStanding, { config, queryCloud }: ManagementServices): Promise<ManageAnswer> {
  if (caller !== 'owner') throw notOwner();
  switch (standing.stage) {
    case 'ended': throw queryEnded();
    case 'waiting': {
      const minutes = Math.ceil(config.longestStartSeconds / 60);
      throw new Refusal('NotStarted', `Athena has not started the query yet; try again after some seconds. It takes ${minutes} minutes at most.`);
    }
    case 'unfinished':
      // The workflow sees that the query ends, and delivers what became of it.
      if (!await dependency('Athena StopQueryExecution', () => queryCloud.stopQuery(standing.query.QueryExecutionId))) throw queryEnded();
      return { StatusCode: 202, Body: { QueryId } };
  }
}

function queryEnded(): Refusal {
  return new Refusal('QueryEnded', 'The query has ended.');
}

function asRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  const unknown = (logged: string) => new Refusal('InternalError', 'The request could not be processed.', logged);
  if (thrown instanceof InvalidNextToken) return new Refusal('InvalidNextToken', 'The NextToken is not one that a page of this query has told.');
  if (!(thrown instanceof DeliveryError)) return unknown(`The management function failed${errorCode(thrown)}`);
  if (thrown.name === DeliveryErrorName.RESULT_EXPIRED) return new Refusal('ResultExpired', 'The result is gone, or about to go.');
  // Such as under a prefix that is no longer among formerResultPrefixes.
  if (thrown.name === DeliveryErrorName.RESULT_NOT_DELIVERABLE) return new Refusal('NoResult', 'The result is not where links can be made to.', `NoResult: ${thrown.name}`);
  return thrown.name === DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED ? tryAgain(thrown.message) : unknown(`${thrown.name}: ${thrown.message}`);
}
