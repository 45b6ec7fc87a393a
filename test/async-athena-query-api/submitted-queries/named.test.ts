import Ajv from 'ajv';
import * as fc from 'fast-check';
import { MappingTemplate } from '../../../local/apigateway/vtl/mapping-template';
import { TemplateError } from '../../../local/apigateway/vtl/template-error';
import { readStatement } from '../../../local/athena/sql/statement';
import { NamedQuery, QueryParameter } from '../../../src';
import { requestTemplate } from '../../../src/async-athena-query-api/api/request-template';
import { iamAccess } from '../../../src/async-athena-query-api/submit-access/iam';
import { named } from '../../../src/async-athena-query-api/submitted-queries/named';
import { fcRuns } from '../../support/fc-runs';

const SQL = 'SELECT * FROM t WHERE t = :t AND i = :i AND n = :n AND d = :d AND s = :s AND b = :b AND t2 = :t';
const QUERIES = named({
  queries: {
    all: NamedQuery.of({
      sql: SQL,
      parameters: {
        t: QueryParameter.text(),
        i: QueryParameter.integer(),
        n: QueryParameter.decimalNumber(),
        d: QueryParameter.date(),
        s: QueryParameter.timestamp(),
        b: QueryParameter.trueOrFalse(),
      },
    }),
    none: NamedQuery.of({ sql: "SELECT '$x #if(true) \\$ \\\\# \"q\" é'" }),
  },
});
const GOOD = { t: "O'Hara", i: -5, n: '12.50', d: '2024-02-29', s: '2026-01-31T06:30:00.123', b: true };
const LITERALS = ["'O''Hara'", '-5', '12.50', "CAST('2024-02-29' AS DATE)", "CAST('2026-01-31 06:30:00.123' AS TIMESTAMP)", 'true', "'O''Hara'"];

interface Input {
  readonly ApiRequest: { readonly Query: string };
  readonly Statement: { readonly QueryName: string; readonly ExecutionParameters?: readonly string[]; readonly Database?: string };
}

test('the order in which queries and parameters are named makes no difference', () => {
  const made = (reversed: boolean) => {
    const inOrder = <T>(map: Record<string, T>): Record<string, T> => (
      Object.fromEntries(reversed ? Object.entries(map).reverse() : Object.entries(map))
    );
    const parameters = inOrder({ a: QueryParameter.date(), b: QueryParameter.integer() });
    const one = NamedQuery.of({ sql: 'SELECT 1 FROM t WHERE a = :a AND b = :b', parameters });
    const { model, template: { query, statement } } = named({ queries: inOrder({ one, other: NamedQuery.of({ sql: 'SELECT 2' }) }) });
    return JSON.stringify({ model, query, statement });
  };
  expect(made(true)).toBe(made(false));
});

const template = new MappingTemplate(requestTemplate('arn:machine', iamAccess({}).caller, QUERIES.template, { databaseChoice: { defaultDatabase: 'sales' } }));

/** The execution's input; throws where the template made none. */
function inputOf(body: object): Input {
  const context = { path: '/prod/queries', identity: { caller: 'AROAEXAMPLE:session' } };
  const { text } = template.render({
    body: JSON.stringify({ CallbackUrl: 'https://hooks.example.com/x', ...body }), parameters: { path: {}, querystring: {}, header: {} }, context, stageVariables: {},
  });
  const { input }: { input: string } = JSON.parse(text);
  return JSON.parse(input);
}

