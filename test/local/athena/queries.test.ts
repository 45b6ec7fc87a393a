import * as fc from 'fast-check';
import { AthenaCloud, createAthena, gap, object, refusal } from './athena-cloud';
import { csvLine, formatDouble, parseCsv } from '../../../local/athena/result-format';

let cloud: AthenaCloud;

beforeAll(async () => {
  cloud = await createAthena();
});
afterAll(() => cloud.close());

async function failureOf(sql: string, input = {}): Promise<{ reason: string; type: unknown }> {
  const status = object((await cloud.run(sql, input)).Status);
  expect(status.State).toBe('FAILED');
  return { reason: String(status.StateChangeReason), type: object(status.AthenaError).ErrorType };
}

describe('results', () => {
  test('three million rows are counted and grouped', async () => {
    expect(await cloud.result('SELECT count(*) AS n FROM flights')).toBe('"n"\n"3000000"\n');
    const csv = await cloud.result("SELECT origin, count(*), avg(delay) d FROM air.flights WHERE origin IN ('SEA', 'ABE') GROUP BY origin ORDER BY origin");
    expect(csv.split('\n')[0]).toBe('"origin","_col1","d"');
    expect(csv.split('\n').slice(1, 3).map((line) => line.split(',')[0])).toEqual(['"ABE"', '"SEA"']);
  });

  test('values are written as Athena writes them', async () => {
    const csv = await cloud.result(`SELECT true, 7 / 2, 1.50, 1e0, 1e10, CAST(NULL AS varchar), '', 'a"b', DATE '2020-01-02', TIMESTAMP '2020-01-02 03:04:05.678',
      ARRAY[1, NULL], MAP(ARRAY['k'], ARRAY[1.5]), current_date, current_timestamp`);
    const day = new Date(cloud.clock.now()).toISOString().slice(0, 10);
    const [, line] = csv.split('\n');
    expect(line).toContain(`"true","3","1.50","1.0","1.0E10",,"","a""b","2020-01-02","2020-01-02 03:04:05.678","[1, null]","{k=1.5}","${day}","${day} `);
    expect(line).toMatch(/ UTC"$/);
  });

  test('any CSV row can be read back; null and empty text differ', () => {
    const value = fc.option(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', "'", 'é', ' ') }), { nil: undefined });
    fc.assert(fc.property(fc.array(fc.array(value, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), (rows) => {
      expect(parseCsv(rows.map(csvLine).join(''))).toEqual(rows);
    }));
  });

  test('any string literal survives the way through the engine', async () => {
    const literals = fc.string({ unit: fc.oneof(fc.constantFrom("'", '"', '\\', ';', '--', '/*', '?', '\n', '$$', '@@', '{', '😀'), fc.string({ unit: 'grapheme', maxLength: 1 })) });
    await fc.assert(fc.asyncProperty(literals.filter((text) => !text.includes('\0')), async (text) => {
      const literal = `'${text.replaceAll("'", "''")}'`;
      const csv = await cloud.result(`SELECT ${literal} AS a /* it's a comment */ WHERE ${literal} = ?`, { ExecutionParameters: [literal] });
      expect(parseCsv(csv)).toEqual([['a'], [text]]);
    }), { numRuns: 25 });
  });

  test('doubles read back as the same number', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(formatDouble(value))).toBe(value);
    }));
    expect([1, 0.001, 1e7, 1.5e-7, -0].map(formatDouble)).toEqual(['1.0', '0.001', '1.0E7', '1.5E-7', '-0.0']);
  });

  test.each([
    ["date_format(TIMESTAMP '2020-01-02 03:04:05', '%Y/%m/%d %H:%i:%s')", '2020/01/02 03:04:05'],
    ["date_parse('2020-01-02 03:04', '%Y-%m-%d %H:%i')", '2020-01-02 03:04:00.000'],
    ["date_add('month', 1, TIMESTAMP '2020-01-31 00:00:00')", '2020-02-29 00:00:00.000'],
    ["date_add('day', -1, DATE '2020-03-01')", '2020-02-29'],
    ["to_iso8601(TIMESTAMP '2020-01-02 03:04:05.6')", '2020-01-02T03:04:05.600'],
    ["date_diff('month', DATE '2020-01-31', DATE '2020-02-28')", '0'],
    ["date_trunc('month', TIMESTAMP '2020-01-31 10:00:00')", '2020-01-01 00:00:00.000'],
    ["from_iso8601_timestamp('2020-01-02T03:04:05Z')", '2020-01-02 03:04:05.000 UTC'],
    ["to_iso8601(DATE '2020-01-02')", '2020-01-02'],
    ["json_extract_scalar('{\"a\":{\"b\":5}}', '$.a.b')", '5'],
    ["regexp_like('abc', 'b.')", 'true'],
    ["regexp_replace('aba', 'a', 'x')", 'xbx'],
    ["regexp_extract('abc', 'z')", undefined],
    ["url_extract_host('https://example.com/a?b')", 'example.com'],
    ['cardinality(ARRAY[1, 2])', '2'],
    ['7 / 2 + 7 % 4', '6'],
    ['7e0 / 2', '3.5'],
    ["element_at(MAP(ARRAY['a'], ARRAY[1]), 'a')", '1'],
    ['sequence(1, 3)', '[1, 2, 3]'],
    ["concat('a', NULL)", undefined],
    ['greatest(1, 2)', '2'],
    ['transform(ARRAY[1, 2], x -> x + 1)', '[2, 3]'],
    ["day_of_week(DATE '2026-11-22')", '7'],
    ['EXTRACT(year FROM DATE \'2020-01-02\')', '2020'],
    ["CAST(DATE '2020-01-31' + INTERVAL '1' DAY AS date)", '2020-02-01'],
    ["if(true, 'a', 'b')", 'a'],
    ["split('a-b', '-')", '[a, b]'],
  ])('%s is %s', async (expression, expected) => {
    expect(parseCsv(await cloud.result(`SELECT ${expression} AS x`))).toEqual([['x'], [expected]]);
  });

  test('common tables, joins, unions and windows', async () => {
    const csv = await cloud.result(`
      WITH flights AS (SELECT origin, delay FROM air.flights WHERE origin = 'SEA'), worst AS (SELECT max(delay) AS d FROM flights)
      SELECT 'worst' AS what, d FROM worst UNION ALL SELECT 'count', count(*) FROM "awsdatacatalog"."air"."flights" WHERE origin = 'SEA'`);
    expect(parseCsv(csv)).toHaveLength(3);
    const windowed = await cloud.result('SELECT x, row_number() OVER (ORDER BY x DESC), * FROM (VALUES (1), (2)) AS t(x) ORDER BY 1');
    expect(windowed).toBe('"x","_col1","x"\n"1","2","1"\n"2","1","2"\n');
  });

  test('SHOW and DESCRIBE give text', async () => {
    expect(await cloud.result('SHOW TABLES IN air')).toContain('flights\n');
    expect(await cloud.result('SHOW DATABASES')).toBe('air\ndefault\n');
    expect((await cloud.result('DESCRIBE air.flights')).split('\n')[1]).toMatch(/^delay +\tbigint +\t/);
  });
});

