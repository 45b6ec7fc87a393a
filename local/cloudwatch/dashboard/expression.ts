/**
 * Functions of metric math that compute with metrics of the widget. Source: CloudWatch user guide, "Using math expressions with CloudWatch
 * metrics". Those that find metrics by themselves (`SEARCH`, `METRICS`, `SELECT`, …) are not among them: what they show is not known.
 */
const FUNCTIONS = [
  'ABS', 'AVG', 'CEIL', 'DATAPOINT_COUNT', 'DAY', 'DIFF', 'DIFF_TIME', 'EPOCH', 'FILL', 'FIRST', 'FLOOR', 'HOUR', 'IF', 'LAST', 'LOG', 'LOG10', 'MAX',
  'MIN', 'MINUTE', 'MONTH', 'PERIOD', 'RATE', 'RUNNING_SUM', 'SLICE', 'SORT', 'STDDEV', 'SUM', 'TIME_SERIES', 'YEAR',
];
const WORDS = ['AND', 'OR', 'REPEAT', 'LINEAR', 'ASC', 'DESC'];

const TOKEN = /\s*(?:([A-Za-z]\w*)|\d+(?:\.\d+)?|&&|\|\||[<>=!]=|[-+*/^()[\],<>])/y;

/** What an expression of metric math says of other rows. */
export interface ReadExpression {
  /** Ids that it uses. */
  readonly ids: readonly string[];
  /** What is wrong in it. */
  readonly problems: readonly string[];
}

export function readExpression(expression: string): ReadExpression {
  const ids: string[] = [];
  const text = expression.trimEnd();
  let depth = 0;
  TOKEN.lastIndex = 0;
  for (let from = 0; from < text.length; from = TOKEN.lastIndex) {
    const match = TOKEN.exec(text);
    if (match === null) return problem(`Invalid character at position ${from}: ${text.slice(from)}`);
    const [token, word] = match;
    depth += { '(': 1, '[': 1, ')': -1, ']': -1 }[token.trim()] ?? 0;
    if (depth < 0) return problem('A bracket closes that was not opened');
    if (word === undefined) continue;
    if (/^[a-z]/.test(word)) ids.push(word);
    else if (![...FUNCTIONS, ...WORDS].includes(word)) return problem(`The local cloud does not implement ${word}`);
  }
  return depth === 0 ? { ids, problems: [] } : problem('A bracket is not closed');
}

function problem(text: string): ReadExpression {
  return { ids: [], problems: [text] };
}
