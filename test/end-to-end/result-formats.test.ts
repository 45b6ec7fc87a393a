import { gunzipSync } from 'node:zlib';
import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DeployedApi, CALLBACK_URL, Callback, Run } from './deployed-api';
import { removals } from './permission-removal';
import { isObject, JsonObject, expectString } from '../../local/json';
import {
  AsyncAthenaQueryApi, AsyncAthenaQueryApiProps, NamedQuery, QueryableData, QueryCompletion, QueryParameter, ResultFormat, SubmittedQueries,
} from '../../src';

/** `travel.trips` has the rows LAX JFK 17, JFK LAX -3, SFO SEA 0. */
const SELECT = 'SELECT origin, delay FROM trips ORDER BY origin';
const ROWS = [{ origin: 'JFK', delay: -3 }, { origin: 'LAX', delay: 17 }, { origin: 'SFO', delay: 0 }];
const CSV = '"origin","delay"\n"JFK","-3"\n"LAX","17"\n"SFO","0"\n';

const NAMED: AsyncAthenaQueryApiProps = {
  queryCompletion: QueryCompletion.managed(),
  resultFormats: [ResultFormat.parquet(), ResultFormat.csv()],
  // A quote means something in SQL.
  resultPrefix: "it's/",
  submittedQueries: SubmittedQueries.named({
    queries: {
      trips: NamedQuery.of({
        sql: 'SELECT origin, delay FROM trips WHERE delay >= :least ORDER BY origin; -- the semicolon goes', parameters: { least: QueryParameter.integer() },
      }),
      all: NamedQuery.of({ sql: `${SELECT} -- all of them` }),
    },
  }),
};

let api: DeployedApi;
let named: DeployedApi;
beforeAll(async () => {
  api = await DeployedApi.start({
    queries: () => ({
      resultFormats: [ResultFormat.csv(), ResultFormat.parquet(), ResultFormat.json(), ResultFormat.textFile({ fieldDelimiter: '|' })],
      resultReuse: Duration.hours(1),
      deliveryWindow: Duration.minutes(1),
    }),
    customise: (stack) => {
      const queries = new AsyncAthenaQueryApi(stack, 'Named', {
        ...NAMED,
        resultEncryptionKey: new Key(stack, 'ResultKey'),
        database: stack.database.ref,
        queryableData: [QueryableData.glueTables({ database: stack.database.ref, tables: ['trips'], bucket: stack.data, prefix: 'trips/' })],
      });
      queries.grantInvoke(stack.analysts);
      stack.exportValue(queries.queriesUrl, { name: 'NamedUrl' });
    },
  });
  named = api.sibling('Named', 'ExportNamedUrl');
}, 300_000);
afterEach(() => api.assertNoFaults());
afterAll(async () => api.close());

async function run(of: DeployedApi, request: JsonObject): Promise<Run & { readonly callback: Callback }> {
  const { status, body } = await of.client.postJson({ CallbackUrl: CALLBACK_URL, ...request });
  expect({ status, body }).toEqual({ status: 202, body: { QueryId: expect.any(String) } });
  const ended = await of.ended(expectString(body.QueryId, 'QueryId'));
  expect(ended.end.type).toBe('ExecutionSucceeded');
  expect(ended.callbacks).toHaveLength(1);
  return { ...ended, callback: ended.callbacks[0] };
}

/** Bodies of the files of a query that succeeded, by their names. */
async function filesOf(of: DeployedApi, { queryId, callback: { body } }: Awaited<ReturnType<typeof run>>, prefix = 'results/'): Promise<[name: string, body: Buffer][]> {
  expect(body).toMatchObject({ State: { State: 'SUCCEEDED' }, ResultKind: 'FILES' });
  const at = { bucket: of.physicalId('AWS::S3::Bucket', 'Results'), context: of.deployment.administrator };
  const { objects } = await of.cloud.s3.list({ ...at, prefix: `${prefix}${queryId}/` });
  expect(objects.length).toBeGreaterThan(0);
  const Files = objects.map(({ size }) => ({ PresignedUrl: expect.any(String), SizeInBytes: size }));
  expect(body.QueryResult).toMatchObject({ FileCount: objects.length, Files });
  return Promise.all(objects.map(async ({ key }): Promise<[string, Buffer]> => [key, await of.cloud.s3.read({ ...at, key })]));
}

