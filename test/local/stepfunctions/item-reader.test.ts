import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { distributed, distributedExecution, MemoryStorage, reader } from './distributed-map-support';
import { JsonObject, JsonValue } from '../../../local/json';
import { parseDefinition } from '../../../local/stepfunctions/definition/validate';

type Files = Readonly<Record<string, string | Buffer>>;

/** What the children of a Map get from these files. */
async function read(config: JsonObject, files: Files, parameters: JsonObject = { Key: 'file' }, action?: string, selector?: JsonObject) {
  const fields = { ...reader(config, parameters, action), ...selector && { ItemSelector: selector } };
  const { output, error, cause } = await distributedExecution(fields, { storage: new MemoryStorage(files) }).run();
  return error === undefined ? output : { error, cause };
}

function failure(cause: string) {
  return { error: 'States.ItemReaderFailed', cause };
}

/** What the local cloud does not hold. */
const inexact = { error: 'LocalCloud.InexactNumber', cause: expect.stringContaining('cannot hold the number 9007199254740993 exactly') };

const delimiters: Readonly<Record<string, string>> = { COMMA: ',', PIPE: '|', SEMICOLON: ';', SPACE: ' ', TAB: '\t' };
const jsonValue = fc.jsonValue({ noUnicodeString: false }).map((value): JsonValue => JSON.parse(JSON.stringify(value)));

