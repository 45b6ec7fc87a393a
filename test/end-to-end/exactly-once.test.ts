import { Duration } from 'aws-cdk-lib';
import { DeployedApi, errorsOf, lastStateOf, Run } from './deployed-api';
import { ServiceError } from '../../local/aws/service';
import { JsonObject } from '../../local/json';
import { seededRandom } from '../support/random';

const SELECT = 'SELECT count(*) AS trips FROM trips';
const CSV = '"trips"\n"3"\n';
const LOST = new ServiceError('InternalServerException', 'The answer is lost', 500);

/** Whether the operation is carried out before the caller is told that it failed. */
type Fault = { readonly operation: string; readonly error: ServiceError; readonly times: number; readonly performed: boolean };

describe('a query', () => {
  let api: DeployedApi;

  beforeAll(async () => {
    api = await DeployedApi.start({ cloud: { random: seededRandom(3) }, queries: () => ({ deliveryWindow: Duration.minutes(1) }) });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    api.assertNoFaults();
  });
  afterAll(async () => api.close());

  /** Lets Athena fail this many times; answers the inputs of all calls of that operation. */
  function inject({ operation: faulty, error, times, performed }: Fault): JsonObject[] {
    const inputs: JsonObject[] = [];
    const call = api.cloud.athena.call.bind(api.cloud.athena);
    jest.spyOn(api.cloud.athena, 'call').mockImplementation(async (operation, input, context) => {
      if (operation !== faulty) return call(operation, input, context);
      inputs.push(input);
      const fails = inputs.length <= times;
      const answer = fails && !performed ? {} : await call(operation, input, context);
      if (fails) throw error;
      return answer;
    });
    return inputs;
  }

  async function queriesRun(): Promise<number> {
    const WorkGroup = api.physicalId('AWS::Athena::WorkGroup', 'WorkGroup');
    const { QueryExecutionIds } = await api.cloud.athena.call('ListQueryExecutions', { WorkGroup }, api.deployment.administrator);
    return Array.isArray(QueryExecutionIds) ? QueryExecutionIds.length : 0;
  }

  async function expectDelivered({ end, callbacks }: Run): Promise<void> {
    expect(end.type).toBe('ExecutionSucceeded');
    expect(callbacks).toHaveLength(1);
    expect(await api.download(api.linkOf(callbacks[0]))).toEqual({ status: 200, body: CSV });
  }

  /** Virtual milliseconds between a failed attempt and the next. */
  function delays({ events }: Run): number[] {
    return events.flatMap((failed, index) => {
      const next = events.slice(index).find(({ type }) => type === 'TaskScheduled');
      return failed.type === 'TaskFailed' && next !== undefined ? [next.timestamp - failed.timestamp] : [];
    });
  }

  test('runs once although the answer to its start was lost twice', async () => {
    const before = await queriesRun();
    const inputs = inject({ operation: 'StartQueryExecution', error: LOST, times: 2, performed: true });
    const run = await api.run(SELECT);
    expect(errorsOf(run)).toEqual(['Athena.InternalServerException', 'Athena.InternalServerException']);
    expect(new Set(inputs.map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(1);
    expect(inputs).toHaveLength(3);
    expect(await queriesRun()).toBe(before + 1);
    await expectDelivered(run);
  });

  test('that is the same as another has a token of its own', async () => {
    const before = await queriesRun();
    const inputs = inject({ operation: 'StartQueryExecution', error: LOST, times: 0, performed: true });
    await api.run(SELECT);
    await api.run(SELECT);
    expect(new Set(inputs.map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(2);
    expect(await queriesRun()).toBe(before + 2);
  });

  test('waits for a place when Athena has none, ever longer up to five minutes', async () => {
    inject({ operation: 'StartQueryExecution', error: new ServiceError('TooManyRequestsException', 'Rate exceeded'), times: 12, performed: false });
    const run = await api.run(SELECT);
    expect(errorsOf(run)).toEqual(Array.from({ length: 12 }, () => 'Athena.TooManyRequestsException'));
    const waited = delays(run);
    expect(waited).toHaveLength(12);
    waited.forEach((delay, index) => expect(delay).toBeLessThanOrEqual(Math.min(300, 15 * 2 ** index) * 1000));
    const sum = (some: number[]) => some.reduce((total, delay) => total + delay, 0);
    expect(sum(waited.slice(6))).toBeGreaterThan(2 * sum(waited.slice(0, 6)));
    await expectDelivered(run);
  });

  test('that Athena never has a place for is delivered as failed', async () => {
    const inputs = inject({
      operation: 'StartQueryExecution', error: new ServiceError('TooManyRequestsException', 'Rate exceeded'), times: Infinity, performed: false,
    });
    const run = await api.run(SELECT);
    expect(inputs).toHaveLength(16);
    expect(run.end.type).toBe('ExecutionSucceeded');
    expect(run.callbacks[0].body).toEqual({
      State: { CompletionDateTime: expect.any(Number), State: 'FAILED', SubmissionDateTime: expect.any(Number) },
      QueryId: run.queryId,
      ResultKind: 'NONE',
      Reason: expect.stringContaining('TooManyRequests'),
    });
  });

  test.each([
    'SELECT FROM WHERE', 'DANCE', 'SELECT 1; SELECT 2', "SELECT 'open",
  ])('that is no SQL is delivered as failed, at once: %s', async (sql) => {
    const inputs = inject({ operation: 'StartQueryExecution', error: LOST, times: 0, performed: true });
    const run = await api.run(sql);
    expect(inputs).toHaveLength(1);
    expect(run.end.type).toBe('ExecutionSucceeded');
    const { body } = run.callbacks[0];
    expect(body).toMatchObject({ State: { State: 'FAILED' }, ResultKind: 'NONE' });
    expect(body.Reason).toMatch(/InvalidRequest.*(mismatched input|Only one sql statement)/s);
    expect(body.QueryExecutionId).toBeUndefined();
    expect(body.State.CompletionDateTime).toBeGreaterThanOrEqual(body.State.SubmissionDateTime);
  });

  test('is followed although Athena cannot be asked five times', async () => {
    inject({ operation: 'GetQueryExecution', error: LOST, times: 5, performed: false });
    const run = await api.run(SELECT);
    expect(errorsOf(run)).toHaveLength(5);
    expect(delays(run).every((delay, index) => delay <= Math.min(300, 15 * 3 ** index) * 1000)).toBe(true);
    await expectDelivered(run);
  });

  test('that cannot be followed is a dead letter, and a redrive finds and delivers it', async () => {
    const before = await queriesRun();
    inject({ operation: 'GetQueryExecution', error: LOST, times: 6, performed: false });
    const lost = await api.run(SELECT);
    expect(lost.end).toMatchObject({ type: 'ExecutionFailed', details: { error: 'Athena.InternalServerException' } });
    expect(lastStateOf(lost)).toBe('Get Query');
    expect(lost.callbacks).toEqual([]);
    expect(api.deadLetters(lost.queryId)).toMatchObject([{ Status: 'FAILED', Error: 'Athena.InternalServerException', RedriveCount: 0 }]);

    await expectDelivered(await api.redrive(lost.queryId));
    expect(await queriesRun()).toBe(before + 1);
  });
});