async function parquetRows(body: Buffer): Promise<unknown> {
  const { parquetReadObjects } = await import('hyparquet');
  const { buffer, byteOffset, byteLength } = body;
  const rows = await parquetReadObjects({ file: new Uint8Array(buffer, byteOffset, byteLength).slice().buffer });
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value])));
}

/** The SQL that Athena has run. */
async function sqlOf({ callback: { body: { QueryExecutionId } } }: Awaited<ReturnType<typeof run>>): Promise<unknown> {
  const answer = await api.cloud.athena.call('GetQueryExecution', { QueryExecutionId: expectString(QueryExecutionId, 'QueryExecutionId') }, api.deployment.administrator);
  return isObject(answer.QueryExecution) ? answer.QueryExecution.Query : undefined;
}

test('a request without a format has one CSV, and its SQL runs as it is', async () => {
  const ended = await run(api, { Query: SELECT });
  expect(ended.callback.body.ResultKind).toBe('OBJECT');
  expect((await api.download(api.linkOf(ended.callback))).body).toBe(CSV);
  expect(await sqlOf(ended)).toBe(SELECT);
});

test('PARQUET has the rows with their types, whatever the SQL ends with', async () => {
  const [[name, body]] = await filesOf(api, await run(api, { Query: `${SELECT} -- by origin`, ResultFormat: 'PARQUET' }));
  expect(name).toMatch(/^results\/[\w-]+\/[^/]+$/);
  expect(await parquetRows(body)).toEqual(ROWS);
});

test('JSON and TEXTFILE are lines, compressed by gzip', async () => {
  const lines = async (ResultFormatName: string) => {
    const [[, body]] = await filesOf(api, await run(api, { Query: SELECT, ResultFormat: ResultFormatName }));
    return gunzipSync(body).toString().trimEnd().split('\n');
  };
  expect((await lines('JSON')).map((line) => JSON.parse(line))).toEqual(ROWS);
  expect(await lines('TEXTFILE')).toEqual(['JFK|-3', 'LAX|17', 'SFO|0']);
});

test('a named query has the first format, and its parameters, under a prefix with a quote, encrypted with a customer key', async () => {
  const [[, body]] = await filesOf(named, await run(named, { QueryName: 'trips', Parameters: { least: 0 } }), NAMED.resultPrefix);
  expect(await parquetRows(body)).toEqual(ROWS.slice(1));
  const csv = await run(named, { QueryName: 'all', ResultFormat: 'CSV' });
  expect((await named.download(named.linkOf(csv.callback))).body).toBe(CSV);
});

test('a delivery that failed is redriven, with the files that the query wrote', async () => {
  api.receiver.answer([{ status: 503 }]);
  const { body } = await api.client.postJson({ Query: SELECT, CallbackUrl: CALLBACK_URL, ResultFormat: 'JSON' });
  const { queryId, end } = await api.ended(expectString(body.QueryId, 'QueryId'));
  expect(end.details.error).toBe('CallbackUnavailable');
  api.receiver.answer([{ status: 204 }]);
  const redriven = await api.redrive(queryId);
  const [callback] = redriven.callbacks.slice(-1);
  expect((await filesOf(api, { ...redriven, callback }))).toHaveLength(1);
});