describe('formats of tables', () => {
  test('CSV with quotes and a header', async () => {
    await cloud.addTable('quoted', 'csv', { id: 'bigint', note: 'string' }, { 'a.csv': 'id,note\n"1","a, ""b"""\n"","x"\n' }, { Parameters: { 'skip.header.line.count': '1' } });
    // The SerDe escapes with a backslash unless told otherwise.
    await cloud.addTable('escaped', 'csv', { id: 'bigint', note: 'string' }, { 'a.csv': '"1","a, \\"b\\""\n"","x"\n' });
    expect(parseCsv(await cloud.result('SELECT * FROM escaped ORDER BY id'))).toEqual([['id', 'note'], ['1', 'a, "b"'], [undefined, 'x']]);
  });

  test('plain text with a mark for null, and JSON lines', async () => {
    await cloud.addTable('plain', 'text', { id: 'int', note: 'string' }, { a: '1\u0001x\n\\N\u0001\\N\nbad\u0001"y"\n' });
    expect(parseCsv(await cloud.result('SELECT * FROM plain'))).toEqual([['id', 'note'], ['1', 'x'], [undefined, undefined], [undefined, '"y"']]);
    await cloud.addTable('lines', 'json', { id: 'int', tags: 'array<string>' }, { 'a.json': '{"id":1,"tags":["x","y"]}\n{"id":2}\n' });
    expect(parseCsv(await cloud.result('SELECT id, tags FROM lines'))).toEqual([['id', 'tags'], ['1', '[x, y]'], ['2', undefined]]);
  });

  test('a table without files is empty; a column that no file has is null; a wrong type fails', async () => {
    await cloud.addTable('empty', 'parquet', { id: 'bigint' }, {});
    expect(await cloud.result('SELECT * FROM empty')).toBe('"id"\n');
    const file = (await cloud.s3.read({ bucket: 'lake', key: 'flights/part-0.parquet', context: cloud.adminContext }));
    await cloud.addTable('evolved', 'parquet', { origin: 'string', carrier: 'string' }, { a: file });
    expect(await cloud.result('SELECT count(carrier) AS a, count(origin) AS b FROM evolved')).toBe('"a","b"\n"0","3000000"\n');
    await cloud.addTable('mistyped', 'parquet', { delay: 'string' }, { a: file });
    expect((await failureOf('SELECT * FROM mistyped LIMIT 1')).reason).toMatch(/^HIVE_BAD_DATA/);
  });
});

