import * as fc from 'fast-check';
import {
  answerOf, ATHENA_ID, BEGUN, DELIVERED, deliveryBegins, deliveryOf, entered, event, FILES, INPUT, NOW, outputOf, OWNER, quiet, QUERY_ID,
  RUNNING, running, scheduled, serviceError, services, STARTED, STRANGER, submitted, succeeded, World,
} from './harness';
import { MANAGE_CONTRACT, MANAGE_OPERATIONS, MANAGE_REFUSALS } from '../../../../src/async-athena-query-api/contracts/manage-query';
import { LinkCloud } from '../../../../src/async-athena-query-api/delivery/function/link-session';
import { manageQuery } from '../../../../src/async-athena-query-api/management/function/manage-query';
import { released, releasedNames } from '../../../support/released';

describe('requests of every release', () => {
  const worlds: Record<string, World> = { 'cancel': RUNNING, 'next-page': FILES };

  test.each([1, 2].flatMap((contract) => releasedNames('manage-query', contract).map((name) => [contract, name] as const)))(
    'of contract %i, %s is answered as ever', async (contract, name) => {
      expect(await answerOf(released('manage-query', contract, name), worlds[name] ?? DELIVERED)).toEqual(released('manage-query', contract, `${name}.answer`));
    },
  );

  test('there are some of this release, of every operation', () => {
    const operations = releasedNames('manage-query', MANAGE_CONTRACT).map((name) => released<{ Operation: string }>('manage-query', MANAGE_CONTRACT, name).Operation);
    expect([...new Set(operations)].sort()).toEqual([...MANAGE_OPERATIONS].sort());
  });

  test.each([
    ['nothing', undefined], ['a text', 'x'], ['no contract', {}], ['another contract', { ...event('GetQuery'), contract: 3 }],
    ['a page of what has none', { ...event('GetQuery'), contract: 2, NextToken: '' }], ['no page', { ...event('GetQueryResult'), contract: 2 }],
    ['a page in contract 1', { ...event('GetQueryResult'), NextToken: '' }],
    ['an unknown operation', { ...event('GetQuery'), Operation: 'DropQuery' }], ['more', { ...event('GetQuery'), Owner: 'x' }],
    ['no id', { ...event('GetQuery'), QueryId: undefined }], ['a caller with more', event('GetQuery', { Caller: { ...OWNER, ...{ Admin: true } } })],
    ['a caller without an ARN', { ...event('GetQuery'), Caller: { Id: 'x' } }],
  ])('an event with %s is refused, and nothing is asked of AWS', async (_what, request) => {
    const describeExecution = jest.fn();
    expect(await answerOf(request, DELIVERED, { queryCloud: { describeExecution } })).toMatchObject({ StatusCode: 500, Body: { Code: 'InternalError' } });
    expect(describeExecution).not.toHaveBeenCalled();
  });
});