test('the SQL is not in the state once the query is started', async () => {
  const { events } = await run(api, { Query: SELECT, ResultFormat: 'PARQUET' });
  const started = events.findIndex(({ type, details }) => type === 'TaskStateExited' && details.state === 'Start Query');
  const later = events.slice(started).filter(({ type }) => type.endsWith('StateExited') || type.endsWith('StateEntered') || type === 'ExecutionSucceeded');
  expect(later.length).toBeGreaterThan(3);
  expect(JSON.stringify(later)).not.toMatch(/SELECT origin|UNLOAD \(/);
});

test.each([
  ['a semicolon at its end', `${SELECT};`, /Only one sql statement is allowed/],
  ['no SELECT', 'SHOW TABLES', /mismatched input 'SHOW'|line 2/],
  ['a column without a name', 'SELECT count(*) FROM trips', /column name|Column name/i],
])('SQL with %s is refused by Athena, and the callback says so', async (_, Query, reason) => {
  const { callback: { body } } = await run(api, { Query, ResultFormat: 'JSON' });
  expect(body).toMatchObject({ State: { State: 'FAILED' }, ResultKind: 'NONE', Reason: expect.stringMatching(reason) });
});

test('a format that is not offered is refused', async () => {
  const { status, body } = await api.client.postJson({ Query: SELECT, CallbackUrl: CALLBACK_URL, ResultFormat: 'AVRO' });
  expect({ status, body }).toEqual({ status: 400, body: { Code: 'BadRequestBody', Message: expect.stringContaining('ResultFormat, one of those that are offered') } });
});

/** Runs something while the query role may not do one thing with the results. */
async function without<T>(action: string, work: () => Promise<T>): Promise<T> {
  const { cloud } = api;
  const bucket = api.physicalId('AWS::S3::Bucket', 'Results');
  const role = cloud.roles.list().find(({ name }) => name.includes('QueriesQueryRole'));
  if (role === undefined) throw new Error('There is no query role');
  for (const policy of cloud.roles.policiesOf(role.arn)) {
    const removed = removals(policy.document).filter((removal) => removal.action === action)
      .find(({ without: document }) => count(document, bucket) < count(policy.document, bucket));
    if (removed === undefined) continue;
    cloud.roles.putInlinePolicy(role.name, { name: policy.name, document: removed.without });
    try {
      return await work();
    } finally {
      cloud.roles.putInlinePolicy(role.name, policy);
    }
  }
  throw new Error(`The query role may not ${action}`);
}

function count(document: unknown, text: string): number {
  return JSON.stringify(document).split(text).length;
}

test('the right to look whether the folder is empty is needed, and given', async () => {
  const { callback: { body } } = await without('s3:ListBucket', () => run(api, { Query: SELECT, ResultFormat: 'JSON' }));
  expect(body).toMatchObject({ State: { State: 'FAILED' }, Reason: expect.stringContaining('s3:ListBucket') });
});

describe('with resultReuse', () => {
  const again = async (Query: string) => {
    const first = await run(api, { Query });
    return { first, second: await run(api, { Query }) };
  };

  test('the same query has the same object for an hour, and the callback and the API say so', async () => {
    const { first, second } = await again('SELECT delay FROM trips ORDER BY delay');
    expect(first.callback.body.ReusedPreviousResult).toBeUndefined();
    expect(second.callback.body).toMatchObject({ ReusedPreviousResult: true, Statistics: { DataScannedInBytes: 0 }, ResultKind: 'OBJECT' });
    expect(second.callback.body.QueryExecutionId).not.toBe(first.callback.body.QueryExecutionId);
    expect((await api.download(api.linkOf(second.callback))).body).toBe('"delay"\n"-3"\n"0"\n"17"\n');
    const { body } = await api.client.get(`/${second.queryId}`);
    expect(body).toMatchObject({ State: 'SUCCEEDED', ReusedPreviousResult: true });
    const { body: { QueryResult } } = await api.client.get(`/${second.queryId}/result`);
    expect((await api.download(String(Object(QueryResult).PresignedUrl))).status).toBe(200);
    await api.cloud.clock.sleep(Duration.hours(1).toMilliseconds());
    expect((await run(api, { Query: 'SELECT delay FROM trips ORDER BY delay' })).callback.body.ReusedPreviousResult).toBeUndefined();
  });

  test('files are written again, into a folder of each query', async () => {
    const request = { Query: 'SELECT destination FROM trips', ResultFormat: 'JSON' };
    const both = [await run(api, request), await run(api, request)];
    const folders = new Set((await Promise.all(both.map(async (ended) => filesOf(api, ended)))).map(([[name]]) => name));
    expect(folders.size).toBe(2);
  });

  test('the right to read results is needed, and given', async () => {
    const { second } = await without('s3:GetObject', () => again('SELECT origin FROM trips'));
    expect(second.callback.body.State.State).toBe('SUCCEEDED');
    expect(second.callback.body.ReusedPreviousResult).toBeUndefined();
  });
});