/** A text with every backslash and quote doubled, in quotes. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '$&$&')}"`;
}

describe('CSV', () => {
  const field = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'a,b', 'a\nb', 'a\r\nb', '"', '""', '\\', '|', ';', '\t', ' ', "'x'"));
  const table = fc.integer({ min: 1, max: 4 }).chain((columns) => fc.record({
    headers: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 5 }).filter((name) => name !== '__proto__'), { minLength: columns, maxLength: columns }),
    rows: fc.array(fc.array(field, { minLength: columns, maxLength: columns }), { maxLength: 6 }),
  }));

  test('property: any rows come through any delimiter, line end and byte order mark, with headers in the file or given', async () => {
    const format = fc.record({ delimiter: fc.constantFrom(...Object.keys(delimiters)), end: fc.constantFrom('\n', '\r\n'), mark: fc.constantFrom('', '\ufeff'), given: fc.boolean() });
    await fc.assert(fc.asyncProperty(table, format, async ({ headers, rows }, { delimiter, end, mark, given }) => {
      const lines = (given ? rows : [headers, ...rows]).map((row) => row.map(quoted).join(delimiters[delimiter]));
      const config = { InputType: 'CSV', CSVDelimiter: delimiter, ...given ? { CSVHeaderLocation: 'GIVEN', CSVHeaders: headers } : { CSVHeaderLocation: 'FIRST_ROW' } };
      const expected = rows.map((row) => Object.fromEntries(headers.map((header, column) => [header, row[column]])));
      expect(await read(config, { file: mark + lines.join(end) })).toEqual(expected);
    }), { numRuns: 150 });
  });

  const rows = async (text: string) => read({ InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' }, { file: text });

  test('missing fields are empty, surplus ones are dropped, empty lines are no rows', async () => {
    expect(await rows('a,b\n1\n\n1,2,3\r\n\r\n,\n')).toEqual([{ a: '1', b: '' }, { a: '1', b: '2' }, { a: '', b: '' }]);
  });

  test('a backslash escapes itself, a quote and the delimiter, and disappears before anything else', async () => {
    expect(await rows('path\nC:\\\\Files\\\\a\nx\\,y\nx\\"y\nx\\ny\n')).toEqual(['C:\\Files\\a', 'x,y', 'x"y', 'xny'].map((path) => ({ path })));
  });

  test('the example of the developer guide', async () => {
    const row = 'abc,123,"This string contains commas, a double quotation marks (""), and a newline (\n)",{""MyKey"":""MyValue""},"[1,2,3]"';
    expect(await rows(`1,2,3,4,5\n${row}`)).toEqual([
      { 1: 'abc', 2: '123', 3: 'This string contains commas, a double quotation marks ("), and a newline (\n)', 4: '{"MyKey":"MyValue"}', 5: '[1,2,3]' },
    ]);
  });

  test('headers are unique and small', async () => {
    expect(await rows('a,a\n1,2')).toEqual(failure('CSV headers cannot contain duplicates.'));
    expect(await rows('a'.repeat(10_241))).toEqual(failure('CSV headers cannot exceed 10 KiB.'));
  });
});

describe('JSON', () => {
  test('property: the elements of any list, wherever the pointer finds it, are the items', async () => {
    const name = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('a/b', '~', '~1', '')).filter((text) => text !== '__proto__');
    await fc.assert(fc.asyncProperty(fc.array(jsonValue, { maxLength: 6 }), fc.array(name, { maxLength: 3 }), async (items, path) => {
      const document = path.reduceRight<JsonValue>((inner, step) => ({ other: 1, [step]: inner }), items);
      const pointer = path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
      expect(await read({ InputType: 'JSON', ItemsPointer: pointer }, { file: JSON.stringify(document) })).toEqual(items);
    }), { numRuns: 60 });
  });

  test('the members of an object are pairs, whose parts the context object tells', async () => {
    const file = '{"web":{"one":{"port":80},"two":8080}}';
    expect(await read({ InputType: 'JSON', ItemsPointer: '/web' }, { file })).toEqual([{ Key: 'one', Value: { port: 80 } }, { Key: 'two', Value: 8080 }]);
    const selector = { 'item.$': '$$.Map.Item' };
    expect(await read({ InputType: 'JSON', ItemsPointer: '/web' }, { file }, undefined, undefined, selector)).toEqual([
      { item: { Index: 0, Key: 'one', Value: { port: 80 }, Source: 'S3://bucket/file' } },
      { item: { Index: 1, Key: 'two', Value: 8080, Source: 'S3://bucket/file' } },
    ]);
  });

  test.each([['no JSON', ''], ['5', ''], ['{"a":[]}', '/b'], ['{"a":5}', '/a'], ['[[1]]', '/01']])('%s at %p has no items', async (file, pointer) => {
    expect(await read({ InputType: 'JSON', ItemsPointer: pointer }, { file })).toEqual(failure('Attempting to map over non-iterable node.'));
  });
});

test('members keep their order, and a number that would change is refused', async () => {
  const file = '{"a":{"10":1,"b":2,"2":3}}';
  const pairs = ['10', 'b', '2'].map((Key, index) => ({ Key, Value: index + 1 }));
  expect(await read({ InputType: 'JSON', ItemsPointer: '/a' }, { file })).toEqual(pairs);
  for (const InputType of ['JSON', 'JSONL']) expect(await read({ InputType }, { file: '[9007199254740993]' })).toMatchObject(inexact);
});

describe('JSON Lines', () => {
  test('property: every line is an item, also null', async () => {
    await fc.assert(fc.asyncProperty(fc.array(jsonValue, { maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\n\n'), async (items, end) => {
      expect(await read({ InputType: 'JSONL' }, { file: items.map((item) => JSON.stringify(item)).join(end) })).toEqual(items);
    }), { numRuns: 60 });
  });

  test('a line that is no JSON fails the Map', async () => {
    expect(await read({ InputType: 'JSONL' }, { file: '{"a":1}\nno JSON' })).toEqual(failure('Attempting to map over non-iterable node.'));
  });
});

describe('with files that DuckDB writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'items-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The bytes of the file that a query becomes. */
  async function write(query: string, options: string): Promise<Buffer> {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const file = join(folder, 'written');
    await connection.run(`COPY (${query}) TO '${file}' (${options})`);
    connection.closeSync();
    return readFileSync(file);
  }

  /** A query for these rows. */
  function table(rows: readonly JsonObject[]): string {
    writeFileSync(join(folder, 'rows.json'), JSON.stringify(rows));
    const columns = "{text: 'VARCHAR', number: 'BIGINT', half: 'DOUBLE', flag: 'BOOLEAN', list: 'INTEGER[]'}";
    return `SELECT * FROM read_json('${join(folder, 'rows.json')}', columns=${columns}, format='array')`;
  }

  test('property: rows come through Parquet, however it is compressed', async () => {
    const row = fc.record({
      text: fc.option(fc.string({ unit: 'grapheme-ascii' })),
      number: fc.option(fc.maxSafeInteger()),
      half: fc.option(fc.integer({ min: -1000, max: 1000 }).map((half) => half / 2)),
      flag: fc.option(fc.boolean()),
      list: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 3 }),
    }).map((value): JsonObject => ({ ...value }));
    const codecs = fc.constantFrom('snappy', 'gzip', 'zstd', 'uncompressed');
    await fc.assert(fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), codecs, async (rows, codec) => {
      const file = await write(table(rows), `FORMAT parquet, CODEC '${codec}'`);
      expect(await read({ InputType: 'PARQUET' }, { file })).toEqual(rows);
    }), { numRuns: 20 });
  });

  test('what is no Parquet, and a number that JSON cannot hold exactly, fail the Map', async () => {
    expect(await read({ InputType: 'PARQUET' }, { file: 'no Parquet' })).toMatchObject({ error: 'States.ItemReaderFailed' });
    const file = await write('SELECT 9007199254740993::BIGINT AS n', 'FORMAT parquet');
    expect(await read({ InputType: 'PARQUET' }, { file })).toMatchObject(inexact);
  });

  test('objects can be compressed from outside', async () => {
    const zstd = await write('SELECT 1 AS a', 'FORMAT csv, COMPRESSION zstd');
    const config = { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' };
    for (const [key, file] of Object.entries({ 'a.csv.gz': gzipSync('a\n1'), 'a.csv.gzip': gzipSync('a\n1'), 'a.csv.zst': zstd, 'a.csv.zstd': zstd })) {
      expect(await read(config, { [key]: file }, { Key: key })).toEqual([{ a: '1' }]);
    }
    expect(await read(config, { 'a.gz': 'plain' }, { Key: 'a.gz' })).toMatchObject({ error: 'States.ItemReaderFailed' });
  });
});

