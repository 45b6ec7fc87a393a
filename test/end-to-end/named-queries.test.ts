import { DeployedApi, CALLBACK_URL, Run } from './deployed-api';
import { needlessPermissions } from './permission-removal';
import { expectString, JsonObject } from '../../local/json';
import { AsyncAthenaQueryApi, AsyncAthenaQueryApiProps, NamedQuery, QueryableData, QueryCompletion, QueryParameter, SubmittedQueries } from '../../src';

/** `travel.trips` has the rows LAX JFK 17, JFK LAX -3, SFO SEA 0. */
const QUERIES = {
  trips: NamedQuery.of({
    sql: 'SELECT origin FROM trips WHERE (origin = :airport OR destination = :airport) AND delay >= :least '
      + "AND ':airport $ #' <> '' ORDER BY origin",
    parameters: { airport: QueryParameter.text(), least: QueryParameter.integer() },
  }),
  typed: NamedQuery.of({
    sql: "SELECT 'all' AS hit FROM trips WHERE origin = 'SFO' AND date '2026-01-31' = :day "
      + "AND timestamp '2026-01-31 06:30:00' = :moment AND 12.50 = :amount AND true = :flag",
    parameters: {
      day: QueryParameter.date(), moment: QueryParameter.timestamp(), amount: QueryParameter.decimalNumber(), flag: QueryParameter.trueOrFalse(),
    },
  }),
  broken: NamedQuery.of({ sql: 'SELECT CAST(destination AS integer) AS n FROM trips WHERE origin = :airport', parameters: { airport: QueryParameter.text() } }),
  count: NamedQuery.of({ sql: 'SELECT count(*) AS n FROM trips' }),
};

const named = (database: string): AsyncAthenaQueryApiProps => (
  { database: undefined, databases: [database, 'default'], submittedQueries: SubmittedQueries.named({ queries: QUERIES }) }
);

let api: DeployedApi;
let managed: DeployedApi;
/** Where every query has parameters. */
let always: DeployedApi;
/** Any SQL, in one of two databases. */
let anySql: DeployedApi;
beforeAll(async () => {
  api = await DeployedApi.start({
    queries: ({ database }) => named(database.ref),
    customise: (stack) => {
      const database = stack.database.ref;
      const siblings: Record<string, AsyncAthenaQueryApiProps> = {
        Managed: { ...named(database), queryCompletion: QueryCompletion.managed() },
        Always: { database, submittedQueries: SubmittedQueries.named({ queries: { trips: QUERIES.trips } }) },
        AnySql: { database, databases: [database, 'default'] },
      };
      for (const [id, props] of Object.entries(siblings)) {
        const queries = new AsyncAthenaQueryApi(stack, id, {
          ...props,
          queryableData: [QueryableData.glueTables({ database, tables: ['trips'], bucket: stack.data, prefix: 'trips/' })],
        });
        queries.grantInvoke(stack.analysts);
        stack.exportValue(queries.queriesUrl, { name: `${id}Url` });
      }
    },
  });
  [managed, always, anySql] = ['Managed', 'Always', 'AnySql'].map((id) => api.sibling(id, `Export${id}Url`));
}, 300_000);
afterAll(async () => api.close());

const request = (QueryName: string, Parameters?: JsonObject): JsonObject => ({ QueryName, Database: 'travel', CallbackUrl: CALLBACK_URL, ...(Parameters && { Parameters }) });

async function run(body: JsonObject, of: DeployedApi = api): Promise<Run> {
  const { status, body: answer } = await of.client.postJson(body);
  expect({ status, answer }).toEqual({ status: 202, answer: { QueryId: expect.any(String) } });
  return of.ended(expectString(answer.QueryId, 'QueryId'));
}

async function result({ callbacks: [callback] }: Run): Promise<string> {
  expect(callback.body.State.State).toBe('SUCCEEDED');
  return (await api.download(api.linkOf(callback))).body;
}

test.each<[string, JsonObject | undefined, string]>([
  ['trips', { airport: 'LAX', least: -3 }, '"origin"\n"JFK"\n"LAX"\n'],
  ['trips', { airport: 'LAX', least: 0 }, '"origin"\n"LAX"\n'],
  ['trips', { airport: "' OR '1' = '1", least: -100 }, '"origin"\n'],
  ['trips', { airport: "\\' OR 1 = 1 -- \n$#", least: -100 }, '"origin"\n'],
  ['typed', { day: '2026-01-31', moment: '2026-01-31T06:30:00', amount: '12.5', flag: true }, '"hit"\n"all"\n'],
  ['count', undefined, '"n"\n"3"\n'],
])('%s with %j', async (name, parameters, expected) => {
  expect(await result(await run(request(name, parameters)))).toBe(expected);
});

test('QueryCompletion.managed runs queries with parameters and without, and finds those that fail', async () => {
  expect(await result(await run(request('trips', { airport: 'LAX', least: 0 }), managed))).toBe('"origin"\n"LAX"\n');
  expect(await result(await run(request('count'), managed))).toBe('"n"\n"3"\n');
  const { callbacks: [{ body }], events } = await run(request('broken', { airport: 'LAX' }), managed);
  expect(body.State.State).toBe('FAILED');
  expect(events.filter(({ type }) => type === 'TaskStateEntered').map(({ details }) => details.state)).toContain('Find Query With Parameters');
});

