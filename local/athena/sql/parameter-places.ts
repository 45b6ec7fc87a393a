import { Token } from './tokens';

/** Statements that take parameters. Source: Athena user guide, "Use parameterized queries". */
const TAKES_PARAMETERS = /^(?:\( )*(?:SELECT|WITH|INSERT INTO|CREATE TABLE .*? AS|UNLOAD) /;

/** Words that begin another clause of a query. */
const CLAUSES = new Set(['SELECT', 'FROM', 'WHERE', 'GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'UNION', 'EXCEPT', 'INTERSECT', 'VALUES', 'WITH']);

/** The first `?` that Athena takes no value for: it does in the WHERE clauses of some statements, and nowhere else. Same source. */
export function misplacedParameter(tokens: readonly Token[]): Token | undefined {
  const words = tokens.map(({ kind, text }) => (kind === 'word' ? text.toUpperCase() : text));
  const takes = TAKES_PARAMETERS.test(`${words.join(' ')} `);
  const outer: string[] = [];
  let clause = '';
  return tokens.find(({ kind }, index) => {
    const word = words[index];
    if (word === '(') outer.push(clause);
    else if (word === ')') clause = outer.pop() ?? '';
    else if (kind === 'word' && CLAUSES.has(word) && beginsClause(word, words[index - 1], clause)) clause = word;
    return kind === 'parameter' && !(takes && clause === 'WHERE');
  });
}

/** `EXTRACT(YEAR FROM x)` and `IS DISTINCT FROM` begin no clause, and the WHERE of `FILTER (WHERE …)` is that of no query. */
function beginsClause(word: string, before: string | undefined, clause: string): boolean {
  return !(word === 'FROM' && clause === 'WHERE') && !(word === 'WHERE' && before === '(');
}