describe('several files', () => {
  test('property: a manifest of Athena leads to the items of all its files, in order', async () => {
    const files = fc.array(fc.array(jsonValue, { maxLength: 4 }), { maxLength: 4 });
    await fc.assert(fc.asyncProperty(files, fc.integer({ min: 0, max: 6 }), async (groups, limit) => {
      const parts = Object.fromEntries(groups.map((items, index) => [`part/${index}`, items.map((item) => JSON.stringify(item)).join('\n')]));
      const manifest = Object.keys(parts).map((key) => `s3://bucket/${key}\n`).join('');
      const config = { ManifestType: 'ATHENA_DATA', InputType: 'JSONL', MaxItems: limit };
      expect(await read(config, { ...parts, manifest }, { Key: 'manifest' })).toEqual(groups.flat().slice(0, limit === 0 ? undefined : limit));
    }), { numRuns: 40 });
  });

  test('a manifest that names no object fails the Map', async () => {
    expect(await read({ ManifestType: 'ATHENA_DATA', InputType: 'JSONL' }, { file: 'part/0' })).toEqual(failure('The manifest names no S3 object: part/0'));
  });

  const inventory = (changes: JsonObject = {}): string => JSON.stringify({
    sourceBucket: 'source',
    destinationBucket: 'arn:aws:s3:::bucket',
    fileFormat: 'CSV',
    fileSchema: 'Bucket, Key, Size',
    files: [{ key: 'data/1.csv.gz' }, { key: 'data/2.csv' }],
    ...changes,
  });

  test.each<JsonObject>([{ InputType: 'MANIFEST' }, { ManifestType: 'S3_INVENTORY' }])('an S3 inventory tells of objects (%j)', async (config) => {
    const files = { 'file': inventory(), 'data/1.csv.gz': gzipSync('"source","a","1"\n"source","b","2"\n'), 'data/2.csv': '"source","c","3"\n' };
    expect(await read(config, files)).toEqual(['a', 'b', 'c'].map((Key, index) => ({ Bucket: 'source', Key, Size: String(index + 1) })));
  });

  test.each([[{ fileFormat: 'ORC' }], [{ fileSchema: 5 }], [{ files: [{}] }], [{ files: [{ key: 'missing' }] }]])('an inventory like %j fails the Map', async (changes) => {
    expect(await read({ InputType: 'MANIFEST' }, { file: inventory(changes) })).toMatchObject({ error: 'States.ItemReaderFailed' });
  });

  test('a list of objects, and where it comes from', async () => {
    const selector = { 'key.$': '$$.Map.Item.Value.Key', 'source.$': '$$.Map.Item.Source' };
    const files = { 'a/1': 'x', 'a/2': 'yy', 'b': 'z' };
    expect(await read({}, files, { Prefix: 'a/' }, 'listObjectsV2')).toEqual([
      { Etag: '"tag"', Key: 'a/1', LastModified: 5, Size: 1, StorageClass: 'STANDARD' },
      { Etag: '"tag"', Key: 'a/2', LastModified: 5, Size: 2, StorageClass: 'STANDARD' },
    ]);
    expect(await read({}, files, { Prefix: 'b' }, 'listObjectsV2', selector)).toEqual([{ key: 'b', source: 'S3://bucket' }]);
  });

  test('LOAD_AND_FLATTEN reads what is listed, but the stand-ins for folders', async () => {
    const files = { 'a/': '', 'a/1.json': '[1,2]', 'a/2.json.gz': gzipSync('[3]'), 'b': 'no JSON' };
    const selector = { 'value.$': '$$.Map.Item.Value', 'source.$': '$$.Map.Item.Source' };
    expect(await read({ InputType: 'JSON', Transformation: 'LOAD_AND_FLATTEN', MaxItems: 3 }, files, { Prefix: 'a/' }, 'listObjectsV2', selector)).toEqual([
      { value: 1, source: 'S3://bucket/a/1.json' }, { value: 2, source: 'S3://bucket/a/1.json' }, { value: 3, source: 'S3://bucket/a/2.json.gz' },
    ]);
  });
});