describe('how a query stands', () => {
  const look = async (world: World) => (await answerOf(event('GetQuery'), world)).Body;
  const failing = [quiet('TaskFailed'), scheduled({ QueryString: 'SELECT 1' }), quiet('TaskStarted')];

  test('what is newest in the history decides, whatever happened before', async () => {
    const silent = fc.array(fc.constantFrom(
      quiet('TaskStarted'), quiet('TaskFailed'), quiet('ExecutionRedriven'), quiet('ExecutionFailed'), entered('Query Not Started', { StartError: {} }),
      succeeded({ ExecutedVersion: '$LATEST', Payload: { CallbackStatusCode: 204 } }), scheduled({ QueryString: 'SELECT 1' }),
    ), { maxLength: 40 });
    const started = fc.constantFrom(
      succeeded({ QueryExecutionId: ATHENA_ID }), scheduled({ QueryExecutionId: ATHENA_ID }), entered('Wait', { AthenaRequest: { QueryExecutionId: ATHENA_ID } }),
      succeeded({ QueryExecution: running() }), submitted({ QueryExecutionId: ATHENA_ID }),
    ).map((told) => ({ told, expected: { State: 'RUNNING' } }));
    const delivery = fc.constantFrom(
      ...['succeeded', 'failed', 'cancelled'].flatMap((name) => [1, 2].map((contract) => ({
        told: deliveryBegins(deliveryOf(name, contract)), expected: { State: name.toUpperCase() },
      }))),
    );
    const telling = fc.array(fc.tuple(silent, fc.oneof(started, delivery)), { maxLength: 6 });
    await fc.assert(fc.asyncProperty(telling, silent, async (before, after) => {
      const history = [...BEGUN, ...before.flatMap(([quietly, { told }]) => [...quietly, told]), ...after];
      const expected = before.at(-1)?.[1].expected ?? { State: 'QUEUED' };
      expect(await look({ ...RUNNING, history })).toMatchObject({ ...expected, Delivery: 'PENDING' });
    }));
  });

  test.each<[string, World, object]>([
    ['accepted', { history: [] }, { State: 'QUEUED', Delivery: 'PENDING', SubmissionDateTime: Date.parse('2026-11-24T08:00:00.123Z') }],
    ['start retried', { history: [...BEGUN, ...Array.from({ length: 30 }, () => failing).flat()] }, { State: 'QUEUED', Delivery: 'PENDING' }],
    ['queued', { ...RUNNING, query: running('QUEUED') }, { State: 'QUEUED', QueryExecutionId: ATHENA_ID }],
    ['redriven', { ...RUNNING, status: 'PENDING_REDRIVE' }, { State: 'RUNNING', Delivery: 'PENDING' }],
    ['delivered by an older release', { status: 'SUCCEEDED', output: { CallbackStatusCode: 204 }, history: [...STARTED, deliveryBegins(deliveryOf('succeeded', 1))] },
      { State: 'SUCCEEDED', Delivery: 'DELIVERED', ClientReference: 'order 17', ResultKind: 'OBJECT' }],
    ['delivery failed', { status: 'FAILED', history: [...STARTED, deliveryBegins(deliveryOf('succeeded')), quiet('TaskFailed'), quiet('ExecutionFailed')] },
      { State: 'SUCCEEDED', Delivery: 'FAILED' }],
    ['stopped while it ran', { ...RUNNING, status: 'ABORTED' }, { State: 'RUNNING', Delivery: 'FAILED' }],
    // The end is the execution's, whenever it is looked at.
    ['stopped before it was started', { status: 'ABORTED', history: BEGUN, stopDate: new Date(NOW - 5_000) },
      { State: 'FAILED', Delivery: 'FAILED', Reason: 'NotStarted', CompletionDateTime: NOW - 5_000 }],
  ])('%s', async (_what, world, expected) => {
    expect(await look(world)).toMatchObject({ QueryId: QUERY_ID, ...expected });
  });

  test('a query that Athena has forgotten is none, but may be asked for again while its execution runs', async () => {
    const forgotten = { history: STARTED, query: undefined };
    for (const Operation of MANAGE_OPERATIONS) {
      expect(await answerOf(event(Operation), { ...forgotten, status: 'FAILED' })).toMatchObject({ StatusCode: 404, Body: { Code: 'NoSuchQuery' } });
      expect(await answerOf(event(Operation), { ...forgotten, status: 'RUNNING' })).toMatchObject({ StatusCode: 503, Body: { Code: 'TryAgain' } });
    }
  });
});

describe('a query is cancelled', () => {
  const code = async (world: World, stopped = true) => {
    const stopQuery = jest.fn(async (_id: string) => stopped);
    const { StatusCode, Body } = await answerOf(event('CancelQuery'), world, { queryCloud: { stopQuery } });
    return [StatusCode, 'Code' in Body ? Body.Code : '', stopQuery.mock.calls];
  };

  test('while it runs, once for every request', async () => {
    expect(await code(RUNNING)).toEqual([202, '', [[ATHENA_ID]]]);
  });
  test('unless it ends meanwhile', async () => {
    expect(await code(RUNNING, false)).toEqual([409, 'QueryEnded', [[ATHENA_ID]]]);
    expect(await code({ ...RUNNING, query: running('CANCELLED') })).toEqual([409, 'QueryEnded', []]);
    expect(await code(DELIVERED)).toEqual([409, 'QueryEnded', []]);
  });
  test('not before it is started, which takes whole minutes at most', async () => {
    expect(await code({ history: BEGUN })).toEqual([409, 'NotStarted', []]);
    expect((await answerOf(event('CancelQuery'), { history: BEGUN })).Body).toMatchObject({ Message: expect.stringContaining(' 11 minutes ') });
  });
});

