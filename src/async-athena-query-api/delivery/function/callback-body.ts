import { DeliveryError } from './delivery-error';
import { Delivery } from './parse-event';
import { resultKind } from './result-kind';
import { memberOf } from '../../../private/runtime/member-of';
import { Outcome } from '../../contracts/deliver';
import { DeliveryErrorName } from '../../contracts/error-names';
import { QueryExecution } from '../../contracts/workflow-state';

/** Reason of a query that was stopped because it took longer than the time-out. */
const QUERY_TIMEOUT = 'QueryTimeout';

/** What Athena reports of a query it has not finished. */
const UNFINISHED: readonly string[] = ['QUEUED', 'RUNNING'];

/** The body of the callback but for links. Of some objects it says that they are there by their names alone: see `isNamedOnly`. */
export function describeOutcome(event: Delivery): Outcome {
  const { StartError, AthenaResult } = event.State;
  if (AthenaResult !== undefined) return describeQuery(event, AthenaResult.QueryExecution);
  return {
    State: { CompletionDateTime: Date.parse(event.DeliveryTime), State: 'FAILED', SubmissionDateTime: Date.parse(event.StartTime) },
    ...identity(event),
    ResultKind: 'NONE',
    Reason: StartError === undefined ? undefined : startErrorReason(StartError),
  };
}

function describeQuery(event: Delivery, query: QueryExecution): Outcome {
  const { Status } = query;
  const state = finalState(event, query);
  const timedOut = state === 'CANCELLED' && event.State.StopRequest !== undefined;
  return {
    State: {
      CompletionDateTime: Status.CompletionDateTime ?? Date.parse(event.DeliveryTime),
      State: state,
      SubmissionDateTime: Status.SubmissionDateTime ?? Date.parse(event.StartTime),
    },
    ...identity(event),
    QueryExecutionId: query.QueryExecutionId,
    ResultKind: state === 'SUCCEEDED' ? resultKind(query, event.ResultFormat) : 'NONE',
    ...reusesResult(query) && { ReusedPreviousResult: true },
    Reason: timedOut ? QUERY_TIMEOUT : withoutArns(Status.StateChangeReason),
    AthenaError: Status.AthenaError && { ...Status.AthenaError, ErrorMessage: withoutArns(Status.AthenaError.ErrorMessage) },
    Statistics: query.Statistics,
  };
}

function identity({ QueryId, ClientReference }: Delivery): Pick<Outcome, 'QueryId' | 'ClientReference'> {
  return { QueryId, ClientReference };
}

function reusesResult({ Statistics }: QueryExecution): boolean {
  return memberOf(Statistics?.ResultReuseInformation, 'ReusedPreviousResult') === true;
}

/** A query that is still not finished although it was to be stopped is given up: the grace is over. */
function finalState({ State: { StopRequest } }: Delivery, { Status: { State } }: QueryExecution): Outcome['State']['State'] {
  if (State === 'SUCCEEDED' || State === 'FAILED' || State === 'CANCELLED') return State;
  if (StopRequest !== undefined && UNFINISHED.includes(State)) return 'CANCELLED';
  throw new DeliveryError(DeliveryErrorName.INVALID_DELIVERY_EVENT, 'The query is not finished');
}

/** The cause is for the caller when the request was at fault; other causes are about the account, which is not the caller's business. */
function startErrorReason({ Error: name, Cause }: { readonly Error: string; readonly Cause?: string }): string | undefined {
  return /\.InvalidRequest(Exception)?$/.test(name) && Cause !== undefined ? withoutArns(`${name}: ${Cause}`) : name;
}

/** Roles and resources of the account are named by ARN in some reasons; the receiver learns that there is one, not which. */
function withoutArns(reason: string | undefined): string | undefined {
  return reason?.replace(/\barn:[\w-]+:[^\s,;"'()]+/g, 'arn:…');
}
