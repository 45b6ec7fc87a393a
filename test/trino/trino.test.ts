import { join } from 'node:path';
import * as fc from 'fast-check';
import { MappingTemplate } from '../../local/apigateway/vtl/mapping-template';
import { NamedQuery, QueryParameter } from '../../src';
import { requestTemplate } from '../../src/async-athena-query-api/api/request-template';
import { iamAccess } from '../../src/async-athena-query-api/submit-access/iam';
import { named } from '../../src/async-athena-query-api/submitted-queries/named';
import { describeWithJava, JavaHarness } from '../support/java-harness';

const JARS = [
  'trino-parser', 'trino-grammar', 'antlr4-runtime', 'guava', 'failureaccess', 'jakarta.annotation-api',
].map((name) => join(process.env.TRINO_JARS ?? '/usr/local/share/trino-parser', `${name}.jar`));

interface Answer {
  readonly marks?: number;
  /** In base64. */
  readonly literals?: readonly string[];
  readonly error?: string;
}

const PARAMETERS = {
  t: QueryParameter.text(),
  i: QueryParameter.integer(),
  n: QueryParameter.decimalNumber(),
  d: QueryParameter.date(),
  s: QueryParameter.timestamp(),
  b: QueryParameter.trueOrFalse(),
};
const STATEMENTS = [
  'SELECT x FROM t WHERE a=:t AND(b IN(:i,:n)OR c BETWEEN:d AND:s)AND NOT:b AND z LIKE:t',
  'INSERT INTO u SELECT x FROM t WHERE a = :t AND b IN (SELECT y FROM v WHERE c = :i) AND n > :n AND CASE WHEN d = :d THEN :b ELSE s < :s END AND e <> :t',
  'CREATE TABLE u AS WITH v AS (SELECT "x"":t" FROM t WHERE a = :t) SELECT * FROM v /* :t ? */ WHERE b = :i AND c=:n AND d=:d AND s IS DISTINCT FROM :s AND b = :b AND a || :t <> k -- :t',
];
const PIECES = ["'", "''", '"', '\\', '--', '/*', '*/', ';', '?', ' OR x = y', ')', '\n', '\r', '\0', '$', '#end', 'é', '\u{1f600}', '\u2019', 'a', ' ', "U&'", '\u2028'];

describeWithJava("Trino's parser", JARS, 'REQUIRE_TRINO', 'test/trino/install.sh')("Trino's parser", () => {
  test('sees the parameters as marks, and whatever a value is, exactly that value in their place', () => {
    const context = { identity: { caller: 'AIDAEXAMPLE' } };
    const made = STATEMENTS.map((sql) => {
      const { template } = named({ queries: { q: NamedQuery.of({ sql, parameters: PARAMETERS }) } });
      return new MappingTemplate(requestTemplate('arn:machine', iamAccess({}).caller, template));
    });
    const hostile = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((parts) => parts.join('')));
    const values = fc.sample(fc.tuple(fc.nat(STATEMENTS.length - 1), hostile, fc.maxSafeNat(), fc.boolean()), { numRuns: 1_000, seed: 31 });
    const cases = values.map(([index, t, i, b]) => {
      const given = { t, i, n: '0012.50', d: '2024-02-29', s: '2026-01-31T06:30:00.1', b };
      const body = JSON.stringify({ QueryName: 'q', CallbackUrl: 'https://hooks.example.com/x', Parameters: given });
      const { text } = made[index].render({ body, parameters: { path: {}, querystring: {}, header: {} }, context, stageVariables: {} });
      const { input }: { input: string } = JSON.parse(text);
      const { ApiRequest: { Query }, Statement: { ExecutionParameters } }: {
        ApiRequest: { Query: string }; Statement: { ExecutionParameters: string[] };
      } = JSON.parse(input);
      // In a comment, and in a name, nothing stands for a parameter.
      const rest = [...ExecutionParameters];
      const filled = Query.replace(/\/\*.*?\*\/|--.*|\?/g, (found) => (found === '?' ? rest.shift() ?? '' : ''));
      return { given, Query, filled };
    });
    const trino = new JavaHarness<string, Answer>(join(__dirname, 'TrinoHarness.java'), JARS);
    try {
      const answers = trino.answer(cases.flatMap(({ Query, filled }) => [Query, filled]).map((sql) => Buffer.from(sql).toString('base64')));
      cases.forEach(({ given: { t, i, b }, Query }, index) => {
        const [marked, filled] = [answers[2 * index], answers[2 * index + 1]].map(({ literals = [], ...rest }) => ({
          ...rest, literals: literals.map((literal) => Buffer.from(literal, 'base64').toString()).sort(),
        }));
        expect({ Query, ...marked }).toEqual({ Query, marks: 7, literals: [] });
        const literals = [t, t, `${i}`, "DECIMAL '0012.50'", '2024-02-29', '2026-01-31 06:30:00.1', `${b}`].sort();
        expect(filled).toEqual({ marks: 0, literals });
      });
    } finally {
      trino.close();
    }
  });
});
