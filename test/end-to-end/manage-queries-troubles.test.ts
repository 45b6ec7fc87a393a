import { CALLBACK_URL } from './deployed-api';
import { entered, failed, isLoop, LookedAtQueries, MINUTE, said, SELECT, useQueries } from './looked-at-queries';
import { ENDLESS_QUERY } from './queries-stack';
import { ServiceError } from '../../local/aws/service';

describe('queries that are looked at', () => {
  let queries: LookedAtQueries;
  useQueries((deployed) => {
    queries = deployed;
  });

  test('a query that runs in the engine is stopped there', async () => {
    const run = await queries.live(async () => {
      const there = queries.api.next(entered('Is Query Finished'));
      const id = await queries.submit(ENDLESS_QUERY);
      await there;
      expect((await queries.owner.delete(`/${id}`)).status).toBe(202);
      return queries.api.ended(id);
    });
    expect(run.callbacks.map(({ body }) => body.State.State)).toEqual(['CANCELLED']);
  });

  test('two cancellations at once are one: the query is delivered as cancelled, once', async () => {
    queries.api.cloud.athena.delayQueries({ queued: 600_000 });
    const { run, answers } = await queries.live(async () => {
      const there = queries.api.next(isLoop);
      const id = await queries.submit();
      await there;
      const deleted = await Promise.all([queries.owner, queries.sameRole].map((caller) => caller.delete(`/${id}`)));
      return { run: await queries.api.ended(id), answers: deleted };
    });
    // The second one can find the query ended.
    expect(answers.map(said)).toContainEqual([202, '']);
    for (const answer of answers) expect([[202, ''], [409, 'QueryEnded']]).toContainEqual(said(answer));
    expect(run.callbacks.map(({ body }) => body.State.State)).toEqual(['CANCELLED']);
  });

  test('while a redrive runs, the callback is pending again, and the result can be fetched', async () => {
    queries.api.receiver.answer([{ status: 400 }]);
    const { queryId } = await queries.api.ended(await queries.submit());
    const up = queries.api.now() + 30 * MINUTE;
    queries.api.receiver.answer(() => ({ status: queries.api.now() < up ? 503 : 204 }));
    await queries.live(async () => {
      const again = queries.api.next(failed);
      await queries.api.deployment.redriveExecution(queries.api.executionArn(queryId));
      await again;
      expect((await queries.owner.get(`/${queryId}`)).body).toMatchObject({ State: 'SUCCEEDED', Delivery: 'PENDING' });
      expect((await queries.owner.get(`/${queryId}/result`)).status).toBe(200);
      expect(said(await queries.owner.delete(`/${queryId}`))).toEqual([409, 'QueryEnded']);
    });
    expect((await queries.api.ended(queryId)).end.type).toBe('ExecutionSucceeded');
    await queries.signIn();
    expect((await queries.owner.get(`/${queryId}`)).body).toMatchObject({ Delivery: 'DELIVERED' });
  });

  test.each([['stepFunctions', 'DescribeExecution'], ['stepFunctions', 'GetExecutionHistory'], ['athena', 'GetQueryExecution']] as const)(
    'while %s throttles %s, the answer is to try again, and no more is told', async (service, throttled) => {
      queries.api.cloud.athena.delayQueries({ queued: 600_000 });
      const queryId = await queries.live(async () => {
        const there = queries.api.next(isLoop);
        const id = await queries.submit();
        await there;
        const recover = queries.failCalls(service, throttled, new ServiceError('ThrottlingException', 'Rate exceeded for arn:aws:x'));
        const answer = await queries.owner.get(`/${id}`);
        recover();
        expect([answer.status, answer.body]).toEqual([503, { Code: 'TryAgain', Message: expect.not.stringContaining('arn:') }]);
        expect((await queries.owner.get(`/${id}`)).status).toBe(200);
        return id;
      });
      expect((await queries.api.ended(queryId)).callbacks).toHaveLength(1);
    },
  );

  describe('where the function itself does not answer', () => {
    /** By every verb, and not for good. */
    async function expectTryAgain(expected: readonly [status: number, code: string], trouble: () => () => void): Promise<void> {
      const queryId = await queries.submit();
      await queries.api.ended(queryId);
      const end = trouble();
      for (const [method, path] of [['GET', `/${queryId}`], ['GET', `/${queryId}/result`], ['DELETE', `/${queryId}`]]) {
        const { status, body } = await queries.owner.send(method, path);
        const [expectedStatus, Code] = expected;
        expect([status, body]).toEqual([expectedStatus, { Code, Message: 'The request could not be processed; try again later.' }]);
      }
      end();
      expect((await queries.owner.get(`/${queryId}`)).status).toBe(200);
    }

    test('because it is throttled, the answer of API Gateway is to try again', async () => {
      await expectTryAgain([500, 'Failed'], () => {
        const spy = jest.spyOn(queries.api.cloud.lambda, 'invoke').mockRejectedValue(new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429));
        return () => spy.mockRestore();
      });
    });

    test('because it fails or takes too long, the answer is to try again', async () => {
      for (const failure of [{ errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 25.00 seconds' }, { errorType: 'Runtime.ExitError' }]) {
        await expectTryAgain([503, 'TryAgain'], () => {
          const spy = jest.spyOn(queries.api.cloud.lambda, 'invoke')
            .mockResolvedValue({ statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled', payload: JSON.stringify(failure) });
          return () => spy.mockRestore();
        });
      }
    });
  });

  test.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'text/plain; charset=utf-8'])(
    'what a client says of a body that is not read changes nothing: %s', async (contentType) => {
      const queryId = await queries.submit();
      await queries.api.ended(queryId);
      for (const body of [undefined, '{"Caller":{"Id":"x"}}']) {
        const message = { headers: { 'content-type': contentType }, body };
        expect((await queries.owner.send('GET', `/${queryId}`, message)).body).toMatchObject({ QueryId: queryId, State: 'SUCCEEDED' });
        expect(said(await queries.stranger.send('GET', `/${queryId}`, message))).toEqual([404, 'NoSuchQuery']);
        expect(said(await queries.owner.send('DELETE', `/${queryId}`, message))).toEqual([409, 'QueryEnded']);
      }
    },
  );

  test('an execution that is not visible for longer than two seconds is no query', async () => {
    queries.api.cloud.stepFunctions.hideNewExecutions(60_000);
    queries.api.cloud.athena.delayQueries({ queued: 90_000 });
    await queries.live(async () => {
      const id = await queries.submit();
      expect(said(await queries.owner.get(`/${id}`))).toEqual([404, 'NoSuchQuery']);
    });
  });

  test.each(['a.b', 'a%20b', '%27%22%24%5C', 'x'.repeat(200), '..%2F..'])('what is no id is no query: %s', async (id) => {
    expect(said(await queries.owner.get(`/${id}`))).toEqual([404, 'NoSuchQuery']);
  });

  test('the 202 says where the query is', async () => {
    const { headers, body } = await queries.owner.postJson({ Query: SELECT, CallbackUrl: CALLBACK_URL });
    expect(headers.location).toBe(`/prod/queries/${body.QueryId}`);
    await queries.api.ended(String(body.QueryId));
  });
});
