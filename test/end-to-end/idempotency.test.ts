import { CALLBACK_URL } from './deployed-api';
import { LookedAtQueries, SELECT, useQueries } from './looked-at-queries';
import { ApiAnswer } from '../../local/client/api-client';

describe('with an idempotency key', () => {
  let queries: LookedAtQueries;
  useQueries((deployed) => {
    queries = deployed;
  });

  const request = (IdempotencyKey: string, Query = SELECT) => ({ Query, CallbackUrl: CALLBACK_URL, IdempotencyKey });
  const idsOf = (answers: readonly ApiAnswer[]) => new Set(answers.map(({ body }) => body.QueryId));

  test('the same request is one query while it runs: again, in parallel, and from another session of the role', async () => {
    queries.api.cloud.athena.delayQueries({ queued: 600_000 });
    const before = await queries.api.executions();
    const answers = await queries.live(async () => [
      await queries.owner.postJson(request('again')),
      ...await Promise.all([queries.owner, queries.sameRole, queries.owner].map((caller) => caller.postJson(request('again')))),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(idsOf(answers).size).toBe(1);
    expect(await queries.api.executions()).toBe(before + 1);
    const { callbacks } = await queries.api.ended(String(answers[0].body.QueryId));
    expect(callbacks).toHaveLength(1);
  });

  test('it is refused after its end, and with another body, with the id of the first', async () => {
    const first = await queries.owner.postJson(request('once'));
    await queries.api.ended(String(first.body.QueryId));
    for (const body of [request('once'), request('once', 'SELECT 2')]) {
      const { status, body: answer, headers } = await queries.owner.postJson(body);
      expect([status, answer]).toEqual([409, { Code: 'DuplicateRequest', Message: expect.any(String), QueryId: first.body.QueryId }]);
      expect(headers.location).toBe(`/prod/queries/${first.body.QueryId}`);
      expect((await queries.owner.get(`/${answer.QueryId}`)).body).toMatchObject({ State: 'SUCCEEDED' });
    }
  });

  test('another caller has keys of its own', async () => {
    const answers = [await queries.owner.postJson(request('shared')), await queries.stranger.postJson(request('shared'))];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(idsOf(answers).size).toBe(2);
    for (const { body } of answers) await queries.api.ended(String(body.QueryId));
  });

  test.each(['', 'a_b', 'a b', 'x'.repeat(41), 'a\n'])('a key that is none is refused: %j', async (key) => {
    expect((await queries.owner.postJson(request(key))).status).toBe(400);
  });
});
