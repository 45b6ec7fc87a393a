import { QueryCloud } from './query-cloud';
import { dependency, Refusal } from './refusal';
import { memberOf } from '../../../private/runtime/member-of';
import { DeliveryState } from '../../contracts/manage-query';

/** What Step Functions says of the execution of a query. */
export interface Execution {
  readonly arn: string;
  readonly delivery: DeliveryState;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Who submitted the query; undefined where an older release wrote nobody down. */
  readonly ownerId?: string;
  readonly clientReference?: string;
  /** The output, once there is one. */
  readonly output: unknown;
}

/** An execution that was just started is not there for a moment: it is asked for again, after these times in milliseconds, which add up to two seconds. */
export const ASKED_AGAIN_AFTER = [100, 200, 400, 500, 800];

export interface Patience {
  /** @param milliseconds how long to wait */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** @throws Refusal NoSuchQuery where there is none, and where it is older than the 90 days for which Step Functions keeps executions */
export async function findExecution(workflowArn: string, queryId: string, cloud: QueryCloud, patience: Patience): Promise<Execution> {
  // What is no name of an execution is not asked for.
  if (!/^[\w-]{1,80}$/.test(queryId)) throw noSuchQuery();
  const arn = `${workflowArn.replace(':stateMachine:', ':execution:')}:${queryId}`;
  const { status, startDate, input, output } = await untilThere(patience, () => dependency('Step Functions DescribeExecution', () => cloud.describeExecution(arn)));
  const request = parsed(input);
  return {
    arn,
    delivery: deliveryState(status),
    startedAt: startDate?.getTime() ?? 0,
    ownerId: textOf(memberOf(memberOf(request, 'Caller'), 'Id')),
    clientReference: textOf(memberOf(memberOf(request, 'ApiRequest'), 'ClientReference')),
    output: parsed(output),
  };
}

/** Asks again while Step Functions does not know the execution: it may have been started a moment ago. */
export async function untilThere<T>({ sleep }: Patience, ask: () => Promise<T>): Promise<T> {
  for (const wait of ASKED_AGAIN_AFTER) {
    const answer = await unlessMissing(ask);
    if (answer !== undefined) return answer;
    await sleep(wait);
  }
  const answer = await unlessMissing(ask);
  if (answer === undefined) throw noSuchQuery();
  return answer;
}

async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refusal && error.logged.endsWith(' (ExecutionDoesNotExist)')) return undefined;
    throw error;
  }
}

/** The same for an unknown query and for another's, so that nobody learns which of the two it is. */
export function noSuchQuery(): Refusal {
  return new Refusal('NoSuchQuery', 'There is no such query of this caller.');
}

/** An execution that can be redriven but was not has failed to deliver; one that is redriven runs again. */
function deliveryState(status: string | undefined): DeliveryState {
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
  return typeof value === 'string' ? value : undefined;
}