describe('the input of the execution', () => {
  test('has the SQL of the query, and the values as literals, in the order of their marks', () => {
    const { ApiRequest, Statement } = inputOf({ QueryName: 'all', Parameters: GOOD });
    expect(ApiRequest).toEqual({ Query: SQL.replace(/:\w+/g, '?'), CallbackUrl: 'https://hooks.example.com/x' });
    expect(Statement).toEqual({ QueryName: 'all', ExecutionParameters: LITERALS, Database: 'sales' });
  });

  test('has no parameters where the query has none, the SQL character by character, and the chosen database', () => {
    const { ApiRequest, Statement } = inputOf({ QueryName: 'none', Database: 'travel' });
    expect(ApiRequest.Query).toBe("SELECT '$x #if(true) \\$ \\\\# \"q\" é'");
    expect(Statement).toEqual({ QueryName: 'none', Database: 'travel' });
  });

  test('cannot be made for a query that is not there', () => {
    expect(() => inputOf({ QueryName: 'other' })).toThrow(SyntaxError);
  });

  test('has any SQL, character by character', () => {
    const awkward = ['$', '#', '\\', "''", '\\"', '${x}', '#end', '#set($a=1)', '##', '#*', '*#', '\n', '\t', '{', '}', '\u2028', 'é', '\u{1f600}', '?'];
    const text = fc.array(fc.constantFrom(...awkward)).map((parts) => `SELECT '${parts.join('')}'`);
    fc.assert(fc.property(text, (sql) => {
      const { template: parts } = named({ queries: { q: NamedQuery.of({ sql }) } });
      const source = requestTemplate('arn:machine', iamAccess({}).caller, parts);
      const body = JSON.stringify({ QueryName: 'q', CallbackUrl: 'https://hooks.example.com/x' });
      const { text: made } = new MappingTemplate(source).render({
        body, parameters: { path: {}, querystring: {}, header: {} }, context: { identity: { caller: 'AIDAEXAMPLE' } }, stageVariables: {},
      });
      expect(JSON.parse(JSON.parse(made).input).ApiRequest.Query).toBe(sql);
    }), { numRuns: fcRuns(200) });
  });
});

describe('a hostile value', () => {
  const PIECES = [
    "'", "''", '"', '\\', "\\'", '\\"', '\n', '\0', '--', '/*', '*/', ';', '?', ') OR 1 = 1', '$', '#', '${x}', '$input.body', '#end', '#set($value = 1)', '",', '\\",\\"', ']}',
    '\u2019', '\uff07', '\u02bc', '\u0027', '\u2028', 'é', '\u{1f600}', 'a', ' ', '\\u0027', '&#39;', "U&'",
  ];
  const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((parts) => parts.join('')));

  test('of a text is one literal that means the text', () => {
    fc.assert(fc.property(hostile, (t) => {
      const { ExecutionParameters: [literal] = [''], ...rest } = inputOf({ QueryName: 'all', Parameters: { ...GOOD, t } }).Statement;
      expect(literal).toBe(`'${t.replaceAll("'", "''")}'`);
      expect(rest).toEqual({ QueryName: 'all', Database: 'sales' });
      expect(literal.length).toBeLessThanOrEqual(1_024);
      // The strict reader of the local Athena takes it for one literal.
      expect(() => readStatement('SELECT 1 WHERE 1 = ?', [literal])).not.toThrow();
    }), { numRuns: fcRuns(2_000) });
  });

  test.each([
    ['quotes', "'".repeat(511)], ['pairs of surrogates', '\u{1f600}'.repeat(511)],
  ])('of the longest text of %s fits into a parameter of Athena', (_, t) => {
    const { ExecutionParameters: [literal] = [''] } = inputOf({ QueryName: 'all', Parameters: { ...GOOD, t } }).Statement;
    expect(literal.length).toBe(1_024);
  });

  test('of another type starts nothing, whatever the request model lets through', () => {
    const value = fc.oneof(hostile, fc.double(), fc.constantFrom(null, {}, [], { a: 1 }, ['x'], 1e300, '2026-02-30', '2023-02-29', '1900-02-29', "1' OR '1'='1", '1 OR 1=1', '1.', 'TRUE'));
    const name = fc.constantFrom('i', 'n', 'd', 's', 'b');
    fc.assert(fc.property(name, value, (parameter, given) => {
      const patterns: Record<string, RegExp> = {
        i: /^-?\d{1,16}$/, n: /^-?\d{1,20}(\.\d{1,18})?$/, d: /^CAST\('\d{4}-\d\d-\d\d' AS DATE\)$/, s: /^CAST\('\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?' AS TIMESTAMP\)$/, b: /^(true|false)$/,
      };
      let literals: readonly string[];
      try {
        literals = inputOf({ QueryName: 'all', Parameters: { ...GOOD, [parameter]: given } }).Statement.ExecutionParameters ?? [];
      } catch (error) {
        // No JSON, or a value that the local renderer does not print, such as a tiny number.
        expect(error instanceof SyntaxError || error instanceof TemplateError).toBe(true);
        return;
      }
      const place = ['t', 'i', 'n', 'd', 's', 'b'].indexOf(parameter);
      expect(literals[place]).toMatch(patterns[parameter]);
      expect(literals.filter((_, index) => index !== place)).toEqual(LITERALS.filter((_, index) => index !== place));
    }), { numRuns: fcRuns(1_000) });
  });
});

