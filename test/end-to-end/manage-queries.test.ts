import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { CALLBACK_URL, DeployedApi, Run } from './deployed-api';
import { ENDLESS_QUERY } from './queries-stack';
import { ServiceError } from '../../local/aws/service';
import { ApiAnswer, ApiClient } from '../../local/client/api-client';
import { JsonObject } from '../../local/json';
import { HistoryEvent } from '../../local/stepfunctions/interpreter/history';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SELECT = "SELECT 'Yq7Lw2' AS mark";
const CSV = '"mark"\n"Yq7Lw2"\n';
const UNKNOWN = '0b8f6d9e-4a57-4c1f-9d55-3f3c0d6a1e10';

const entered = (name: string) => ({ type, details }: HistoryEvent) => type.endsWith('StateEntered') && details.state === name;
const failed = ({ type }: HistoryEvent) => type === 'TaskFailed';
const isLoop = entered('Wait');

type Answers = { readonly status: JsonObject; readonly result: readonly [number, string]; readonly cancel: readonly [number, string] };

/** How a query is brought into a state, at which it is looked at, and how it then ends. */
interface Situation extends Answers {
  /** Calls `look` while the query is in the state. */
  readonly arrange: (look: (queryId: string) => Promise<void>) => Promise<Run | undefined>;
  /** What becomes of it after all of that; `cancelled` where the owner's cancellation was accepted. */
  readonly ends: string;
}

