import { gunzipSync } from 'node:zlib';
import { CALLBACK_URL, DeployedApi } from './deployed-api';
import { TRIPS_KEY } from './queries-stack';
import { expectString, JsonObject } from '../../local/json';
import { QueryableData, ResultFormat } from '../../src';
import { MOST_FILES_AT_ONCE, ResultFile, ResultFiles } from '../../src/async-athena-query-api/contracts/callback';

/** More than the local Athena writes into one file. */
const ROWS = 2_500;

const SELECT = 'SELECT origin, delay FROM trips';

let api: DeployedApi;
beforeAll(async () => {
  api = await DeployedApi.start({
    queries: (stack) => ({
      resultFormats: [ResultFormat.csv(), ResultFormat.parquet(), ResultFormat.json()],
      queryableData: [
        QueryableData.glueTables({ database: 'travel', tables: ['trips'], bucket: stack.data, prefix: 'trips/' }),
        QueryableData.glueTables({ database: 'travel', tables: ['trips'], bucket: stack.data, prefix: 'copies/', write: true }),
      ],
    }),
  });
  const rows = Array.from({ length: ROWS }, (_, index) => `LAX,JFK,${index}\n`).join('');
  await api.deployment.putObject('Data', TRIPS_KEY, Buffer.from(rows));
}, 300_000);
afterEach(() => {
  api.cloud.athena.omitSubstatementType('none');
  api.assertNoFaults();
});
afterAll(async () => api.close());

async function run(request: JsonObject) {
  const { body } = await api.client.postJson({ CallbackUrl: CALLBACK_URL, ...request });
  const { callbacks: [callback], queryId } = await api.ended(expectString(body.QueryId, 'QueryId'));
  expect(callback.body.State.State).toBe('SUCCEEDED');
  return { queryId, body: callback.body };
}

function isFiles(result: object | undefined): result is ResultFiles {
  return result !== undefined && 'Files' in result && Array.isArray(result.Files);
}

function filesOf(result: object | undefined): ResultFiles {
  if (!isFiles(result)) throw new Error('There are no files');
  return result;
}

async function fetchFiles(queryId: string, token?: string): Promise<ResultFiles> {
  const { status, body } = await api.client.get(`/${queryId}/result${token === undefined ? '' : `?NextToken=${encodeURIComponent(token)}`}`);
  expect(status).toBe(200);
  return filesOf(Object(body.QueryResult));
}

/** What the links open: all of them, and as files with a name and a type. */
function download(files: readonly ResultFile[]) {
  return Promise.all(files.map(async ({ PresignedUrl, SizeInBytes }) => {
    const { status, headers, body } = await api.downloadFile(PresignedUrl);
    expect([status, body.length]).toEqual([200, SizeInBytes ?? body.length]);
    return { body, type: headers['content-type'], name: /^attachment; filename="(.*)"$/.exec(headers['content-disposition'])?.[1] };
  }));
}

/** Where a bucket of the stack is, for an administrator. */
function inBucket(name: 'Results' | 'Data') {
  const bucket = name === 'Data' ? api.deployment.physicalId('AWS::S3::Bucket', name) : api.physicalId('AWS::S3::Bucket', name);
  return { bucket, context: api.deployment.administrator };
}

test('the files of a query in PARQUET are in the callback, with names and types, and hold all rows once', async () => {
  const { body } = await run({ Query: SELECT, ResultFormat: 'PARQUET' });
  const files = filesOf(body.QueryResult);
  expect(files).toEqual({
    Files: Array.from({ length: 3 }, () => ({ PresignedUrl: expect.stringMatching(/^https:/), SizeInBytes: expect.any(Number) })),
    FileCount: 3,
    ExpiredIn: 3_600,
    ExpiresAt: expect.any(Number),
  });
  const { parquetReadObjects } = await import('hyparquet');
  const opened = await download(files.Files);
  const rows = await Promise.all(opened.map(async ({ body: file }) => parquetReadObjects({ file: new Uint8Array(file).buffer })));
  expect(rows.flat().map(({ delay }) => Number(delay)).sort((one, other) => one - other)).toEqual(Array.from({ length: ROWS }, (_, index) => index));
  for (const { name, type } of opened) expect([name, type]).toEqual([expect.stringMatching(/^[\w-]+\.parquet$/), 'application/vnd.apache.parquet']);
});

test('one CSV has a link as ever, with its type', async () => {
  const { body } = await run({ Query: SELECT });
  expect(Object.keys(body.QueryResult ?? {})).toEqual(['PresignedUrl', 'ExpiredIn', 'ExpiresAt']);
  const [{ type, name }] = await download([{ PresignedUrl: api.linkOf({ body }) }]);
  expect([type, name]).toEqual(['text/csv; charset=utf-8', `${body.QueryExecutionId}.csv`]);
});

