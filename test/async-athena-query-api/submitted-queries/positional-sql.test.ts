import * as fc from 'fast-check';
import { positionalSql } from '../../../src/async-athena-query-api/submitted-queries/positional-sql';
import { fcRuns } from '../../support/fc-runs';

const positional = (sql: string, ...declared: string[]) => positionalSql('sql', sql, declared);

describe('parameters become marks', () => {
  test.each([
    ['SELECT 1 FROM t WHERE a = :a', ['a'], 'SELECT 1 FROM t WHERE a = ?', ['a']],
    ['SELECT 1 FROM t WHERE a=:a AND b IN(:b,:a)', ['a', 'b'], 'SELECT 1 FROM t WHERE a= ? AND b IN(?, ?)', ['a', 'b', 'a']],
    ['SELECT 1 FROM t WHERE a > -:a', ['a'], 'SELECT 1 FROM t WHERE a > - ?', ['a']],
    ["SELECT ':a', \":a\" /* :a ? ' */ FROM t -- :a ? '\nWHERE a = :a;", ['a'], "SELECT ':a', \":a\" /* :a ? ' */ FROM t -- :a ? '\nWHERE a = ?;", ['a']],
    ["SELECT 'it''s :a' FROM t WHERE a LIKE :a", ['a'], "SELECT 'it''s :a' FROM t WHERE a LIKE ?", ['a']],
    ['WITH x AS (SELECT * FROM t WHERE a BETWEEN :a AND :b) SELECT * FROM x', ['a', 'b'], 'WITH x AS (SELECT * FROM t WHERE a BETWEEN ? AND ?) SELECT * FROM x', ['a', 'b']],
    ["UNLOAD (SELECT * FROM t WHERE a = :a) TO 's3://b/x/' WITH (format = 'PARQUET')", ['a'], "UNLOAD (SELECT * FROM t WHERE a = ?) TO 's3://b/x/' WITH (format = 'PARQUET')", ['a']],
    ['INSERT INTO s SELECT * FROM t WHERE extract(YEAR FROM d) = :a', ['a'], 'INSERT INTO s SELECT * FROM t WHERE extract(YEAR FROM d) = ?', ['a']],
    ['CREATE TABLE s AS SELECT * FROM t WHERE a IS DISTINCT FROM :a', ['a'], 'CREATE TABLE s AS SELECT * FROM t WHERE a IS DISTINCT FROM ?', ['a']],
    ['SHOW TABLES', [], 'SHOW TABLES', []],
  ])('%s', (sql, declared, expected, parameters) => {
    expect(positional(sql, ...declared)).toEqual({ sql: expected, parameters });
  });

  test('texts, names and comments stay as they are, whatever is in them', () => {
    const content = fc.array(fc.constantFrom(':a', '?', "'", '"', '--', '/*', '*/', '\n', ';', '$', '#', '\\', 'x', ' ')).map((parts) => parts.join(''));
    const quiet = fc.oneof(
      content.map((text) => `'${text.replaceAll("'", "''")}'`), content.map((text) => `"${text.replaceAll('"', '""')}"`),
      content.map((text) => `/*${text.replaceAll('*/', '')} */`).filter((text) => text.indexOf('*/') === text.length - 2), content.map((text) => `--${text.replaceAll('\n', '')}\n`),
    );
    fc.assert(fc.property(fc.array(fc.tuple(quiet, fc.boolean()), { minLength: 1, maxLength: 6 }), (pieces) => {
      const sql = (mark: string) => `SELECT 1 FROM t WHERE b = ${mark} ${pieces.map(([text, marked]) => `AND ${text} 'x' ${marked ? `= ${mark} ` : ''}`).join('')}`;
      const marks = 1 + pieces.filter(([, marked]) => marked).length;
      expect(positional(sql(':a'), 'a')).toEqual({ sql: sql('?'), parameters: Array.from({ length: marks }, () => 'a') });
    }), { numRuns: fcRuns(500) });
  });
});

describe('what Athena would refuse is refused', () => {
  test.each([
    'SELECT :a FROM t', 'SELECT * FROM :a WHERE b = 1', 'SELECT * FROM t WHERE b = 1 LIMIT :a', 'SELECT * FROM t WHERE b = 1 ORDER BY :a',
    'SELECT * FROM t GROUP BY b HAVING c > :a', 'SELECT * FROM t JOIN s ON t.x = :a', 'SELECT * FROM t WHERE b IN (SELECT c FROM s LIMIT :a)',
    'SELECT count(*) FILTER (WHERE b = :a) FROM t', 'SELECT * FROM t WHERE d = DATE :a', 'SELECT * FROM t WHERE d > now() - INTERVAL :a DAY',
    'SELECT * FROM t WHERE extract(YEAR FROM :a) = 1', 'INSERT INTO t VALUES (:a)', 'SELECT * FROM t WHERE b = "x":a',
  ])('a place: %s', (sql) => {
    expect(() => positional(sql, 'a')).toThrow(/sql must be SQL with parameters only where a literal may stand in a WHERE clause.*got ":a at line 1, column \d+/);
  });

  test.each(['DELETE FROM t WHERE b = :a', 'UPDATE t SET c = 1 WHERE b = :a', 'EXPLAIN SELECT * FROM t WHERE b = :a', 'CREATE VIEW v AS SELECT * FROM t WHERE b = :a'])(
    'a statement: %s', (sql) => {
      expect(() => positional(sql, 'a')).toThrow('sql must be SELECT, INSERT INTO, CREATE TABLE AS or UNLOAD where it has parameters');
    },
  );

  test.each([
    ['SELECT 1 FROM t WHERE a = ?', [], 'must be SQL that names its parameters'],
    ['SELECT 1; SELECT 2', [], 'must be one SQL statement'],
    ['', [], 'must be one SQL statement, got "no statement"'],
    [' -- nothing\n;', [], 'must be one SQL statement, got "no statement"'],
    ["SELECT 'a", [], 'must be SQL in which every text, quoted name and comment ends'],
    ['SELECT "a', [], 'must be SQL in which every text, quoted name and comment ends'],
    ['SELECT 1 /* a', [], 'must be SQL in which every text, quoted name and comment ends, got "/* at line 1, column 10"'],
    ['SELECT 1 FROM t WHERE a = :b', ['a'], 'with the declared parameters only: a, got ":b at line 1, column 27"'],
    ['SELECT 1', ['a'], 'with each declared parameter, got "none of :a"'],
  ])('%s', (sql, declared, message) => {
    expect(() => positional(sql, ...declared)).toThrow(message);
  });
});
