import { Duration } from 'aws-cdk-lib';
import { DeployedApi, errorsOf, Run } from './deployed-api';
import { entered, MINUTE } from './looked-at-queries';
import { needlessPermissions } from './permission-removal';
import { Role } from '../../local/iam/roles';
import { HistoryEvent } from '../../local/stepfunctions/interpreter/history';
import { QueryCompletion } from '../../src';

const SELECT = 'SELECT count(*) AS trips FROM trips';
const TIMEOUT_MINUTES = 10;

const isSubmitted = ({ type }: HistoryEvent) => type === 'TaskSubmitted';
const statesOf = ({ events }: Run) => events.filter(({ type }) => type.endsWith('StateEntered')).map(({ details }) => details.state);
/** What a query that did not succeed goes through. */
const LOOKED_UP = ['Find Query', 'Get Query', 'Is Query Finished', 'Deliver Result'];

describe('queries whose end Step Functions waits for', () => {
  let api: DeployedApi;

  beforeAll(async () => {
    api = await DeployedApi.start({
      queries: () => ({
        queryCompletion: QueryCompletion.managed(), queryTimeout: Duration.minutes(TIMEOUT_MINUTES), deliveryWindow: Duration.minutes(1),
      }),
    });
  });
  afterEach(() => {
    api.cloud.athena.delayQueries({});
    api.assertNoFaults();
  });
  afterAll(async () => api.close());

  const stateOf = async ({ callbacks: [{ body }] }: Run) => api.deployment.queryState(body.QueryExecutionId ?? '');

  function queryRole(): Role {
    const [found] = api.cloud.roles.list().filter(({ name }) => name.includes('QueryRole'));
    if (found === undefined) throw new Error('There is no role of queries');
    return found;
  }

  /** Submits a query that lasts, and does that while it runs; time passes as it does outside. */
  async function whileItRuns(act: (queryId: string) => Promise<void>): Promise<Run> {
    api.cloud.athena.delayQueries({ queued: 0, running: 5 * MINUTE });
    const queryId = await api.cloud.clock.pace(1, async () => {
      const there = api.next(isSubmitted);
      const id = await api.submit(SELECT);
      await there;
      await act(id);
      return id;
    });
    return api.ended(queryId);
  }

  /** Somebody stops an execution; answers how its query stands a minute later. */
  async function stopExecution(): Promise<{ readonly run: Run; readonly queryState: string }> {
    let athenaId = '';
    const run = await whileItRuns(async (queryId) => {
      athenaId = String((await api.client.get(`/${queryId}`)).body.QueryExecutionId);
      await api.cloud.stepFunctions.call('StopExecution', { executionArn: api.executionArn(queryId) }, api.deployment.administrator);
    });
    await api.cloud.clock.sleep(MINUTE);
    return { run, queryState: await api.deployment.queryState(athenaId) };
  }

  test('one that succeeds takes two states, and its callback has the link to its rows', async () => {
    const run = await api.run(SELECT);
    expect(statesOf(run)).toEqual(['Start Query', 'Deliver Result']);
    expect(run.callbacks[0].body).toMatchObject({ State: { State: 'SUCCEEDED' }, ResultKind: 'OBJECT', Statistics: expect.any(Object) });
    expect(await api.download(api.linkOf(run.callbacks[0]))).toEqual({ status: 200, body: '"trips"\n"3"\n' });
    // Neither what is delivered nor what is answered has the SQL.
    expect(JSON.stringify(run.events.filter(({ details }) => details.state === 'Deliver Result'))).not.toContain('count(*)');
  });

  test('one that fails is delivered with the reason that Athena gives', async () => {
    const run = await api.run('SELECT no_such_column FROM trips');
    expect(run.callbacks.map(({ body }) => body)).toEqual([expect.objectContaining({
      State: expect.objectContaining({ State: 'FAILED' }), Reason: expect.stringContaining('no_such_column'), AthenaError: expect.objectContaining({ ErrorType: 1004 }),
    })]);
    expect(statesOf(run)).toEqual(['Start Query', 'Query Not Succeeded', ...LOOKED_UP]);
    expect(errorsOf(run)).toEqual(['States.TaskFailed']);
    expect(JSON.stringify(run.events.filter(entered('Find Query')))).not.toContain('no_such_column');
  });

  test('one that Athena refuses is delivered as not started', async () => {
    const run = await api.run('SELECT FROM WHERE');
    expect(run.callbacks.map(({ body }) => body)).toEqual([expect.objectContaining({ State: expect.objectContaining({ State: 'FAILED' }), Reason: expect.any(String) })]);
    expect(statesOf(run).slice(-2)).toEqual(['Query Not Started', 'Deliver Result']);
  });

  test('one that runs can be looked at and cancelled, which is delivered within a minute', async () => {
    const run = await whileItRuns(async (queryId) => {
      expect((await api.client.get(`/${queryId}`)).body).toMatchObject({ State: 'RUNNING', Delivery: 'PENDING', QueryExecutionId: expect.any(String) });
      expect((await api.client.delete(`/${queryId}`)).status).toBe(202);
    });
    expect(run.callbacks.map(({ body }) => body)).toEqual([expect.objectContaining({ State: expect.objectContaining({ State: 'CANCELLED' }) })]);
    const { State } = run.callbacks[0].body;
    expect(run.callbacks[0].body.Reason).not.toBe('QueryTimeout');
    expect(run.end.timestamp - State.CompletionDateTime).toBeLessThan(2 * MINUTE);
  });

  test('one that takes too long is stopped at the time-out, and its callback says so', async () => {
    api.cloud.athena.delayQueries({ queued: 0, running: 60 * MINUTE });
    const run = await api.run(SELECT);
    const { State, Reason } = run.callbacks[0].body;
    expect([State.State, Reason, await stateOf(run)]).toEqual(['CANCELLED', 'QueryTimeout', 'CANCELLED']);
    expect(State.CompletionDateTime - State.SubmissionDateTime).toBeGreaterThanOrEqual(TIMEOUT_MINUTES * MINUTE - 1_000);
    expect(State.CompletionDateTime - State.SubmissionDateTime).toBeLessThan((TIMEOUT_MINUTES + 1) * MINUTE);
  });

  test('one whose execution is stopped is stopped as well, and a redrive delivers that', async () => {
    const { run, queryState } = await stopExecution();
    expect([run.end.type, queryState]).toEqual(['ExecutionAborted', 'CANCELLED']);
    const redriven = await api.redrive(run.queryId);
    expect(redriven.callbacks.map(({ body }) => body.State.State)).toEqual(['CANCELLED']);
  });

  test('none of the rights on queries can be spared', async () => {
    const needless = await needlessPermissions({
      cloud: api.cloud,
      roles: [queryRole()],
      observable: (action) => /^athena:/.test(action),
      works: async (action) => {
        if (action === 'athena:StopQueryExecution') return (await stopExecution()).queryState === 'CANCELLED';
        api.cloud.athena.delayQueries({});
        const { callbacks } = await api.run(SELECT);
        return callbacks[0]?.body.State.State === 'SUCCEEDED';
      },
    });
    expect(needless).toEqual([]);
  });
});