test('items from the input of the state say so', async () => {
  const execution = distributedExecution({ ItemSelector: { 'source.$': '$$.Map.Item.Source' } }, { input: [1] });
  expect((await execution.run()).output).toEqual([{ source: 'STATE_DATA' }]);
});

test.each([[-1, failure('field MaxItems must be positive')], [0, [1, 2, 3]], [2, [1, 2]], ['2', [1, 2]], [9, [1, 2, 3]]])('MaxItemsPath may lead to %p', async (max, expected) => {
  const fields = reader({ InputType: 'JSON', MaxItemsPath: '$.max' }, { Key: 'file' });
  const { output, error, cause } = await distributedExecution(fields, { storage: new MemoryStorage({ file: '[1,2,3]' }), input: { max } }).run();
  expect(error === undefined ? output : { error, cause }).toEqual(expected);
});

test('what is not there, and an item of more than 8 MB, fail the Map', async () => {
  expect(await read({ InputType: 'JSON' }, {})).toEqual(failure('The specified key does not exist.'));
  expect(await read({ InputType: 'JSON' }, { file: JSON.stringify(['x'.repeat(8 * 1024 * 1024)]) })).toEqual(failure('An item cannot exceed 8 MB.'));
});

test('a child gets at most 256 KiB, after ItemSelector', async () => {
  const file = JSON.stringify([{ id: 1, text: 'x'.repeat(300_000) }]);
  expect(await read({ InputType: 'JSON' }, { file })).toMatchObject({ error: 'States.DataLimitExceeded' });
  expect(await read({ InputType: 'JSON' }, { file }, undefined, undefined, { 'id.$': '$$.Map.Item.Value.id' })).toEqual([{ id: 1 }]);
});

describe('refused when the machine is created', () => {
  const create = (fields: JsonObject) => () => parseDefinition(JSON.stringify(distributed(fields)), () => true);
  const listing = (config: JsonObject) => reader(config, {}, 'listObjectsV2');
  const key = { Key: 'file' };

  test.each<[string, JsonObject]>([
    ['an unknown type', reader({ InputType: 'XML' }, key)],
    ['no type', reader({}, key)],
    ['a pointer into CSV', reader({ InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW', ItemsPointer: '/a' }, key)],
    ['a pointer that is none', reader({ InputType: 'JSON', ItemsPointer: 'a' }, key)],
    ['an inventory with a type', reader({ ManifestType: 'S3_INVENTORY', InputType: 'CSV' }, key)],
    ['a manifest of Athena for JSON', reader({ ManifestType: 'ATHENA_DATA', InputType: 'JSON' }, key)],
    ['flattening without a type', listing({ Transformation: 'LOAD_AND_FLATTEN' })],
    ['flattening one object', reader({ InputType: 'JSON', Transformation: 'LOAD_AND_FLATTEN' }, key)],
    ['given headers without headers', reader({ InputType: 'CSV', CSVHeaderLocation: 'GIVEN' }, key)],
    ['an unknown delimiter', reader({ InputType: 'CSV', CSVDelimiter: 'COLON' }, key)],
    ['a version of Parquet', reader({ InputType: 'PARQUET' }, { ...key, VersionId: 'v' })],
    ['two limits', reader({ InputType: 'JSON', MaxItems: 1, MaxItemsPath: '$.a' }, key)],
    ['another action', reader({ InputType: 'JSON' }, key, 'headObject')],
    ['a parameter that is not implemented', reader({ InputType: 'JSON' }, { ...key, Range: 'bytes=0-1' })],
  ])('%s', (_, fields) => {
    expect(create(fields)).toThrow();
  });

  test('and nothing else', () => {
    expect(create(reader({ InputType: 'JSON', ItemsPointer: '/a~1b/~0' }, { ...key, VersionId: 'v', ExpectedBucketOwner: 'o' }))).not.toThrow();
    expect(create(listing({ InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a'], Transformation: 'LOAD_AND_FLATTEN' }))).not.toThrow();
  });
});