describe('who may see a query', () => {
  const as = async (Caller: typeof OWNER, queryReaders?: string[], input: unknown = INPUT) => (
    await answerOf(event('GetQuery', { Caller }), { ...DELIVERED, input }, { config: { queryReaders } })
  ).StatusCode;
  const session = (role: string, account = '111122223333') => ({ Id: 'AROAREADER', Arn: `arn:aws:sts::${account}:assumed-role/${role}/on-call` });
  const readers = ['arn:aws:iam::111122223333:role/deep/path/readers', 'arn:aws:iam::111122223333:user/people/anna', 'arn:aws-cn:iam::111122223333:role/r'];

  test.each([
    ['a reader by role', session('readers')], ['a reader by a short role', session('r')], ['a user', { Id: 'AIDA', Arn: readers[1] }], ['the owner', OWNER],
  ])('%s', async (_who, caller) => {
    expect(await as(caller, readers)).toBe(200);
  });

  test.each([
    ['the same name in another account', session('readers', '444455556666')], ['a longer name', session('readers2')], ['a shorter name', session('reader')],
    ['a role named by the path', session('path')], ['a session with the name of the role', { Id: 'x', Arn: 'arn:aws:sts::111122223333:assumed-role/x/readers' }],
    ['another user', { Id: 'x', Arn: 'arn:aws:iam::111122223333:user/people/anna2' }], ['a user without the path', { Id: 'x', Arn: 'arn:aws:iam::111122223333:user/anna' }],
    ['a user named like the role', { Id: 'x', Arn: 'arn:aws:iam::111122223333:user/readers' }], ['the root', { Id: '111122223333', Arn: 'arn:aws:iam::111122223333:root' }],
    ['nobody', { Id: '', Arn: '' }], ['a prefix of the owner', { Id: 'AROAEXAMPL', Arn: '' }], ['more than the owner', { Id: 'AROAEXAMPLE:one', Arn: '' }],
    ['the owner in other letters', { Id: 'aroaexample', Arn: '' }],
  ])('not %s', async (_who, caller) => {
    expect(await as(caller, readers)).toBe(404);
    expect(await as(caller)).toBe(404);
  });

  test.each([[undefined], [{ ApiRequest: INPUT.ApiRequest }], [{ ...INPUT, Caller: { Id: '' } }], [{ ...INPUT, Caller: { Id: null } }], ['x']])(
    'a query without an owner is a reader\'s and nobody else\'s: %j', async (input) => {
      expect(await as(session('readers'), readers, input ?? null)).toBe(200);
      for (const Id of ['', 'undefined', 'null', OWNER.Id]) expect(await as({ Id, Arn: '' }, readers, input ?? null)).toBe(404);
    },
  );

  test('a stranger learns nothing: not from the answer, the calls, or the time they take', async () => {
    const observe = async (world: World, missing: boolean) => {
      const describeExecution = jest.fn(async () => {
        if (missing) return undefined;
        return services(world).queryCloud.describeExecution('');
      });
      const attempt = services(world, { queryCloud: { describeExecution } });
      const answer = await manageQuery(event('CancelQuery', { Caller: STRANGER }), attempt);
      return { answer, waits: attempt.waits, calls: describeExecution.mock.calls.length, lines: attempt.lines };
    };
    const unknown = await observe(DELIVERED, true);
    expect(unknown.answer.StatusCode).toBe(404);
    expect(unknown.waits.reduce((sum, wait) => sum + wait)).toBe(2_000);
    for (const world of [DELIVERED, RUNNING, { history: BEGUN }]) expect(await observe(world, false)).toEqual(unknown);
  });

  test('a reader looks and fetches, but does not cancel', async () => {
    const Caller = session('readers');
    const by = async (Operation: typeof MANAGE_OPERATIONS[number], world: World) => (
      await answerOf(event(Operation, { Caller }), world, { config: { queryReaders: readers } })
    ).StatusCode;
    expect([await by('GetQuery', RUNNING), await by('GetQueryResult', DELIVERED), await by('CancelQuery', RUNNING)]).toEqual([200, 200, 403]);
  });
});

