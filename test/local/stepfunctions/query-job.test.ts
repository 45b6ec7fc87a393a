import { single } from './support';
import { AwsService, ServiceError } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { JsonObject } from '../../../local/json';
import { StepFunctionsService } from '../../../local/stepfunctions/service';

const environment = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
const executionArn = 'arn:aws:states:eu-west-1:111122223333:execution:parent:e';
const anybody = { caller: {} };

interface ImaginedQuery {
  /** Seconds after which it has that state. */
  readonly ends: readonly [number, string];
  readonly fields?: JsonObject;
  /** Operations that the role may not call. */
  readonly denied?: readonly string[];
  /** Seconds after which somebody stops the execution. */
  readonly stopAt?: number;
}

/** Runs a Task that waits for a query; answers how it ended, and the calls with the seconds at which they were made. */
async function wait({ ends: [endsAt, state], fields = {}, denied = [], stopAt }: ImaginedQuery) {
  const clock = new VirtualClock(0);
  const calls: [string, number][] = [];
  const athena: AwsService = {
    name: 'athena',
    call: async (operation): Promise<JsonObject> => {
      calls.push([operation, clock.now() / 1_000]);
      if (denied.includes(operation)) throw new ServiceError('AccessDeniedException', 'no');
      if (operation === 'StartQueryExecution') return { QueryExecutionId: 'q' };
      if (operation !== 'GetQueryExecution') return {};
      const ended = clock.now() >= endsAt * 1_000;
      return { QueryExecution: { QueryExecutionId: 'q', Status: { State: ended ? state : 'RUNNING', ...ended && { CompletionDateTime: endsAt } } } };
    },
  };
  const service = new StepFunctionsService({ environment, clock, authorize: async () => undefined, targets: { services: [athena] } });
  const task = { Type: 'Task', Resource: 'arn:aws:states:::athena:startQueryExecution.sync', Parameters: { QueryString: 'SELECT 1' }, ...fields };
  const { arn } = await service.createStateMachine({ name: 'parent', roleArn: 'arn:aws:iam::111122223333:role/workflow', definition: JSON.stringify(single(task)) });
  await service.call('StartExecution', { stateMachineArn: arn, name: 'e' }, anybody);
  if (stopAt !== undefined) clock.after(stopAt * 1_000, () => void service.call('StopExecution', { executionArn }, anybody));
  await service.ended(executionArn);
  const described = await service.call('DescribeExecution', { executionArn }, anybody);
  const { events } = await service.call('GetExecutionHistory', { executionArn }, anybody);
  // What is under way when an execution ends comes to its own end.
  await clock.sleep(600_000);
  return { described, calls, events: Array.isArray(events) ? events.map((event) => Object(event)) : [] };
}

const looks = (...seconds: number[]) => seconds.map((at) => ['GetQueryExecution', at]);

test('a Task waits for the end of a query: it is submitted, looked at once a minute, and its description is the result', async () => {
  const { described, calls, events } = await wait({ ends: [61, 'SUCCEEDED'] });
  expect(calls).toEqual([['StartQueryExecution', 0], ...looks(60, 120)]);
  expect(JSON.parse(String(described.output))).toEqual({
    QueryExecution: { QueryExecutionId: 'q', Status: { State: 'SUCCEEDED', CompletionDateTime: 61_000 } },
  });
  expect(events.map(({ type }) => type)).toEqual([
    'ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded', 'TaskStateExited', 'ExecutionSucceeded',
  ]);
  expect(JSON.parse(events[4].taskSubmittedEventDetails.output)).toEqual({ QueryExecutionId: 'q' });
});

test.each(['FAILED', 'CANCELLED'])('a query that is %s fails the Task, with its description as cause', async (state) => {
  const { described } = await wait({ ends: [1, state] });
  expect(described).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', stopDate: 60 });
  expect(JSON.parse(String(described.cause))).toMatchObject({ QueryExecution: { Status: { State: state } } });
});

test.each<[string, Partial<ImaginedQuery>, string]>([
  ['a time-out of the Task', { fields: { TimeoutSeconds: 90 } }, 'FAILED'],
  ['StopExecution', { stopAt: 90 }, 'ABORTED'],
])('%s stops the query', async (_name, how, status) => {
  const { described, calls } = await wait({ ends: [10_000, 'SUCCEEDED'], ...how });
  expect(described).toMatchObject({ status, stopDate: 90 });
  expect(calls).toEqual([['StartQueryExecution', 0], ...looks(60), ['StopQueryExecution', 90]]);
});

test('without the right to stop it, the query goes on, and the execution ends all the same', async () => {
  const { described, calls } = await wait({ ends: [10_000, 'SUCCEEDED'], stopAt: 90, denied: ['StopQueryExecution'] });
  expect(described).toMatchObject({ status: 'ABORTED', stopDate: 90 });
  expect(calls.filter(([operation]) => operation === 'StopQueryExecution')).toHaveLength(1);
});

test.each([['StartQueryExecution', 0], ['GetQueryExecution', 60]])('without the right to %s, the Task fails', async (operation, stopDate) => {
  const { described } = await wait({ ends: [1, 'SUCCEEDED'], denied: [operation] });
  expect(described).toMatchObject({ status: 'FAILED', error: 'Athena.AmazonAthenaException', stopDate });
});

test.each(['stopQueryExecution', 'getQueryExecution', 'getQueryResults'])('%s has nothing to wait for', async (action) => {
  await expect(wait({ ends: [1, 'SUCCEEDED'], fields: { Resource: `arn:aws:states:::athena:${action}.sync`, Parameters: { QueryExecutionId: 'q' } } }))
    .rejects.toMatchObject({ code: 'InvalidDefinition' });
});