describe('the request model', () => {
  const { model } = QUERIES;
  const accepts = new Ajv({ strict: false }).compile({ type: 'object', ...model });

  test.each([[{ QueryName: 'all', Parameters: GOOD }], [{ QueryName: 'none' }], [{ QueryName: 'none', Parameters: {} }]])('takes %j', (body) => {
    expect(accepts(body)).toBe(true);
  });

  test.each<[string, object]>([
    ['no name', { Parameters: GOOD }],
    ['an unknown name', { QueryName: 'other', Parameters: GOOD }],
    ['no parameters', { QueryName: 'all' }],
    ['a missing parameter', { QueryName: 'all', Parameters: { ...GOOD, b: undefined } }],
    ['a surplus parameter', { QueryName: 'all', Parameters: { ...GOOD, x: 1 } }],
    ['parameters of another query', { QueryName: 'none', Parameters: GOOD }],
    ...Object.entries<unknown[]>({
      t: [1, null, 'x'.repeat(512)],
      i: ['1', 1.5, 2 ** 53],
      n: [1, '1e3', '.5', '1.'],
      d: ['2026-02-30', '1900-02-29', '2026-1-1', '2026-01-01T00:00:00'],
      s: ['2026-01-01', '2026-01-01T24:00:00', '2026-01-01T00:00:00Z', '2026-01-01 00:00:00'],
      b: ['true', 1],
    }).flatMap(([name, values]) => values.map((value): [string, object] => [`${JSON.stringify(value).slice(0, 30)} for ${name}`, { QueryName: 'all', Parameters: { ...GOOD, [name]: value } }])),
  ])('refuses %s', (_, body) => {
    expect(accepts(JSON.parse(JSON.stringify(body)))).toBe(false);
  });

  test('takes exactly the days that there are', () => {
    const day = fc.tuple(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }));
    fc.assert(fc.property(day, ([year, month, date]) => {
      const d = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
      const parsed = new Date(`${d}T00:00:00Z`);
      const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(d);
      expect(accepts({ QueryName: 'all', Parameters: { ...GOOD, d } })).toBe(exists);
    }), { numRuns: fcRuns(1_000) });
  });
});

test.each([
  [() => named({ queries: {} }), 'queries of SubmittedQueries.named must be at least one query'],
  [() => named({ queries: { "a') ": NamedQuery.of({ sql: 'SELECT 1' }) } }), 'every name in queries of SubmittedQueries.named must be 1 to 64 letters'],
  [() => NamedQuery.of({ sql: 'SELECT 1', parameters: { '1a': QueryParameter.trueOrFalse() } }), 'every name in parameters of NamedQuery.of must be'],
  [() => NamedQuery.of({ sql: ' '.repeat(200_001) }), 'sql of NamedQuery.of must be up to 200000 characters'],
  [() => QueryParameter.text({ maxLength: 512 }), 'maxLength of QueryParameter.text must be a whole number from 1 to 511'],
])('a mistake is told: %#', (make, message) => {
  expect(make).toThrow(message);
});