test.each([0, 1, 2, 3, 4, 5])('an execution that is visible after %i looks is found', async (looks) => {
  let asked = 0;
  const attempt = services(DELIVERED);
  const describeExecution = async (arn: string) => {
    if (asked++ < looks) return undefined;
    return attempt.queryCloud.describeExecution(arn);
  };
  expect((await manageQuery(event('GetQuery'), { ...attempt, queryCloud: { ...attempt.queryCloud, describeExecution } })).StatusCode).toBe(200);
  expect(attempt.waits).toHaveLength(looks);
});

describe('links', () => {
  const fetched = async (world: World, overrides?: Parameters<typeof answerOf>[2]) => {
    const { StatusCode, Body } = await answerOf(event('GetQueryResult'), world, overrides);
    return [StatusCode, 'Code' in Body ? Body.Code : ''];
  };
  const moved = { config: { resultLocation: 's3://results-bucket/new/' } };

  test('of a result under a former prefix there is one, and under none of the prefixes none', async () => {
    expect(await fetched(DELIVERED, { config: { ...moved.config, formerResultLocations: ['s3://results-bucket/results/'] } })).toEqual([200, '']);
    expect(await fetched(DELIVERED, moved)).toEqual([409, 'NoResult']);
  });
  test('of a result that another query has written there is one', async () => {
    expect(await fetched({ ...DELIVERED, output: { ...outputOf('succeeded'), OutputLocation: 's3://results-bucket/results/another.csv' } })).toEqual([200, '']);
  });
  test('of what is gone there is none', async () => {
    expect(await fetched(DELIVERED, { linkCloud: { headObject: async () => Promise.reject(serviceError('NotFound', 404)) } })).toEqual([410, 'ResultExpired']);
  });
  test.each([['failed', 409, 'NoResult'], ['cancelled', 409, 'NoResult'], ['ctas', 409, 'NoResult'], ['start-error', 409, 'NoResult']])('of %s there is none', async (name, ...said) => {
    expect(await fetched({ ...DELIVERED, output: outputOf(name) })).toEqual(said);
  });
});

describe('whatever fails', () => {
  const word = 'zqsecretword';
  const fails = (name: string) => async (): Promise<never> => {
    throw Object.assign(serviceError(name, 400, `arn:aws:iam::111122223333:role/${word} may not`), { input: word, $response: { body: word } });
  };
  const asked = { ...INPUT, ApiRequest: { Query: `SELECT '${word}'`, CallbackUrl: `https://${word}.example.com/`, ClientReference: `${word}` } };
  const calls = ['describeExecution', 'latestEvents', 'queryExecution', 'stopQuery'] as const;
  const linkCalls = ['assumeRole', 'headObject', 'signGetObject'] as const;
  const errors = ['ThrottlingException', 'AccessDeniedException', 'TooManyRequestsException', 'KmsAccessDeniedException', 'TimeoutError', word];
  const failures = errors.flatMap((name) => [
    ...calls.map((call) => ({ call, name, operation: 'CancelQuery' as const, world: RUNNING, overrides: { queryCloud: { [call]: fails(name) } } })),
    ...linkCalls.map((call) => ({ call, name, operation: 'GetQueryResult' as const, world: DELIVERED, overrides: { linkCloud: { [call]: fails(name) } } })),
  ]);

  test.each(failures)('$call with $name can be tried again, and nobody learns of the account or the query', async ({ operation, world, overrides }) => {
    const attempt = services({ ...world, input: asked }, overrides);
    const answer = await manageQuery(event(operation), attempt);
    expect(answer).toEqual({ StatusCode: MANAGE_REFUSALS.TryAgain, Body: { Code: 'TryAgain', Message: expect.any(String) } });
    expect(JSON.stringify([answer, attempt.lines])).not.toMatch(new RegExp(`${word}|arn:`));
    expect(attempt.lines).toHaveLength(1);
  });

  test('no line says what was asked, who asked, where to, or what came of it', async () => {
    const link = { signGetObject: async () => `https://link.example.com/?X-Amz-Signature=${word}` };
    for (const world of [DELIVERED, RUNNING, { history: BEGUN }, { status: 'FAILED' as const, history: [...STARTED, deliveryBegins({ contract: 2, [word]: word })] }]) {
      for (const Operation of MANAGE_OPERATIONS) {
        for (const change of [{}, { QueryId: `../${word}` }, { Caller: { Id: word, Arn: `arn:aws:iam::111122223333:user/${word}` } }]) {
          const attempt = services({ ...world, input: asked }, { linkCloud: link });
          await manageQuery(event(Operation, change), attempt);
          expect(attempt.lines).toHaveLength(1);
          expect(attempt.lines[0]).not.toMatch(new RegExp(`${word}|AROA|https|s3:|arn:`));
        }
      }
    }
  });
});