test('a result without a row is a list without a file', async () => {
  const { queryId, body } = await run({ Query: `${SELECT} WHERE delay < 0`, ResultFormat: 'JSON' });
  expect([body.ResultKind, body.QueryResult, await fetchFiles(queryId)]).toEqual(['FILES', { Files: [], FileCount: 0 }, { Files: [], FileCount: 0 }]);
});

test('more files than a page has come page by page, and a stranger sees none of them', async () => {
  const { queryId } = await run({ Query: SELECT, ResultFormat: 'JSON' });
  const folder = `results/${queryId}/`;
  // As many as Athena writes of a large result.
  const more = Array.from({ length: 105 }, (_, index) => `${folder}part-${String(index).padStart(3, '0')}.gz`);
  const { bucket, context } = inBucket('Results');
  const [{ key: written }] = (await api.cloud.s3.list({ bucket, context, prefix: folder })).objects;
  const lines = await api.cloud.s3.read({ bucket, key: written, context });
  await Promise.all(more.map((key) => api.cloud.s3.put({ bucket, key, body: lines, context })));

  const first = await fetchFiles(queryId);
  const second = await fetchFiles(queryId, first.NextToken);
  expect([first.Files.length, first.FileCount]).toEqual([MOST_FILES_AT_ONCE, 108]);
  expect([second.Files.length, second.FileCount, second.NextToken]).toEqual([8, 108, undefined]);
  expect(new Set([...first.Files, ...second.Files].map(({ PresignedUrl }) => new URL(PresignedUrl).pathname)).size).toBe(108);
  const [{ name, type, body }] = await download(second.Files);
  expect([name, type]).toEqual([expect.stringMatching(/\.json\.gz$/), 'application/gzip']);
  expect(JSON.parse(gunzipSync(body).toString().split('\n')[0])).toMatchObject({ origin: 'LAX' });

  const stranger = api.clientOf(api.deployment.createUserLike('Analysts', 'stranger'));
  for (const path of [`/${queryId}/result`, `/${queryId}/result?NextToken=${first.NextToken}`, `/${queryId}/result?NextToken=x`]) {
    expect(await stranger.get(path)).toMatchObject({ status: 404, body: { Code: 'NoSuchQuery' } });
  }
  const other = await run({ Query: SELECT, ResultFormat: 'JSON' });
  for (const token of [first.NextToken ?? '', 'x', '"}', 'é', `${first.NextToken}=`]) {
    expect(await api.client.get(`/${other.queryId}/result?NextToken=${encodeURIComponent(token)}`)).toMatchObject({ status: 400, body: { Code: 'InvalidNextToken' } });
  }
});

test('files of an UNLOAD of the caller\'s are linked where they lie among the results, and counted elsewhere', async () => {
  const unload = (to: string) => `UNLOAD (${SELECT}) TO '${to}' WITH (format = 'PARQUET')`;
  const among = await run({ Query: unload(`s3://${inBucket('Results').bucket}/results/mine/`) });
  const files = filesOf(among.body.QueryResult);
  expect([among.body.ResultKind, files.FileCount, files.Files.map(({ SizeInBytes }) => SizeInBytes)]).toEqual(['FILES', 3, [undefined, undefined, undefined]]);
  for (const { type } of await download(files.Files)) expect(type).toBe('application/octet-stream');

  const elsewhere = await run({ Query: unload(`s3://${inBucket('Data').bucket}/copies/one/`) });
  expect([elsewhere.body.QueryResult, await fetchFiles(elsewhere.queryId)]).toEqual([{ Files: [], FileCount: 3 }, { Files: [], FileCount: 3 }]);
});

test('files that are gone are told to be', async () => {
  const { queryId } = await run({ Query: SELECT, ResultFormat: 'JSON' });
  const { bucket, context } = inBucket('Results');
  const { objects } = await api.cloud.s3.list({ bucket, context, prefix: `results/${queryId}/` });
  for (const { key } of objects) await api.cloud.s3.delete({ bucket, key, context });
  expect(await api.client.get(`/${queryId}/result`)).toMatchObject({ status: 410, body: { Code: 'ResultExpired' } });
});

describe('where Athena does not say what a statement was', () => {
  beforeEach(() => api.cloud.athena.omitSubstatementType('all'));

  test('rows have a link', async () => {
    const { queryId, body } = await run({ Query: SELECT });
    expect(body.ResultKind).toBe('OBJECT');
    expect(await download([{ PresignedUrl: api.linkOf({ body }) }])).toHaveLength(1);
    expect(await api.client.get(`/${queryId}/result`)).toMatchObject({ status: 200 });
  });

  test('files that Athena has listed have links', async () => {
    const { body } = await run({ Query: `UNLOAD (${SELECT}) TO 's3://${inBucket('Results').bucket}/results/other/' WITH (format = 'JSON')` });
    expect([body.ResultKind, filesOf(body.QueryResult).Files.length]).toEqual(['FILES', 3]);
  });
});
