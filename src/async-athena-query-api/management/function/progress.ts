import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { Delivered, outcomeIn } from './delivered';
import { Execution, Patience, untilThere } from './execution';
import { QueryCloud } from './query-cloud';
import { memberOf } from '../../../private/runtime/member-of';
import { dependency } from '../../delivery/function/delivery-error';
import { Delivery, parseEvent } from '../../delivery/function/parse-event';

/** How far the execution of a query has come: Athena has not accepted the query, has, the delivery has begun, or is done. */
export type Progress =
  | { readonly stage: 'waiting' }
  | { readonly stage: 'started'; readonly queryExecutionId: string }
  | { readonly stage: 'delivery'; readonly delivery: Delivery }
  | { readonly stage: 'delivered'; readonly delivered: Delivered };

/** Events of one call: one of this many newest ones tells how far it is, except while the start is retried. */
const EVENTS_AT_ONCE = 15;

/** Reads the history from its end: what is newest tells how far it has come. */
export async function progressOf(execution: Execution, cloud: QueryCloud, patience: Patience): Promise<Progress> {
  let nextToken: string | undefined;
  do {
    const request = { executionArn: execution.arn, maxResults: EVENTS_AT_ONCE, nextToken };
    const page = await untilThere(patience, () => dependency('Step Functions GetExecutionHistory', () => cloud.latestEvents(request)));
    for (const event of page.events ?? []) {
      const progress = toldBy(event);
      if (progress !== undefined) return progress;
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return { stage: 'waiting' };
}

/** What one event tells; undefined where it tells nothing. */
export function toldBy(event: HistoryEvent): Progress | undefined {
  const scheduled = parsed(event.taskScheduledEventDetails?.parameters);
  const delivery = deliveryOf(memberOf(scheduled, 'Payload'));
  if (delivery !== undefined) return { stage: 'delivery', delivery };
  const answers = [event.taskSubmittedEventDetails?.output, event.taskSucceededEventDetails?.output];
  const others = [...answers, event.stateEnteredEventDetails?.input, event.stateExitedEventDetails?.output];
  const told = [scheduled, ...others.map(parsed)];
  // What comes after the delivery has its answer as input.
  const [delivered] = told.flatMap((data) => outcomeIn(data) ?? []);
  if (delivered !== undefined) return { stage: 'delivered', delivered };
  // Answers and parameters name the query themselves; the state has it in an object of its own.
  const [queryExecutionId] = told
    .flatMap((data) => [data, memberOf(data, 'AthenaRequest'), memberOf(data, 'QueryExecution')])
    .flatMap((data) => {
      const id = memberOf(data, 'QueryExecutionId');
      return typeof id === 'string' ? [id] : [];
    });
  return queryExecutionId === undefined ? undefined : { stage: 'started', queryExecutionId };
}

function deliveryOf(payload: unknown): Delivery | undefined {
  return payload === undefined ? undefined : parseEvent(payload);
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}