describe('what fails', () => {
  test.each([
    ['SELECT nosuch FROM flights', 'COLUMN_NOT_FOUND: line 1:8: Column \'nosuch\'', 1_004],
    ['SELECT *\nFROM nosuch', "TABLE_NOT_FOUND: line 2:6: Table 'awsdatacatalog.air.nosuch' does not exist", 1_110],
    ['SELECT * FROM nosuch.t', "SCHEMA_NOT_FOUND: line 1:15: Schema 'nosuch' does not exist", 1_004],
    ["SELECT 'é', strftime(date, '%Y') FROM flights", "FUNCTION_NOT_FOUND: line 1:13: Function 'strftime' not registered", 1_303],
    ["SELECT CAST('x' AS integer)", 'INVALID_CAST_ARGUMENT', 1_001],
    ["SELECT date_format(date, '%v') FROM flights", 'INVALID_FUNCTION_ARGUMENT: %v', 1_106],
    ["SELECT date_add('fortnight', 1, TIMESTAMP '2020-01-01 00:00:00')", 'INVALID_FUNCTION_ARGUMENT: fortnight', 1_106],
    ['SELECT delay / (delay - delay) FROM flights', 'DIVISION_BY_ZERO', 1_001],
    ['SELECT delay % 0 FROM flights', 'DIVISION_BY_ZERO', 1_001],
    ["SELECT INTERVAL '1' DAY", 'NOT_SUPPORTED: the local cloud does not implement results of the type INTERVAL', 1_200],
    ["SELECT date_add('hour', 1, DATE '2020-01-01')", 'INVALID_FUNCTION_ARGUMENT: hour', 1_106],
    ['SELECT lower(1, 2)', 'FUNCTION_NOT_FOUND', 1_303],
    ['SELECT 1e0 / 0', 'NOT_SUPPORTED', 1_200],
    ["SELECT athena_regexp_extract('a', 'a')", 'FUNCTION_NOT_FOUND', 1_303],
    ['CREATE TABLE t AS SELECT 1', 'NOT_SUPPORTED: the local cloud does not implement CREATE_TABLE_AS_SELECT', 1_200],
    ['INSERT INTO flights SELECT * FROM flights', 'NOT_SUPPORTED: the local cloud does not implement INSERT', 1_200],
    ['EXPLAIN SELECT 1', 'NOT_SUPPORTED: the local cloud does not implement EXPLAIN', 1_200],
    ['SELECT * FROM flights QUALIFY row_number() OVER () = 1', 'SYNTAX_ERROR', 1_006],
    ['SELECT origin, count(*) FROM flights GROUP BY ALL', 'SYNTAX_ERROR', 1_006],
  ])('%s', async (sql, reason, type) => {
    const before = cloud.faults.length;
    const failure = await failureOf(sql);
    expect(failure.reason).toContain(reason);
    expect(failure.type).toBe(type);
    const faults = cloud.faults.slice(before).map(({ message }) => message);
    expect(faults).toEqual(type === 1_200 ? [failure.reason] : []);
  });

  test('a plain error fails the query and is reported as it is', async () => {
    const fault = new Error('disk on fire');
    const read = jest.spyOn(cloud.catalog, 'getTable').mockRejectedValueOnce(fault);
    expect(await failureOf('SELECT * FROM flights')).toEqual({ reason: 'GENERIC_INTERNAL_ERROR: Error: disk on fire', type: 200 });
    expect(cloud.faults).toContain(fault);
    read.mockRestore();
  });

  test('a binary string is a gap, not a query that Athena refuses', async () => {
    expect(await gap(cloud.start("SELECT X'AB'"))).toContain("does not implement X'…'");
  });

  test.each([
    "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "SELECT * FROM read_text('/etc/passwd')", "SELECT content FROM glob('/etc/*')",
    "SELECT getenv('HOME')", "SELECT * FROM query('SELECT 1')", 'SELECT * FROM duckdb_settings()', "SELECT current_setting('allowed_paths')",
    'SELECT * FROM information_schema.tables', "SELECT * FROM parquet_scan('/x')", 'SELECT * FROM (DESCRIBE flights)', 'SELECT * FROM (SHOW TABLES)',
    'SELECT * FROM flights, range(5)', "WITH a AS (SELECT * FROM read_blob('/etc/passwd')) SELECT 1", "SELECT (SELECT max(content) FROM read_text('/etc/passwd'))",
  ])('the engine gives nothing away: %s', async (sql) => {
    await failureOf(sql);
  });

  test.each([
    "ATTACH '/tmp/x.db'", "COPY (SELECT 1) TO '/tmp/x.csv'", 'INSTALL httpfs', 'LOAD httpfs', 'PRAGMA database_list', 'SET threads = 1', 'RESET threads', 'CALL f()',
    'FROM flights', 'selec 1', 'SELECT FROM WHERE', 'SELECT 1; SELECT 2', 'SELECT 1::varchar', "SELECT E'\\''", 'SELECT $$x$$', 'SELECT {a: 1}', '', "SELECT 'open",
    'SELECT `a` FROM flights',
  ])('refused when submitted: %s', async (sql) => {
    const error = await refusal(cloud.start(sql));
    expect(error.code).toBe('InvalidRequestException');
  });

  test('a failed query is told with everything', async () => {
    const execution = await cloud.run('SELECT * FROM nosuch');
    expect(object(execution.Status).AthenaError).toEqual({
      ErrorCategory: 2, ErrorType: 1_110, Retryable: false, ErrorMessage: "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.air.nosuch' does not exist",
    });
  });
});