const statesOf = ({ events }: Run): (string | undefined)[] => (
  events.filter(({ type }) => type.endsWith('StateEntered')).map(({ details }) => details.state)
);

test('where every query has parameters, nothing asks whether one has', async () => {
  const { Database: _, ...body } = request('trips', { airport: 'LAX', least: 0 });
  const asked = await run(body, always);
  expect(await result(asked)).toBe('"origin"\n"LAX"\n');
  expect(statesOf(asked)[0]).toBe('Start Query');
  const { status } = await always.client.postJson({ QueryName: 'trips', CallbackUrl: CALLBACK_URL });
  expect(status).toBe(400);
});

describe('any SQL, where a request chooses the database', () => {
  const sql = { Query: 'SELECT count(*) AS n FROM trips', CallbackUrl: CALLBACK_URL };

  test.each([['the one that is chosen', { ...sql, Database: 'travel' }], ['else the default one', sql]])('runs in %s', async (_, body) => {
    const asked = await run(body, anySql);
    expect(await result(asked)).toBe('"n"\n"3"\n');
    expect(statesOf(asked)[0]).toBe('Start Query');
  });

  test('does not run in another one, of which the caller learns', async () => {
    const { callbacks: [{ body }] } = await run({ ...sql, Database: 'default' }, anySql);
    expect(body).toMatchObject({ State: { State: 'FAILED' }, Reason: expect.stringContaining('glue:BatchGetTable') });
    const { status, body: answer } = await anySql.client.postJson({ ...sql, Database: 'secrets' });
    expect({ status, answer }).toEqual({ status: 400, answer: { Code: 'BadRequestBody', Message: expect.stringContaining('Database') } });
  });

  test('keeps the SQL out of the state, once the query is started', async () => {
    const { events } = await run({ ...sql, Query: "SELECT 'A-SECRET-VALUE' AS secret", Database: 'travel' }, anySql);
    const started = events.findIndex(({ type, details }) => type === 'TaskStateExited' && details.state === 'Start Query');
    expect(started).toBeGreaterThan(0);
    const later = events.slice(started).filter(({ type }) => type.endsWith('StateExited') || type.endsWith('StateEntered') || type === 'ExecutionSucceeded');
    expect(JSON.stringify(later)).not.toContain('A-SECRET-VALUE');
  });
});

test('the rights to start and to watch a query are all needed, and none is missed', async () => {
  const needless = await needlessPermissions({
    cloud: api.cloud,
    roles: api.cloud.roles.list().filter(({ name }) => /Queries(Query|Api)Role/.test(name)),
    observable: (action, { name }) => ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'states:StartExecution'].includes(action)
      || (action === 'lambda:InvokeFunction' && name.includes('QueryRole')),
    // Without a right to watch, the workflow asks again until its retries are used up, and then fails.
    works: async () => {
      try {
        return (await run(request('trips', { airport: 'LAX', least: 0 }))).callbacks.at(-1)?.body.State.State === 'SUCCEEDED';
      } catch {
        return false;
      }
    },
  });
  expect(needless).toEqual([]);
});

test('neither the SQL nor a value is in the state once the query is started, nor in the output', async () => {
  const { events } = await run(request('trips', { airport: 'A-SECRET-VALUE', least: 0 }));
  const started = events.findIndex(({ type, details }) => type === 'TaskStateExited' && details.state === 'Start Query With Parameters');
  expect(started).toBeGreaterThan(0);
  const later = events.slice(started).filter(({ type }) => type.endsWith('StateExited') || type.endsWith('StateEntered') || type === 'ExecutionSucceeded');
  expect(later.length).toBeGreaterThan(3);
  expect(JSON.stringify(later)).not.toMatch(/A-SECRET-VALUE|SELECT origin/);
});

test('a database that is not chosen is the default one, which has no such table', async () => {
  const { Database: _, ...body } = request('count');
  const { callbacks: [{ body: { State } }] } = await run(body);
  expect(State.State).toBe('FAILED');
});

test.each<[string, JsonObject]>([
  ['SQL', { Query: 'SELECT 1', CallbackUrl: CALLBACK_URL }],
  ['SQL beside a name', { ...request('count'), Query: 'SELECT 1' }],
  ['an unknown name', request('other')],
  ['a missing parameter', request('trips', { airport: 'LAX' })],
  ['a surplus parameter', request('trips', { airport: 'LAX', least: 0, most: 1 })],
  ['a value of another type', request('trips', { airport: 'LAX', least: '0' })],
  ['another database', { ...request('count'), Database: 'secrets' }],
])('%s is refused, in words that say what is taken', async (_, body) => {
  const { status, body: answer } = await api.client.postJson(body);
  expect({ status, answer }).toEqual({ status: 400, answer: { Code: 'BadRequestBody', Message: expect.stringContaining('QueryName') } });
});

test('nothing went wrong in the local cloud', () => {
  api.assertNoFaults();
});
