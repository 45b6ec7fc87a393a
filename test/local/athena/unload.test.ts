import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { AthenaCloud, createAthena, gap, object, PERMISSIONS, refusal } from './athena-cloud';
import { allow } from '../s3/data-cloud';

const ROWS_PER_FILE = 100;

let cloud: AthenaCloud;
let targets = 0;

beforeAll(async () => {
  cloud = await createAthena({ rowsPerFile: ROWS_PER_FILE });
});
afterAll(() => cloud.close());

/** A place that no other test writes to. */
function newTarget(): string {
  targets += 1;
  return `s3://results/athena/unload-${targets}/`;
}

const unload = (query: string, properties: string, target = newTarget()) => `UNLOAD (${query}) TO '${target}' WITH (${properties})`;

function list(prefix: string): string[] {
  const { bucket, path } = splitAddress(prefix);
  return (cloud.store.bucket(bucket)?.list(path) ?? []).map(({ key }) => `s3://${bucket}/${key}`);
}

async function read(address: string): Promise<Buffer> {
  const { bucket, path } = splitAddress(address);
  return cloud.s3.read({ bucket, key: path, context: cloud.adminContext });
}

function splitAddress(address: string): { bucket: string; path: string } {
  const [, bucket = '', path = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(address) ?? [];
  return { bucket, path };
}

async function parquetRows(address: string): Promise<Record<string, unknown>[]> {
  const { parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const body = await read(address);
  return parquetReadObjects({ file: new Uint8Array(body).buffer, compressors });
}

const gunzipped = async (address: string) => gunzipSync(await read(address)).toString();

/** The files of an UNLOAD that must succeed. */
async function files(sql: string, input = {}): Promise<string[]> {
  const execution = await cloud.run(sql, input);
  const { State: state, StateChangeReason: reason } = object(execution.Status);
  expect({ state, reason }).toEqual({ state: 'SUCCEEDED', reason: undefined });
  const manifest = object(execution.Statistics).DataManifestLocation;
  if (manifest === undefined) return [];
  return (await read(String(manifest))).toString().split('\n').slice(0, -1);
}

async function failureOf(sql: string, context = cloud.adminContext): Promise<{ reason: string; type: unknown }> {
  const status = object((await cloud.run(sql, {}, context)).Status);
  expect(status.State).toBe('FAILED');
  return { reason: String(status.StateChangeReason), type: object(status.AthenaError).ErrorType };
}

describe('what an execution tells', () => {
  test('the kind of statement, where the result would be, and the manifest of its files', async () => {
    const target = newTarget();
    const execution = await cloud.run(unload('SELECT 1 AS n', "format = 'PARQUET'", target));
    const id = String(execution.QueryExecutionId);
    expect(execution).toMatchObject({
      StatementType: 'DML',
      SubstatementType: 'UNLOAD',
      ResultConfiguration: { OutputLocation: `s3://results/athena/${id}` },
      Statistics: { DataManifestLocation: `s3://results/athena/${id}-manifest.csv` },
    });
    expect((await read(`s3://results/athena/${id}-manifest.csv`)).toString()).toBe(list(target).map((address) => `${address}\n`).join(''));
    expect(list(`s3://results/athena/${id}`)).toEqual([`s3://results/athena/${id}-manifest.csv`, `s3://results/athena/${id}.metadata`]);
    expect(await gap(cloud.athena.call('GetQueryResults', { QueryExecutionId: id }, cloud.adminContext))).toContain('GetQueryResults of UNLOAD');
  });

  test('a query without rows writes no file and has no manifest', async () => {
    const target = newTarget();
    const execution = await cloud.run(unload('SELECT origin FROM flights WHERE false', "format = 'PARQUET'", target));
    expect(object(execution.Status).State).toBe('SUCCEEDED');
    expect(execution.Statistics).not.toHaveProperty('DataManifestLocation');
    expect(list(target)).toEqual([]);
  });
});

describe('Parquet', () => {
  test('several files hold every row once; each is in order, all together are not', async () => {
    const written = await files(unload('SELECT i AS n, i * 2 AS twice FROM UNNEST(sequence(1, 250)) AS t(i) ORDER BY i', "format = 'PARQUET'"));
    expect(written).toHaveLength(3);
    const rows = await Promise.all(written.map(parquetRows));
    for (const part of rows) expect(part).toEqual([...part].sort((a, b) => Number(a.n) - Number(b.n)));
    const all = rows.flat().map(({ n, twice }) => [Number(n), Number(twice)]);
    expect(all).not.toEqual([...all].sort(([a], [b]) => a - b));
    expect([...all].sort(([a], [b]) => a - b)).toEqual(Array.from({ length: 250 }, (_, index) => [index + 1, (index + 1) * 2]));
  });

  test('a large result is in ten files at most', async () => {
    const written = await files(unload('SELECT i FROM UNNEST(sequence(1, 1001)) AS t(i)', "format = 'PARQUET', compression = 'SNAPPY'"));
    expect(written).toHaveLength(10);
    expect(list(written[0].slice(0, written[0].lastIndexOf('/') + 1))).toEqual([...written].sort());
  });

  test.each([
    ["format = 'parquet'", 'GZIP'],
    ["format = 'PARQUET', compression = 'snappy'", 'SNAPPY'],
    ["format = 'PARQUET', compression = 'ZSTD'", 'ZSTD'],
    ["format = 'PARQUET', compression = 'ZSTD', compression_level = '9'", 'ZSTD'],
    ["format = 'PARQUET', compression = 'NONE'", 'UNCOMPRESSED'],
  ])('%s is written with %s', async (properties, codec) => {
    const { parquetMetadata } = await import('hyparquet');
    const [file] = await files(unload("SELECT 'x' AS a", properties));
    const metadata = parquetMetadata(new Uint8Array(await read(file)).buffer);
    expect(metadata.row_groups[0].columns[0].meta_data?.codec).toBe(codec);
    expect(await parquetRows(file)).toEqual([{ a: 'x' }]);
  });

  test('types', async () => {
    const [file] = await files(unload(`SELECT true AS b, CAST(1 AS bigint) AS i, sum(2) AS s, 1.50 AS d, 1e0 AS f, 'é' AS t, DATE '2020-01-02' AS day,
      TIMESTAMP '2020-01-02 03:04:05.678' AS at, CAST(NULL AS varchar) AS n, ARRAY[1, 2] AS a`, "format = 'PARQUET'"));
    expect(await parquetRows(file)).toEqual([{
      b: true, i: 1n, s: 2n, d: 1.5, f: 1, t: 'é', day: new Date('2020-01-02'), at: new Date('2020-01-02T03:04:05.678Z'), n: null, a: [1, 2],
    }]);
  });
});

describe('text', () => {
  test('JSON: a line for each row, compressed by gzip', async () => {
    const [file] = await files(unload(`SELECT 1 AS a, 'x"y' AS b, CAST(NULL AS varchar) AS c, TIMESTAMP '2020-01-02 03:04:05' AS d, DATE '2020-01-02' AS e,
      ARRAY[1, NULL] AS f, 1.5 AS g`, "format = 'JSON'"));
    expect(file).toMatch(/\.gz$/);
    const text = await gunzipped(file);
    expect(text).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(text)).toEqual({ a: 1, b: 'x"y', c: null, d: '2020-01-02 03:04:05.000', e: '2020-01-02', f: [1, null], g: 1.5 });
  });

  test.each([
    ["format = 'TEXTFILE'", '\u0001'],
    ["format = 'TEXTFILE', field_delimiter = ',', compression = 'GZIP'", ','],
  ])('%s: no quotes, no header', async (properties, delimiter) => {
    const [file] = await files(unload("SELECT 'a' AS a, 'b\"c' AS b, CAST(NULL AS varchar) AS n, 1e10 AS f, true AS t", properties));
    expect(await gunzipped(file)).toBe(`${['a', 'b"c', '\\N', '1.0E10', 'true'].join(delimiter)}\n`);
  });
});

describe('partitions', () => {
  const query = 'SELECT i AS n, CAST(i % 2 = 0 AS boolean) AS even, CASE WHEN i > 2 THEN \'a/b\' END AS word FROM UNNEST(sequence(1, 4)) AS t(i)';

  test('files lie in a folder for each value, without the columns that part them', async () => {
    const target = newTarget();
    const written = await files(unload(query, "format = 'JSON', partitioned_by = ARRAY['even', 'word']", target));
    const content = Object.fromEntries(await Promise.all(written.map(async (file) => (
      [file.slice(target.length, file.lastIndexOf('/')), JSON.parse(await gunzipped(file)) as unknown] as const
    ))));
    expect(content).toEqual({
      'even=false/word=a%2Fb': { n: 3 },
      'even=false/word=__HIVE_DEFAULT_PARTITION__': { n: 1 },
      'even=true/word=a%2Fb': { n: 4 },
      'even=true/word=__HIVE_DEFAULT_PARTITION__': { n: 2 },
    });
  });

  test('a large one is in several files, none of them empty', async () => {
    const numbers = 'SELECT i AS n, i % 2 AS odd FROM UNNEST(sequence(1, 450)) AS t(i)';
    const written = await files(unload(numbers, "format = 'TEXTFILE', partitioned_by = ARRAY['odd']"));
    const content = await Promise.all(written.map(async (file) => ({ odd: /odd=(\d)/.exec(file)?.[1], lines: (await gunzipped(file)).trim().split('\n') })));
    expect(content.map(({ odd, lines }) => [odd, lines.length])).toEqual([['0', 75], ['0', 75], ['0', 75], ['1', 75], ['1', 75], ['1', 75]]);
    for (const { odd, lines } of content) expect(lines.every((line) => String(Number(line) % 2) === odd)).toBe(true);
    expect(new Set(content.flatMap(({ lines }) => lines)).size).toBe(450);
  });

  test('they may be written where files are already', async () => {
    const sql = unload('SELECT 1 AS n, 2 AS part', "format = 'JSON', partitioned_by = ARRAY['part']");
    await files(sql);
    const [, target = ''] = /TO '(.*)' WITH/.exec(sql) ?? [];
    await files(sql);
    expect(list(target)).toHaveLength(2);
  });

  test.each([
    ["ARRAY['n']", /^HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns/],
    ["ARRAY['word', 'even']", /^HIVE_COLUMN_ORDER_MISMATCH/],
    ["ARRAY['other']", /^INVALID_TABLE_PROPERTY: .*other/],
    ["ARRAY['n', 'even', 'word']", /^INVALID_TABLE_PROPERTY: .*every column/],
  ])('partitioned_by = %s is refused', async (columns, reason) => {
    expect(await failureOf(unload(query, `format = 'JSON', partitioned_by = ${columns}`))).toMatchObject({ reason: expect.stringMatching(reason), type: 1_103 });
  });

  test('a hundred of them at most', async () => {
    const numbers = (last: number) => unload(`SELECT 1 AS one, i AS part FROM UNNEST(sequence(1, ${last})) AS t(i)`, "format = 'JSON', partitioned_by = ARRAY['part']");
    expect(await files(numbers(100))).toHaveLength(100);
    expect((await failureOf(numbers(101))).reason).toMatch(/^HIVE_TOO_MANY_OPEN_PARTITIONS/);
  });
});

describe('parameters', () => {
  test('are filled into the query', async () => {
    const [file] = await files(unload("SELECT t.a FROM (VALUES ('it''s) TO '), ('b')) AS t(a) WHERE t.a = ? -- )", "format = 'JSON'").replace(' -- )', ' -- )\n'), { ExecutionParameters: ["'it''s) TO '"] });
    expect(JSON.parse(await gunzipped(file))).toEqual({ a: "it's) TO " });
  });

  test('are not taken elsewhere', async () => {
    const error = await refusal(cloud.start("UNLOAD (SELECT 1 AS a) TO ? WITH (format = 'JSON')", { ExecutionParameters: [`'${newTarget()}'`] }));
    expect(error.message).toBe("line 1:27: mismatched input '?'. Expecting: <string>");
  });
});

describe('refused when submitted', () => {
  test.each([
    ["UNLOAD SELECT 1 TO 's3://results/x/' WITH (format = 'JSON')", "line 1:8: mismatched input 'SELECT'. Expecting: '('"],
    ["UNLOAD (SELECT 1 TO 's3://results/x/' WITH (format = 'JSON')", "line 1:61: mismatched input '<EOF>'. Expecting: ')'"],
    ["UNLOAD () TO 's3://results/x/' WITH (format = 'JSON')", /^line 1:9: mismatched input '\)'\. Expecting: 'SELECT'/],
    ["UNLOAD (INSERT INTO a VALUES (1)) TO 's3://results/x/' WITH (format = 'JSON')", /^line 1:9: mismatched input 'INSERT'\./],
    ["UNLOAD (SELECT 1 AS a) TO 's3://results/x/'", "line 1:44: mismatched input '<EOF>'. Expecting: 'WITH'"],
    ["UNLOAD (SELECT 1 AS a) TO \"s3://results/x/\" WITH (format = 'JSON')", /^line 1:27: mismatched input .* Expecting: <string>$/],
    ["UNLOAD (SELECT 1 AS a) TO 's3://results/x/' WITH (format = JSON)", /^line 1:60: mismatched input 'JSON'\./],
    ["UNLOAD (SELECT 1 AS a) TO 's3://results/x/' WITH (format = 'JSON', format = 'JSON')", /^DUPLICATE_PROPERTY: /],
    ["UNLOAD (SELECT 1 AS a) TO 's3://results/x/' WITH (format = 'JSON') AND MORE", /^line 1:68: mismatched input 'AND'\./],
    ["UNLOAD (SELECT 1 AS a;) TO 's3://results/x/' WITH (format = 'JSON')", /^Only one sql statement is allowed/],
    ["UNLOAD (\nSELECT 1 FROM WHERE\n) TO 's3://results/x/' WITH (format = 'JSON')", /^line 2:15: mismatched input 'WHERE'/],
    ["UNLOAD (SELECT 1 AS a) ) TO 's3://results/x/' WITH (format = 'JSON')", "line 1:24: mismatched input ')'. Expecting: 'TO'"],
  ])('%s', async (sql, message) => {
    const error = await refusal(cloud.start(sql));
    expect(error.members).toEqual({ AthenaErrorCode: 'MALFORMED_QUERY' });
    expect(error.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });
});

describe('failed', () => {
  test.each([
    ['SELECT 1 AS a, 2', "format = 'JSON'", /^MISSING_COLUMN_NAME: line 1:9: Column name not specified at position 2$/, 1_006],
    ['SELECT 1 AS a, 2 AS A', "format = 'JSON'", /^DUPLICATE_COLUMN_NAME: line 1:9: Column name 'a' specified more than once$/, 1_006],
    ['SELECT current_timestamp AS a', "format = 'PARQUET'", /^NOT_SUPPORTED: Unsupported Hive type: timestamp\(3\) with time zone$/, 1_004],
    ['SELECT 1 AS a', "compression = 'GZIP'", /^INVALID_TABLE_PROPERTY: Property 'format' is required/, 1_103],
    ['SELECT 1 AS a', "format = 'CSV'", /^INVALID_TABLE_PROPERTY: .*not CSV$/, 1_103],
    ['SELECT 1 AS a', "format = 'JSON', header = 'true'", /^INVALID_TABLE_PROPERTY: Property 'header' does not exist/, 1_103],
    ['SELECT 1 AS a', "format = 'PARQUET', compression = 'BZIP2'", /^INVALID_TABLE_PROPERTY: .*not BZIP2$/, 1_103],
    ['SELECT 1 AS a', "format = 'PARQUET', compression_level = '3'", /^INVALID_TABLE_PROPERTY: .*ZSTD only$/, 1_103],
    ['SELECT 1 AS a', "format = 'PARQUET', compression = 'ZSTD', compression_level = '23'", /^INVALID_TABLE_PROPERTY: .*from 1 to 22, not 23$/, 1_103],
    ['SELECT 1 AS a', "format = 'TEXTFILE', field_delimiter = ', '", /^INVALID_TABLE_PROPERTY: .*single character/, 1_103],
    ['SELECT 1 AS a', "format = 'JSON', field_delimiter = ','", /^INVALID_TABLE_PROPERTY: .*TEXTFILE only/, 1_103],
    ['SELECT b AS a FROM flights', "format = 'JSON'", /^COLUMN_NOT_FOUND: line 1:16: /, 1_004],
    ['SELECT 1 / 0 AS a', "format = 'JSON'", /^DIVISION_BY_ZERO/, 1_001],
  ])('UNLOAD (%s) … WITH (%s)', async (query, properties, reason, type) => {
    expect(await failureOf(unload(query, properties))).toEqual({ reason: expect.stringMatching(reason), type });
    expect(cloud.faults).toEqual([]);
  });

  test.each([
    ['SELECT 1 AS a', "format = 'ORC'", 'the format ORC of UNLOAD'],
    ['SELECT 1 AS a', "format = 'AVRO'", 'the format AVRO of UNLOAD'],
    ['SELECT 1 AS a', "format = 'PARQUET', compression = 'LZ4'", 'the compression LZ4 of Parquet'],
    ['SELECT 1 AS a', "format = 'JSON', compression = 'ZSTD'", 'the compression ZSTD of JSON: Athena documents gzip only'],
    ['SELECT ARRAY[1] AS a', "format = 'TEXTFILE'", 'UNLOAD of the type array to TEXTFILE'],
  ])('a gap of the local cloud is named: UNLOAD (%s) … WITH (%s)', async (query, properties, what) => {
    expect(await failureOf(unload(query, properties))).toEqual({ reason: `NOT_SUPPORTED: the local cloud does not implement ${what}`, type: 1_200 });
    expect(cloud.faults.splice(0)).toHaveLength(1);
  });

  test('a target that is not empty stays as it is', async () => {
    const sql = unload('SELECT 1 AS a', "format = 'JSON'");
    const [file] = await files(sql);
    const target = file.slice(0, file.lastIndexOf('/') + 1);
    expect((await failureOf(sql)).reason).toMatch(new RegExp(`^HIVE_PATH_ALREADY_EXISTS: Target directory for table '[^']+' already exists: ${target}\\. `));
    expect(list(target)).toEqual([file]);
  });

  test('a bucket that does not exist', async () => {
    expect(await failureOf(unload('SELECT 1 AS a', "format = 'JSON'", 's3://nowhere/x/'))).toMatchObject({ reason: expect.stringContaining('NoSuchBucket'), type: 1_306 });
  });
});

test('a query that is stopped on the way leaves what it has written, and a manifest of all that it would have', async () => {
  const target = newTarget();
  const id = await cloud.start(unload('SELECT i AS n FROM UNNEST(sequence(1, 250)) AS t(i)', "format = 'JSON'", target));
  cloud.s3.duringWrite = async ({ key }) => {
    if (key.endsWith('.gz')) await cloud.athena.call('StopQueryExecution', { QueryExecutionId: id }, cloud.adminContext);
  };
  try {
    const execution = await cloud.finish(id);
    expect(object(execution.Status).State).toBe('CANCELLED');
    const meant = (await read(String(object(execution.Statistics).DataManifestLocation))).toString().split('\n').slice(0, -1);
    expect(meant).toHaveLength(3);
    expect(list(target)).toEqual([meant[0]]);
  } finally {
    cloud.s3.duringWrite = undefined;
  }
});

test('texts come through as they are', async () => {
  const texts = fc.array(fc.string({ unit: fc.oneof(fc.constantFrom("'", '"', '\\', '\n', ';', '--', ')', '\u0001', '😀'), fc.string({ minLength: 1, maxLength: 1 })) }), {
    minLength: 1, maxLength: 4,
  });
  await fc.assert(fc.asyncProperty(texts.filter((values) => !values.join('').includes('\0')), async (values) => {
    const query = `SELECT t.v AS v FROM (VALUES ${values.map((value) => `('${value.replaceAll("'", "''")}')`).join(', ')}) AS t(v)`;
    const [json] = await files(unload(query, "format = 'JSON'"));
    expect((await gunzipped(json)).split('\n').slice(0, -1).map((line) => JSON.parse(line) as unknown)).toEqual(values.map((v) => ({ v })));
    const [parquet] = await files(unload(query, "format = 'PARQUET', compression = 'SNAPPY'"));
    expect(await parquetRows(parquet)).toEqual(values.map((v) => ({ v })));
  }), { numRuns: 15 });
});

test('files are encrypted as the results of the query are', async () => {
  const KmsKey = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000';
  await cloud.create('AWS::Athena::WorkGroup', {
    Name: 'secret',
    WorkGroupConfiguration: {
      ResultConfiguration: { OutputLocation: 's3://results/athena/', EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey } },
    },
  });
  const [file] = await files(unload('SELECT 1 AS n', "format = 'JSON'"), { WorkGroup: 'secret' });
  expect(cloud.store.bucket('results')?.get(splitAddress(file).path)?.encryption).toEqual({ algorithm: 'aws:kms', keyArn: KmsKey });
});

describe('rights', () => {
  const viaAthena = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } };
  const rights = {
    ...PERMISSIONS,
    target: allow('s3:ListBucket', 'arn:aws:s3:::results', { ...viaAthena, StringLike: { 's3:prefix': 'athena/*' } }),
  };
  const sql = () => unload('SELECT count(*) AS n FROM flights', "format = 'PARQUET'");

  test('those of a SELECT, and to list the target', async () => {
    const { context } = cloud.session('all', ...Object.values(rights));
    expect(object((await cloud.run(sql(), {}, context)).Status)).toMatchObject({ State: 'SUCCEEDED' });
  });

  test.each(['target', 'output', 'data'] as const)('without %s it fails, and writes nothing', async (missing) => {
    const { context } = cloud.session(`no-${missing}`, ...Object.entries(rights).filter(([name]) => name !== missing).map(([, right]) => right));
    const statement = sql();
    expect(await failureOf(statement, context)).toMatchObject({ reason: expect.stringContaining('AccessDenied'), type: 1_501 });
    expect(list(/TO '(.*)' WITH/.exec(statement)?.[1] ?? '')).toEqual([]);
  });
});