test('positions count from the first line, comments included', async () => {
  expect((await failureOf("-- it's é\n/* ? */ SELECT nosuch\nFROM flights -- end")).reason).toContain('line 2:16');
  expect((await refusal(cloud.start("-- é\nSELECT 'é' FROM WHERE"))).message).toContain("line 2:17: mismatched input 'WHERE'");
});

describe('parameters', () => {
  test('are literals in the order of their marks', async () => {
    const csv = await cloud.result("SELECT count(*) AS n FROM flights WHERE origin = ? AND delay > ? AND destination <> '?'", { ExecutionParameters: ["'SEA'", '-5'] });
    expect(Number(parseCsv(csv)[1][0])).toBeGreaterThan(1_000);
  });

  test('a text may be cast, as the Athena user guide says, and nothing else may be', async () => {
    const csv = await cloud.result("SELECT count(*) AS n FROM flights WHERE DATE '2014-07-05' = ?", { ExecutionParameters: ["CAST('2014-07-05' AS DATE)"] });
    expect(csv).not.toContain('"0"');
    for (const parameter of ["CAST('x' AS DATE) OR 1 = 1", 'CAST(delay AS DATE)', "CAST('x' AS flights)", "f('x' AS DATE)"]) {
      expect((await refusal(cloud.start('SELECT 1 WHERE 1 = ?', { ExecutionParameters: [parameter] }))).message).toContain('is not a literal');
    }
  });

  test.each([[["'a'"]], [[]], [["'a'", '1', '2']]])('%j does not fit two marks', async (ExecutionParameters) => {
    expect((await refusal(cloud.start('SELECT 1 WHERE ? = ?', { ExecutionParameters }))).message).toContain('Incorrect number of parameters: expected 2');
  });

  test.each([
    'SELECT ?', 'SELECT 1 LIMIT ?', 'SELECT * FROM (SELECT ? AS a) WHERE a = 1', 'SELECT 1 WHERE 1 = 1 ORDER BY ?', 'SELECT count(*) FILTER (WHERE 1 = ?)',
    'EXPLAIN SELECT 1 WHERE 1 = ?', 'DELETE FROM flights WHERE delay = ?', "SHOW TABLES '?'; ?",
  ])('%s has none where it has a mark', async (sql) => {
    expect((await refusal(cloud.start(sql, { ExecutionParameters: ['1'] }))).code).toBe('InvalidRequestException');
  });

  test.each(['SELECT 1 AS n WHERE (1 = ?)', 'WITH a AS (SELECT 1 AS n WHERE 1 = ?) SELECT n FROM a', 'SELECT 1 AS n WHERE 1 IN (SELECT 1 WHERE 1 = 1) AND 1 = ?'])(
    'stand in a WHERE clause: %s', async (sql) => {
      expect(parseCsv(await cloud.result(sql, { ExecutionParameters: ['1'] }))).toEqual([['n'], ['1']]);
    },
  );

  test.each(['1 OR 1 = 1', "'a' || 'b'", 'origin', '1); SELECT (2', "'a' -- '"])('%s is no literal', async (parameter) => {
    const started = cloud.start('SELECT 1 WHERE 1 = ?', { ExecutionParameters: [parameter] });
    if (parameter.includes('--')) return expect(await started).toBeDefined();
    expect((await refusal(started)).message).toContain('literal');
  });
});
