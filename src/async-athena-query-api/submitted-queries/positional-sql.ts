import { placeOf, SqlToken, sqlTokens } from './sql-tokens';
import { InvalidPropError } from '../../private/synth/validation';

/** A statement as Athena takes it: with `?` in the place of each parameter, and which parameter each of these stands for. */
export interface PositionalSql {
  readonly sql: string;
  readonly parameters: readonly string[];
}

/** Words that begin another clause of a query. */
const CLAUSES = new Set(['SELECT', 'FROM', 'WHERE', 'GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'UNION', 'EXCEPT', 'INTERSECT', 'VALUES', 'WITH']);

/** After these a value stands. */
const BEFORE_VALUE = new Set([
  '=', '<', '>', '<>', '!=', '<=', '>=', '+', '-', '*', '/', '%', '||', '(', ',',
  'WHERE', 'AND', 'OR', 'NOT', 'BETWEEN', 'LIKE', 'ESCAPE', 'CASE', 'WHEN', 'THEN', 'ELSE', 'FROM',
]);

/** Statements that take parameters. Source: Athena user guide, "Use parameterized queries". */
const TAKES_PARAMETERS = /^(?:\( )*(?:SELECT|WITH|INSERT INTO|CREATE TABLE .*? AS|UNLOAD) /;

/**
 * Turns `:name` into Athena's positional `?`.
 *
 * @param what names the SQL in messages
 * @throws InvalidPropError for what Athena would refuse, and where the SQL and the declared parameters differ
 */
export function positionalSql(what: string, sql: string, declared: readonly string[]): PositionalSql {
  const tokens = sqlTokens(sql);
  const refuse = ({ text, start }: Pick<SqlToken, 'text' | 'start'>, allowed: string, fix: string): never => {
    throw new InvalidPropError(what, `${text.slice(0, 50)} at ${placeOf(sql, start)}`, allowed, fix);
  };
  checkOneStatement(what, tokens, refuse);
  const places = tokens.filter(({ kind }) => kind === 'parameter');
  const known = declared.length === 0 ? 'none' : declared.join(', ');
  const inWhere = whereTokens(tokens);
  const takesParameters = TAKES_PARAMETERS.test(`${tokens.map(({ text }) => text.toUpperCase()).join(' ')} `);
  tokens.forEach((token, index) => {
    if (token.kind !== 'parameter') return;
    if (!declared.includes(token.text.slice(1))) refuse(token, `SQL with the declared parameters only: ${known}`, 'declare it in parameters');
    if (!takesParameters) refuse(token, 'SELECT, INSERT INTO, CREATE TABLE AS or UNLOAD where it has parameters', 'Athena takes no parameters in other statements');
    const previous = tokens[index - 1];
    if (!inWhere.has(token) || !BEFORE_VALUE.has(previous.text.toUpperCase()) || previous.kind === 'quoted' || (isWord(previous, 'FROM') && !isWord(tokens[index - 2], 'DISTINCT'))) {
      refuse(token, 'SQL with parameters only where a literal may stand in a WHERE clause, without a type before it', 'Athena takes them nowhere else: rewrite the condition, or make a query for each variant');
    }
  });
  const unused = declared.filter((name) => !places.some(({ text }) => text === `:${name}`));
  if (unused.length > 0) throw new InvalidPropError(what, `none of :${unused.join(', :')}`, 'SQL with each declared parameter', 'leave out of parameters what it does not use');
  return { sql: withMarks(sql, places), parameters: places.map(({ text }) => text.slice(1)) };
}

function checkOneStatement(what: string, tokens: readonly SqlToken[], refuse: (token: SqlToken, allowed: string, fix: string) => never): void {
  if (tokens.every(({ text }) => text === ';')) throw new InvalidPropError(what, 'no statement', 'one SQL statement', 'write one');
  tokens.forEach((token, index) => {
    if (token.kind === 'unclosed') refuse(token, 'SQL in which every text, quoted name and comment ends', 'close it; within it, write a quote twice');
    if (token.kind === 'mark') refuse(token, 'SQL that names its parameters', 'write :name and declare it in parameters');
    if (token.text === ';' && index < tokens.length - 1) refuse(token, 'one SQL statement', 'make a named query of each');
  });
}

/** Tokens in the WHERE clause of the innermost query that they are in. Parentheses without a query in them belong to the clause around them. */
function whereTokens(tokens: readonly SqlToken[]): ReadonlySet<SqlToken> {
  const found = new Set<SqlToken>();
  const outer: string[] = [];
  let clause = '';
  tokens.forEach((token, index) => {
    const word = token.kind === 'word' ? token.text.toUpperCase() : token.text;
    if (word === '(') outer.push(clause);
    else if (word === ')') clause = outer.pop() ?? '';
    // `EXTRACT(YEAR FROM x)` and `IS DISTINCT FROM` begin no clause, and the WHERE of `FILTER (WHERE …)` is that of no query.
    else if (token.kind === 'word' && CLAUSES.has(word) && !(word === 'FROM' && clause === 'WHERE') && !(word === 'WHERE' && tokens[index - 1]?.text === '(')) clause = word;
    if (clause === 'WHERE') found.add(token);
  });
  return found;
}

function isWord(token: SqlToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word;
}

/** A space on both sides, so that no mark and no value grows together with a sign or a word beside it. */
function withMarks(sql: string, places: readonly SqlToken[]): string {
  let text = '';
  let from = 0;
  for (const { start, end } of places) {
    text += `${sql.slice(from, start).replace(/(?<![\s(])$/, ' ')}?${/^[\s),;]|^$/.test(sql.slice(end, end + 1)) ? '' : ' '}`;
    from = end;
  }
  return text + sql.slice(from);
}
