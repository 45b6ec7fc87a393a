import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { DELIVERY_CONTRACT, RESULT_FORMAT_CONTRACT } from '../../../../src/async-athena-query-api/contracts/deliver';
import { MANAGE_CONTRACT, ManageAnswer, ManageEvent } from '../../../../src/async-athena-query-api/contracts/manage-query';
import { describeOutcome } from '../../../../src/async-athena-query-api/delivery/function/callback-body';
import { LinkCloud } from '../../../../src/async-athena-query-api/delivery/function/link-session';
import { parseEvent } from '../../../../src/async-athena-query-api/delivery/function/parse-event';
import { manageQuery, ManagementServices } from '../../../../src/async-athena-query-api/management/function/manage-query';
import { ManagementConfig } from '../../../../src/async-athena-query-api/management/function/management-config';
import { QueryCloud } from '../../../../src/async-athena-query-api/management/function/query-cloud';
import { released } from '../../../support/released';
import { CONFIG as LINKS, NOW, serviceError, workingCloud } from '../../delivery/function/harness';

export const QUERY_ID = '0b8f6d9e-4a57-4c1f-9d55-3f3c0d6a1e10';
export const ATHENA_ID = '7f0d5a6c-2a4e-4f0e-8f0b-6a1f2c3d4e5f';
export const OWNER = { Id: 'AROAEXAMPLE', Arn: 'arn:aws:sts::111122223333:assumed-role/analysts/one' };
export const STRANGER = { Id: 'AROAOTHER', Arn: 'arn:aws:sts::111122223333:assumed-role/others/one' };

export const CONFIG: ManagementConfig = {
  resultLocation: LINKS.resultLocation,
  resultBucketOwner: LINKS.resultBucketOwner,
  linkRoleArn: LINKS.linkRoleArn,
  linkExpirySeconds: LINKS.linkExpirySeconds,
  workflowArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:Workflow-x1',
  longestStartSeconds: 601,
};

export function event(Operation: ManageEvent['Operation'], changes: Partial<ManageEvent> = {}): ManageEvent {
  return { contract: MANAGE_CONTRACT, Operation, QueryId: QUERY_ID, Caller: OWNER, ...changes };
}

/** What Step Functions keeps of an execution: events oldest first. */
export interface World {
  readonly status?: 'RUNNING' | 'PENDING_REDRIVE' | 'SUCCEEDED' | 'FAILED' | 'ABORTED' | 'TIMED_OUT';
  readonly input?: unknown;
  readonly output?: unknown;
  readonly history?: readonly HistoryEvent[];
  /** What Athena says; undefined where it knows no such query. */
  readonly query?: unknown;
  readonly stopDate?: Date;
}

export const INPUT = {
  ApiRequest: { Query: 'SELECT 1', CallbackUrl: 'https://receiver.example.com/athena?tenant=7', ClientReference: 'order 17' }, Caller: { Id: OWNER.Id },
};

/** A delivery as its workflow asked for it. */
export const deliveryOf = (name: string, contract: number = DELIVERY_CONTRACT): object => released('deliver', contract, name);

export const scheduled = (parameters: unknown): HistoryEvent => ({
  timestamp: undefined,
  id: undefined,
  type: 'TaskScheduled',
  taskScheduledEventDetails: { resourceType: 'x', resource: 'x', region: 'x', parameters: JSON.stringify(parameters) },
});
export const deliveryBegins = (delivery: object): HistoryEvent => scheduled({ FunctionName: 'x', Payload: delivery });
export const entered = (name: string, input: unknown): HistoryEvent => ({
  timestamp: undefined, id: undefined, type: 'TaskStateEntered', stateEnteredEventDetails: { name, input: JSON.stringify(input) },
});
export const succeeded = (output: unknown): HistoryEvent => ({
  timestamp: undefined, id: undefined, type: 'TaskSucceeded', taskSucceededEventDetails: { resourceType: 'x', resource: 'x', output: JSON.stringify(output) },
});
export const submitted = (output: unknown): HistoryEvent => ({
  timestamp: undefined, id: undefined, type: 'TaskSubmitted', taskSubmittedEventDetails: { resourceType: 'x', resource: 'x', output: JSON.stringify(output) },
});
export const quiet = (type: HistoryEvent['type']): HistoryEvent => ({ timestamp: undefined, id: undefined, type });

export const BEGUN = [entered('Start Query', INPUT), scheduled({ QueryString: 'SELECT 1' }), quiet('TaskStarted')];
export const STARTED = [...BEGUN, succeeded({ QueryExecutionId: ATHENA_ID })];

export const running = (State = 'RUNNING') => ({ QueryExecutionId: ATHENA_ID, Status: { State, SubmissionDateTime: '2026-11-24T08:00:00.500Z' } });

/** Output of an execution that has delivered this. */
export function outputOf(name: string, contract?: number): object {
  const delivery = parseEvent(deliveryOf(name, contract));
  return {
    CallbackStatusCode: 204,
    Outcome: JSON.parse(JSON.stringify(describeOutcome(delivery))),
    OutputLocation: delivery.State.AthenaResult?.QueryExecution.ResultConfiguration?.OutputLocation,
  };
}

export const DELIVERED: World = { status: 'SUCCEEDED', input: INPUT, output: outputOf('succeeded') };
/** Has written files in a format that the request chose. */
export const FILES: World = {
  status: 'SUCCEEDED', input: { ...INPUT, ApiRequest: { ...INPUT.ApiRequest, ResultFormat: 'JSON' } }, output: outputOf('unload', RESULT_FORMAT_CONTRACT),
};
export const RUNNING: World = { status: 'RUNNING', input: INPUT, history: STARTED, query: running() };

/** A cloud in which there is one execution. */
export function cloudOf({ status = 'RUNNING', input = INPUT, output, history = [], query, stopDate }: World): QueryCloud {
  const newest = [...history].reverse();
  return {
    describeExecution: async () => ({
      executionArn: 'x',
      stateMachineArn: 'x',
      status,
      startDate: new Date('2026-11-24T08:00:00.123Z'),
      stopDate,
      input: JSON.stringify(input),
      output: output === undefined ? undefined : JSON.stringify(output),
    }),
    latestEvents: async ({ maxResults, nextToken = '0' }) => {
      const end = Number(nextToken) + maxResults;
      return { events: newest.slice(Number(nextToken), end), nextToken: end < newest.length ? String(end) : undefined };
    },
    queryExecution: async () => query,
    stopQuery: async () => true,
  };
}

export interface Overrides {
  readonly config?: Partial<ManagementConfig>;
  readonly queryCloud?: Partial<QueryCloud>;
  readonly linkCloud?: Partial<LinkCloud>;
}

/** Services in a world; `lines` is what was logged, `waits` how long was waited. */
export function services(
  world: World, { config, queryCloud, linkCloud }: Overrides = {},
): ManagementServices & { readonly lines: string[]; readonly waits: number[] } {
  const lines: string[] = [];
  const waits: number[] = [];
  return {
    config: { ...CONFIG, ...config },
    queryCloud: { ...cloudOf(world), ...queryCloud },
    linkCloud: { ...workingCloud(), ...linkCloud },
    now: () => NOW,
    sleep: async (milliseconds) => void waits.push(milliseconds),
    log: (line) => void lines.push(line),
    lines,
    waits,
  };
}

/** What a caller gets of it. */
export async function answerOf(request: unknown, world: World, overrides?: Overrides): Promise<ManageAnswer> {
  return JSON.parse(JSON.stringify(await manageQuery(request, services(world, overrides))));
}

export { NOW, serviceError };
