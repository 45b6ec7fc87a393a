import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import { QueryCloud } from './query-cloud';
import { Refusal } from './refusal';
import { memberOf } from '../../../private/runtime/member-of';
import { WRITTEN_FORMATS, WrittenFormat } from '../../contracts/deliver';
import { DeliveryState } from '../../contracts/manage-query';
import { dependency } from '../../delivery/function/delivery-error';

/** What Step Functions says of the execution of a query. */
export interface Execution {
  readonly arn: string;
  /** How far it is with its last state, which is the delivery unless the query is announced too. */
  readonly delivery: Exclude<DeliveryState, 'NONE'>;
  /** Whether somebody is to be called back. */
  readonly hasCallback: boolean;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Epoch milliseconds; undefined while it runs. */
  readonly endedAt?: number;
  /** Who submitted the query; undefined where an older release wrote nobody down. */
  readonly ownerId?: string;
  readonly clientReference?: string;
  /** The format that the request chose. */
  readonly resultFormat?: WrittenFormat;
  /** The output, once there is one. */
  readonly output: unknown;
}

/** An execution that was just started is not there for a moment: it is asked for again, after these times in milliseconds, which add up to two seconds. */
export const ASKED_AGAIN_AFTER = [100, 200, 400, 500, 800];

export interface Patience {
  /** @param milliseconds how long to wait */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * Finds the execution of a query for somebody who may see it. Another's is asked for again as one that is not there is: from how long the answer takes,
 * nobody learns which of the two it is.
 *
 * @param standingOf what the caller may do, given the owner; undefined for a stranger
 * @throws Refusal NoSuchQuery where there is none, where it is another's, and where it is older than the 90 days for which Step Functions keeps executions
 */
export async function findExecution<T>(
  workflowArn: string, queryId: string, cloud: QueryCloud, patience: Patience, standingOf: (ownerId: string | undefined) => T | undefined,
): Promise<{ readonly execution: Execution; readonly caller: T }> {
  // What is no name of an execution is not asked for.
  if (!/^[\w-]{1,80}$/.test(queryId)) throw noSuchQuery();
  const arn = `${workflowArn.replace(':stateMachine:', ':execution:')}:${queryId}`;
  return untilThere(patience, async () => {
    const described = await dependency('Step Functions DescribeExecution', () => cloud.describeExecution(arn));
    if (described === undefined) return undefined;
    const execution = describe(arn, described);
    const caller = standingOf(execution.ownerId);
    return caller === undefined ? undefined : { execution, caller };
  });
}

function describe(arn: string, { status, startDate, stopDate, input, output }: DescribeExecutionOutput): Execution {
  const request = parsed(input);
  return {
    arn,
    delivery: deliveryState(status),
    hasCallback: request === undefined || textOf(memberOf(memberOf(request, 'ApiRequest'), 'CallbackUrl')) !== undefined,
    startedAt: startDate?.getTime() ?? 0,
    endedAt: stopDate?.getTime(),
    ownerId: textOf(memberOf(memberOf(request, 'Caller'), 'Id')),
    clientReference: textOf(memberOf(memberOf(request, 'ApiRequest'), 'ClientReference')),
    resultFormat: WRITTEN_FORMATS.find((format) => format === memberOf(memberOf(request, 'ApiRequest'), 'ResultFormat')),
    output: parsed(output),
  };
}

/**
 * Asks again while there is no such query: it may have been accepted a moment ago.
 *
 * @throws Refusal NoSuchQuery where there still is none
 */
export async function untilThere<T>({ sleep }: Patience, ask: () => Promise<T | undefined>): Promise<T> {
  for (const wait of ASKED_AGAIN_AFTER) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(wait);
  }
  const answer = await ask();
  if (answer === undefined) throw noSuchQuery();
  return answer;
}

/** The same for an unknown query and for another's, so that nobody learns which of the two it is. */
export function noSuchQuery(logged?: string): Refusal {
  return new Refusal('NoSuchQuery', 'There is no such query of this caller.', logged);
}

/** An execution that can be redriven but was not has failed to deliver; one that is redriven runs again. */
function deliveryState(status: string | undefined): Execution['delivery'] {
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return 'PENDING';
  return status === 'SUCCEEDED' ? 'DELIVERED' : 'FAILED';
}

function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? undefined : JSON.parse(json);
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