describe('files', () => {
  const nextPage = released<object>('manage-query', 2, 'next-page');
  const fetched = async (request: unknown, world: World, overrides?: Parameters<typeof answerOf>[2]) => {
    const { StatusCode, Body } = await answerOf(request, world, overrides);
    return [StatusCode, 'Code' in Body ? Body.Code : ''];
  };

  test('are listed for their owner before and after the delivery, and a stranger is told of no query, whatever the token', async () => {
    const pending = { ...FILES, status: 'RUNNING' as const, output: undefined, history: [...STARTED, deliveryBegins(deliveryOf('unload', 4))] };
    for (const world of [FILES, pending]) {
      expect((await answerOf(event('GetQueryResult'), world)).Body).toMatchObject({ QueryResult: { FileCount: 2, Files: [{ SizeInBytes: 512 }, { SizeInBytes: 512 }] } });
      expect((await answerOf(event('GetQuery'), world)).Body).toMatchObject({ ResultKind: 'FILES' });
    }
    for (const NextToken of ['', 'x']) {
      const asked = { ...nextPage, NextToken, Caller: STRANGER };
      expect(await fetched(asked, FILES)).toEqual([404, 'NoSuchQuery']);
    }
  });

  test('have no page that begins with what no page has told', async () => {
    for (const NextToken of ['x', 'é', '{}', Buffer.from(`${QUERY_ID} x y`).toString('base64url'), Buffer.from('another-query 2 y').toString('base64url')]) {
      expect(await fetched({ ...nextPage, NextToken }, FILES)).toEqual([400, 'InvalidNextToken']);
    }
    // Of one object there is one page.
    expect(await fetched(nextPage, DELIVERED)).toEqual([400, 'InvalidNextToken']);
    expect(await fetched(nextPage, RUNNING)).toEqual([409, 'NotFinished']);
  });

  test('that are gone are told to be', async () => {
    const linkCloud = { listObjects: async () => ({}), readRange: async () => Buffer.from('s3://results-bucket/results/x/a\n') };
    expect(await fetched(event('GetQueryResult'), FILES, { linkCloud })).toEqual([410, 'ResultExpired']);
    expect(await fetched(event('GetQueryResult'), FILES, { linkCloud: { ...linkCloud, readRange: async () => Buffer.from('') } })).toEqual([200, '']);
  });
});

describe('a query of which Athena does not say what it was', () => {
  const { State: { AthenaResult: { QueryExecution } } } = released<{ State: { AthenaResult: { QueryExecution: object } } }>('deliver', 4, 'kind-not-said');
  const world = { ...RUNNING, query: QueryExecution };
  const kind = async (linkCloud?: Partial<LinkCloud>) => {
    const looked = await answerOf(event('GetQuery'), world, { linkCloud });
    const fetched = await answerOf(event('GetQueryResult'), world, { linkCloud });
    return ['ResultKind' in looked.Body ? looked.Body.ResultKind : looked.Body, fetched.StatusCode];
  };

  test('has left what is there', async () => {
    expect(await kind()).toEqual(['OBJECT', 200]);
    expect(await kind({ listObjects: async () => ({}) })).toEqual(['NONE', 409]);
  });
});
