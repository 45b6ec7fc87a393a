import { Run } from './deployed-api';
import { CSV, DAY, entered, failed, isLoop, Look, LookedAtQueries, MINUTE, said, useQueries } from './looked-at-queries';
import { ServiceError } from '../../local/aws/service';
import { JsonObject } from '../../local/json';

const UNKNOWN = '0b8f6d9e-4a57-4c1f-9d55-3f3c0d6a1e10';

type Answers = { readonly status: JsonObject; readonly result: readonly [number, string]; readonly cancel: readonly [number, string] };

/** How a query is brought into a state, at which it is looked at, and how it then ends. */
interface Situation extends Answers {
  /** Calls `look` while the query is in the state. */
  readonly arrange: (look: Look) => Promise<Run | undefined>;
  /** What becomes of it after all of that; `cancelled` where the owner's cancellation was accepted. */
  readonly ends: string;
}

describe('state × verb × caller', () => {
  let queries: LookedAtQueries;
  useQueries((deployed) => {
    queries = deployed;
  });

  const lookAfter = (arrange: () => Promise<string>): Situation['arrange'] => async (look) => {
    const queryId = await arrange();
    await look(queryId);
    return undefined;
  };

  const PENDING = { Delivery: 'PENDING', ClientReference: 'order 17', SubmissionDateTime: expect.any(Number) };
  const ENDED = { ClientReference: 'order 17', SubmissionDateTime: expect.any(Number), CompletionDateTime: expect.any(Number), Statistics: expect.any(Object) };
  const OK = [200, ''] as const;

  const situations: Record<string, Situation> = {
    'not visible yet': {
      arrange: async (look) => {
        queries.api.cloud.stepFunctions.hideNewExecutions(1_000);
        queries.api.cloud.athena.delayQueries({ queued: 600_000 });
        return queries.lookWhen(entered('Start Query'), async (queryId) => {
          expect((await queries.owner.get(`/${queryId}`)).status).toBe(200);
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
        queries.failCalls('athena', 'StartQueryExecution', new ServiceError('TooManyRequestsException', 'Rate exceeded'), 10);
        return queries.lookWhen(failed, look);
      },
      status: { State: 'QUEUED', ...PENDING },
      result: [409, 'NotFinished'],
      cancel: [409, 'NotStarted'],
      ends: 'SUCCEEDED',
    },
    'queued': {
      arrange: async (look) => {
        queries.api.cloud.athena.delayQueries({ queued: 600_000 });
        return queries.lookWhen(isLoop, look);
      },
      status: { State: 'QUEUED', ...PENDING },
      result: [409, 'NotFinished'],
      cancel: [202, ''],
      ends: 'CANCELLED',
    },
    'running': {
      arrange: async (look) => {
        queries.api.cloud.athena.delayQueries({ queued: 0, running: 600_000 });
        return queries.lookWhen(entered('Is Query Finished'), look);
      },
      status: { State: 'RUNNING', ...PENDING },
      result: [409, 'NotFinished'],
      cancel: [202, ''],
      ends: 'CANCELLED',
    },
    'just finished, which the workflow has not seen': {
      arrange: async (look) => {
        queries.api.cloud.athena.delayQueries({ queued: 0, running: 1_500 });
        return queries.lookWhen(entered('Wait'), async (queryId) => {
          await queries.api.cloud.clock.sleep(1_700);
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
        const up = queries.api.now() + 60 * MINUTE;
        queries.api.receiver.answer(() => ({ status: queries.api.now() < up ? 503 : 204 }));
        return queries.lookWhen(failed, look);
      },
      status: { State: 'SUCCEEDED', ResultKind: 'OBJECT', Delivery: 'PENDING', ...ENDED },
      result: OK,
      cancel: [409, 'QueryEnded'],
      ends: 'SUCCEEDED',
    },
    'delivery failed': {
      arrange: lookAfter(async () => {
        queries.api.receiver.answer([{ status: 400 }]);
        return (await queries.api.ended(await queries.submit())).queryId;
      }),
      status: { State: 'SUCCEEDED', ResultKind: 'OBJECT', Delivery: 'FAILED', ...ENDED },
      result: OK,
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
    'redriven': {
      arrange: lookAfter(async () => {
        queries.api.receiver.answer([{ status: 400 }]);
        const { queryId } = await queries.api.ended(await queries.submit());
        queries.api.receiver.answer([{ status: 204 }]);
        return (await queries.api.redrive(queryId)).queryId;
      }),
      status: { State: 'SUCCEEDED', ResultKind: 'OBJECT', Delivery: 'DELIVERED', ...ENDED },
      result: OK,
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
    'delivered': {
      arrange: lookAfter(async () => (await queries.api.ended(await queries.submit())).queryId),
      status: { State: 'SUCCEEDED', ResultKind: 'OBJECT', Delivery: 'DELIVERED', ...ENDED },
      result: OK,
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
    'delivered as failed': {
      arrange: lookAfter(async () => (await queries.api.ended(await queries.submit("SELECT CAST('x' AS integer)"))).queryId),
      status: { State: 'FAILED', Delivery: 'DELIVERED', Reason: expect.any(String), ...ENDED },
      result: [409, 'NoResult'],
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
    'not started': {
      arrange: lookAfter(async () => (await queries.api.ended(await queries.submit('SELECT FROM WHERE'))).queryId),
      status: { State: 'FAILED', Delivery: 'DELIVERED', Reason: expect.any(String), ClientReference: 'order 17' },
      result: [409, 'NoResult'],
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
    'cancelled': {
      arrange: lookAfter(async () => queries.live(async () => {
        queries.api.cloud.athena.delayQueries({ queued: 600_000 });
        const there = queries.api.next(isLoop);
        const id = await queries.submit();
        await there;
        expect((await queries.owner.delete(`/${id}`)).status).toBe(202);
        await queries.api.ended(id);
        return id;
      })),
      status: { State: 'CANCELLED', Delivery: 'DELIVERED', ...ENDED },
      result: [409, 'NoResult'],
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
    'result expired': {
      arrange: lookAfter(async () => {
        const { queryId } = await queries.api.ended(await queries.submit());
        await queries.api.cloud.clock.sleep(40 * DAY);
        return queryId;
      }),
      status: { State: 'SUCCEEDED', ResultKind: 'OBJECT', Delivery: 'DELIVERED', ...ENDED },
      result: [410, 'ResultExpired'],
      cancel: [409, 'QueryEnded'],
      ends: '',
    },
  };

  /** Every verb by every caller; the owner cancels last. */
  async function checkAll(queryId: string, { status, result, cancel }: Answers): Promise<void> {
    await queries.signIn();
    const nothing = await queries.stranger.get(`/${UNKNOWN}`);
    expect(said(nothing)).toEqual([404, 'NoSuchQuery']);
    for (const answer of [await queries.stranger.get(`/${queryId}`), await queries.stranger.get(`/${queryId}/result`), await queries.stranger.delete(`/${queryId}`)]) {
      expect([answer.status, answer.body]).toEqual([404, nothing.body]);
    }
    for (const caller of [queries.owner, queries.sameRole, queries.reader]) {
      const answer = await caller.get(`/${queryId}`);
      expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ QueryId: queryId, ...status })]);
      expect(JSON.stringify(answer.body)).not.toMatch(/SELECT|Yq7Lw2|hooks|X-Amz|s3:/);
      const link = await caller.get(`/${queryId}/result`);
      expect(said(link)).toEqual(result);
      if (link.status === 200) expect(await queries.api.download(Object(link.body.QueryResult).PresignedUrl)).toEqual({ status: 200, body: CSV });
    }
    expect(said(await queries.reader.delete(`/${queryId}`))).toEqual([403, 'NotOwner']);
    expect(said(await queries.sameRole.delete(`/${queryId}`))).toEqual(cancel);
  }

  test.each(Object.entries(situations))('%s', async (_name, { arrange, ends, ...answers }) => {
    const run = await arrange((queryId) => checkAll(queryId, answers));
    if (run === undefined) return;
    // The truth is delivered, once, and nothing runs any more.
    expect(run.end.type).toBe('ExecutionSucceeded');
    const delivered = run.callbacks.filter(({ body }) => body.State.State === ends);
    expect(delivered).toHaveLength(run.callbacks.length);
    const { QueryExecutionId } = run.callbacks[0].body;
    expect(await queries.api.deployment.queryState(String(QueryExecutionId))).toBe(ends);
    await queries.signIn();
    expect((await queries.owner.get(`/${run.queryId}`)).body).toMatchObject({ State: ends, Delivery: 'DELIVERED' });
  });
});