describe('queries that are looked at', () => {
  let api: DeployedApi;
  let owner: ApiClient;
  let sameRole: ApiClient;
  let stranger: ApiClient;
  let reader: ApiClient;

  beforeAll(async () => {
    api = await DeployedApi.start({
      queries: (stack) => ({ queryReaders: [new Role(stack, 'Operators', { assumedBy: new AccountPrincipal(stack.account) })] }),
      customise: ({ queries, node }) => {
        const operators = node.findChild('Operators');
        if (operators instanceof Role) queries.grantInvoke(operators);
      },
    });
    stranger = api.client;
  });
  beforeEach(async () => {
    api.receiver.answer([{ status: 204 }]);
    await signIn();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    api.cloud.athena.delayQueries({});
    api.cloud.stepFunctions.hideNewExecutions(0);
    api.assertNoFaults();
  });
  afterAll(async () => api.close());

  /** Sessions end after an hour, and hours pass in these tests. */
  async function signIn(): Promise<void> {
    const sessionOf = async (role: string, name: string) => api.client.as(await api.deployment.assumeRole(role, name));
    [owner, sameRole, reader] = [await sessionOf('Analysts', 'one'), await sessionOf('Analysts', 'two'), await sessionOf('Operators', 'on-call')];
  }

  async function submit(query = SELECT, more: JsonObject = {}): Promise<string> {
    const { status, body } = await owner.postJson({ Query: query, CallbackUrl: CALLBACK_URL, ClientReference: 'order 17', ...more });
    expect(status).toBe(202);
    return String(body.QueryId);
  }

  /** Lets time pass as it does outside, so that a state lasts. */
  const live = <T>(work: () => Promise<T>): Promise<T> => api.cloud.clock.pace(1, work);

  /** Submits a query, and looks at it when that happens. */
  const lookWhen = (fits: (event: HistoryEvent) => boolean, query?: string): Situation['arrange'] => async (look) => {
    const queryId = await live(async () => {
      const there = api.next(fits);
      const id = await submit(query);
      await there;
      await look(id);
      return id;
    });
    return api.ended(queryId);
  };

  const lookAfter = (arrange: () => Promise<string>): Situation['arrange'] => async (look) => {
    const queryId = await arrange();
    await look(queryId);
    return undefined;
  };

  function failStarts(times: number): void {
    const call = api.cloud.athena.call.bind(api.cloud.athena);
    let starts = 0;
    jest.spyOn(api.cloud.athena, 'call').mockImplementation(async (operation, input, context) => {
      if (operation === 'StartQueryExecution' && ++starts <= times) throw new ServiceError('TooManyRequestsException', 'Rate exceeded');
      return call(operation, input, context);
    });
  }

  const PENDING = { Delivery: 'PENDING', ClientReference: 'order 17', SubmissionDateTime: expect.any(Number) };
  const ENDED = { ClientReference: 'order 17', SubmissionDateTime: expect.any(Number), CompletionDateTime: expect.any(Number), Statistics: expect.any(Object) };
  const OK = [200, ''] as const;

  const situations: Record<string, Situation> = {
    'not visible yet': {
      arrange: async (look) => {
        api.cloud.stepFunctions.hideNewExecutions(1_000);
        api.cloud.athena.delayQueries({ queued: 600_000 });
        return lookWhen(entered('Start Query'))(async (queryId) => {
          expect((await owner.get(`/${queryId}`)).status).toBe(200);
          await look(queryId);
        });
      },
      status: { State: 'QUEUED', ...PENDING },
      result: [409, 'NotFinished'],
      cancel: [202, ''],
      ends: 'CANCELLED',
    },
    'start retried': {
      arrange: async (look) => {
        // Enough failures that everybody has looked before it succeeds.
        failStarts(10);
        return lookWhen(failed)(look);
      },
      status: { State: 'QUEUED', ...PENDING },
      result: [409, 'NotFinished'],
      cancel: [409, 'NotStarted'],
      ends: 'SUCCEEDED',
    },
    'queued': {
      arrange: async (look) => {
        api.cloud.athena.delayQueries({ queued: 600_000 });
        return lookWhen(isLoop)(look);
      },
      status: { State: 'QUEUED', ...PENDING },
      result: [409, 'NotFinished'],
      cancel: [202, ''],
      ends: 'CANCELLED',
    },
    'running': {
      arrange: async (look) => {
        api.cloud.athena.delayQueries({ queued: 0, running: 600_000 });
        return lookWhen(entered('Is Query Finished'))(look);
      },
      status: { State: 'RUNNING', ...PENDING },
      result: [409, 'NotFinished'],
      cancel: [202, ''],
      ends: 'CANCELLED',
    },
    'just finished, which the workflow has not seen': {
      arrange: async (look) => {
        api.cloud.athena.delayQueries({ queued: 0, running: 1_500 });
        return lookWhen(entered('Wait'))(async (queryId) => {
          await api.cloud.clock.sleep(1_700);
          await look(queryId);
        });
      },
      status: { State: 'SUCCEEDED', ResultKind: 'OBJECT', Delivery: expect.stringMatching(/PENDING|DELIVERED/), ...ENDED },
      result: OK,
      cancel: [409, 'QueryEnded'],
      ends: 'SUCCEEDED',
    },
    'callback retried': {
      arrange: async (look) => {
        const up = api.now() + 60 * MINUTE;
        api.receiver.answer(() => ({ status: api.now() < up ? 503 : 204 }));
        return lookWhen(failed)(look);
      },
      status: { State: 'SUCCEEDED', ResultKind: 'OBJECT', Delivery: 'PENDING', ...ENDED },
      result: OK,
      cancel: [409, 'QueryEnded'],
      ends: 'SUCCEEDED',
    },
    'delivery failed': {
      arrange: lookAfter(async () => {
        api.receiver.answer([{ status: 400 }]);
        return (await api.ended(await submit())).queryId;
      }),
      status: { State: 'SUCCEEDED', ResultKind: 'OBJECT', Delivery: 'FAILED', ...ENDED },
      result: OK,
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
    'redriven': {
      arrange: lookAfter(async () => {
        api.receiver.answer([{ status: 400 }]);
        const { queryId } = await api.ended(await submit());
        api.receiver.answer([{ status: 204 }]);
        return (await api.redrive(queryId)).queryId;
      }),
      status: { State: 'SUCCEEDED', ResultKind: 'OBJECT', Delivery: 'DELIVERED', ...ENDED },
      result: OK,
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
    'delivered': {
      arrange: lookAfter(async () => (await api.ended(await submit())).queryId),
      status: { State: 'SUCCEEDED', ResultKind: 'OBJECT', Delivery: 'DELIVERED', ...ENDED },
      result: OK,
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
    'delivered as failed': {
      arrange: lookAfter(async () => (await api.ended(await submit("SELECT CAST('x' AS integer)"))).queryId),
      status: { State: 'FAILED', Delivery: 'DELIVERED', Reason: expect.any(String), ...ENDED },
      result: [409, 'NoResult'],
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
    'not started': {
      arrange: lookAfter(async () => (await api.ended(await submit('SELECT FROM WHERE'))).queryId),
      status: { State: 'FAILED', Delivery: 'DELIVERED', Reason: expect.any(String), ClientReference: 'order 17' },
      result: [409, 'NoResult'],
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
    'cancelled': {
      arrange: lookAfter(async () => live(async () => {
        api.cloud.athena.delayQueries({ queued: 600_000 });
        const there = api.next(isLoop);
        const id = await submit();
        await there;
        expect((await owner.delete(`/${id}`)).status).toBe(202);
        await api.ended(id);
        return id;
      })),
      status: { State: 'CANCELLED', Delivery: 'DELIVERED', ...ENDED },
      result: [409, 'NoResult'],
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
    'result expired': {
      arrange: lookAfter(async () => {
        const { queryId } = await api.ended(await submit());
        await api.cloud.clock.sleep(40 * DAY);
        return queryId;
      }),
      status: { State: 'SUCCEEDED', ResultKind: 'OBJECT', Delivery: 'DELIVERED', ...ENDED },
      result: [410, 'ResultExpired'],
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
  };

  const said = ({ status, body }: ApiAnswer) => [status, String(body.Code ?? '')];

  /** Every verb by every caller; the owner cancels last. */
  async function checkAll(queryId: string, { status, result, cancel }: Answers): Promise<void> {
    await signIn();
    const nothing = await stranger.get(`/${UNKNOWN}`);
    expect(said(nothing)).toEqual([404, 'NoSuchQuery']);
    for (const answer of [await stranger.get(`/${queryId}`), await stranger.get(`/${queryId}/result`), await stranger.delete(`/${queryId}`)]) {
      expect([answer.status, answer.body]).toEqual([404, nothing.body]);
    }
    for (const caller of [owner, sameRole, reader]) {
      const answer = await caller.get(`/${queryId}`);
      expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ QueryId: queryId, ...status })]);
      expect(JSON.stringify(answer.body)).not.toMatch(/SELECT|Yq7Lw2|hooks|X-Amz|s3:/);
      const link = await caller.get(`/${queryId}/result`);
      expect(said(link)).toEqual(result);
      if (link.status === 200) expect(await api.download(Object(link.body.QueryResult).PresignedUrl)).toEqual({ status: 200, body: CSV });
    }
    expect(said(await reader.delete(`/${queryId}`))).toEqual([403, 'NotOwner']);
    expect(said(await sameRole.delete(`/${queryId}`))).toEqual(cancel);
  }

  test.each(Object.entries(situations))('%s', async (_name, { arrange, ends, ...answers }) => {
    const run = await arrange((queryId) => checkAll(queryId, answers));
    if (run === undefined) return;
    // The truth is delivered, once, and nothing runs any more.
    expect(run.end.type).toBe('ExecutionSucceeded');
    const delivered = run.callbacks.filter(({ body }) => body.State.State === ends);
    expect(delivered).toHaveLength(run.callbacks.length);
    const { QueryExecutionId } = run.callbacks[0].body;
    expect(await api.deployment.queryState(String(QueryExecutionId))).toBe(ends);
    await signIn();
    expect((await owner.get(`/${run.queryId}`)).body).toMatchObject({ State: ends, Delivery: 'DELIVERED' });
  });

  test('a query that runs in the engine is stopped there', async () => {
    const run = await live(async () => {
      const there = api.next(entered('Is Query Finished'));
      const id = await submit(ENDLESS_QUERY);
      await there;
      expect((await owner.delete(`/${id}`)).status).toBe(202);
      return api.ended(id);
    });
    expect(run.callbacks.map(({ body }) => body.State.State)).toEqual(['CANCELLED']);
  });

  test('two cancellations at once are one: the query is delivered as cancelled, once', async () => {
    api.cloud.athena.delayQueries({ queued: 600_000 });
    const { run, answers } = await live(async () => {
      const there = api.next(isLoop);
      const id = await submit();
      await there;
      const deleted = await Promise.all([owner, sameRole].map((caller) => caller.delete(`/${id}`)));
      return { run: await api.ended(id), answers: deleted };
    });
    // The second one can find the query ended.
    expect(answers.map(said)).toContainEqual([202, '']);
    for (const answer of answers) expect([[202, ''], [409, 'QueryEnded']]).toContainEqual(said(answer));
    expect(run.callbacks.map(({ body }) => body.State.State)).toEqual(['CANCELLED']);
  });

  test('while a redrive runs, the callback is pending again, and the result can be fetched', async () => {
    api.receiver.answer([{ status: 400 }]);
    const { queryId } = await api.ended(await submit());
    const up = api.now() + 30 * MINUTE;
    api.receiver.answer(() => ({ status: api.now() < up ? 503 : 204 }));
    await live(async () => {
      const again = api.next(failed);
      await api.deployment.redriveExecution(api.executionArn(queryId));
      await again;
      expect((await owner.get(`/${queryId}`)).body).toMatchObject({ State: 'SUCCEEDED', Delivery: 'PENDING' });
      expect((await owner.get(`/${queryId}/result`)).status).toBe(200);
      expect(said(await owner.delete(`/${queryId}`))).toEqual([409, 'QueryEnded']);
    });
    expect((await api.ended(queryId)).end.type).toBe('ExecutionSucceeded');
    await signIn();
    expect((await owner.get(`/${queryId}`)).body).toMatchObject({ Delivery: 'DELIVERED' });
  });

  test.each([['stepFunctions', 'DescribeExecution'], ['stepFunctions', 'GetExecutionHistory'], ['athena', 'GetQueryExecution']] as const)(
    'while %s throttles %s, the answer is to try again, and no more is told', async (service, throttled) => {
      api.cloud.athena.delayQueries({ queued: 600_000 });
      const queryId = await live(async () => {
        const there = api.next(isLoop);
        const id = await submit();
        await there;
        const target = api.cloud[service];
        const call = target.call.bind(target);
        const spy = jest.spyOn(target, 'call').mockImplementation(async (operation, input, context) => {
          if (operation === throttled) throw new ServiceError('ThrottlingException', 'Rate exceeded for arn:aws:x');
          return call(operation, input, context);
        });
        const answer = await owner.get(`/${id}`);
        spy.mockRestore();
        expect([answer.status, answer.body]).toEqual([503, { Code: 'TryAgain', Message: expect.not.stringContaining('arn:') }]);
        expect((await owner.get(`/${id}`)).status).toBe(200);
        return id;
      });
      expect((await api.ended(queryId)).callbacks).toHaveLength(1);
    },
  );

  test('an execution that is not visible for longer than two seconds is no query', async () => {
    api.cloud.stepFunctions.hideNewExecutions(60_000);
    api.cloud.athena.delayQueries({ queued: 90_000 });
    await live(async () => {
      const id = await submit();
      expect(said(await owner.get(`/${id}`))).toEqual([404, 'NoSuchQuery']);
    });
  });

  test.each(['a.b', 'a%20b', '%27%22%24%5C', 'x'.repeat(200), '..%2F..'])('what is no id is no query: %s', async (id) => {
    expect(said(await owner.get(`/${id}`))).toEqual([404, 'NoSuchQuery']);
  });

  test('the 202 says where the query is', async () => {
    const { headers, body } = await owner.postJson({ Query: SELECT, CallbackUrl: CALLBACK_URL });
    expect(headers.location).toBe(`/prod/queries/${body.QueryId}`);
    await api.ended(String(body.QueryId));
  });

  describe('with an idempotency key', () => {
    const request = (IdempotencyKey: string, Query = SELECT) => ({ Query, CallbackUrl: CALLBACK_URL, IdempotencyKey });
    const idsOf = (answers: readonly ApiAnswer[]) => new Set(answers.map(({ body }) => body.QueryId));

    test('the same request is one query while it runs: again, in parallel, and from another session of the role', async () => {
      api.cloud.athena.delayQueries({ queued: 600_000 });
      const before = await api.executions();
      const answers = await live(async () => [
        await owner.postJson(request('again')),
        ...await Promise.all([owner, sameRole, owner].map((caller) => caller.postJson(request('again')))),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
      expect(idsOf(answers).size).toBe(1);
      expect(await api.executions()).toBe(before + 1);
      const { callbacks } = await api.ended(String(answers[0].body.QueryId));
      expect(callbacks).toHaveLength(1);
    });

    test('it is refused after its end, and with another body, with the id of the first', async () => {
      const first = await owner.postJson(request('once'));
      await api.ended(String(first.body.QueryId));
      for (const body of [request('once'), request('once', 'SELECT 2')]) {
        const { status, body: answer, headers } = await owner.postJson(body);
        expect([status, answer]).toEqual([409, { Code: 'DuplicateRequest', Message: expect.any(String), QueryId: first.body.QueryId }]);
        expect(headers.location).toBe(`/prod/queries/${first.body.QueryId}`);
        expect((await owner.get(`/${answer.QueryId}`)).body).toMatchObject({ State: 'SUCCEEDED' });
      }
    });

    test('another caller has keys of its own', async () => {
      const answers = [await owner.postJson(request('shared')), await stranger.postJson(request('shared'))];
      expect(answers.map(({ status }) => status)).toEqual([202, 202]);
      expect(idsOf(answers).size).toBe(2);
      for (const { body } of answers) await api.ended(String(body.QueryId));
    });

    test.each(['', 'a_b', 'a b', 'x'.repeat(41), 'a\n'])('a key that is none is refused: %j', async (key) => {
      expect((await owner.postJson(request(key))).status).toBe(400);
    });
  });
});
