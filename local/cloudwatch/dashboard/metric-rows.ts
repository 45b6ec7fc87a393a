import { readExpression } from './expression';
import { EXPRESSION, RENDERING } from './schema';
import { problemsOf, ValidationProblem } from './validate';
import { isObject, JsonObject, JsonValue } from '../../json';
import { MetricName } from '../metric-store';

/** A metric that a widget shows, or computes with. */
export interface ShownMetric {
  readonly metric: MetricName;
  /** `Sum`, `p95`, … */
  readonly statistic: string;
  readonly periodSeconds: number;
}

export interface MetricRows {
  readonly metrics: readonly ShownMetric[];
  readonly problems: readonly ValidationProblem[];
}

/** What CloudWatch takes where neither a metric nor its widget says anything. */
const DEFAULTS = { statistic: 'Average', periodSeconds: 300 };
const MOST_DIMENSIONS = 30;

/** Reads the metrics of a widget: `[namespace, name, dimension, value, …, { stat }]` or `[{ expression }]`, one to a row. */
export function readMetricRows(properties: JsonObject, path: string): MetricRows {
  const rows = Array.isArray(properties.metrics) ? properties.metrics : [];
  const read = rows.map((row, index) => readRow(Array.isArray(row) ? row : [], `${path}/${index}`, properties));
  const problems = [...read.flatMap((each) => each.problems), ...referenceProblems(read, path)];
  return { metrics: read.flatMap(({ shown }) => shown ?? []), problems };
}

interface Row {
  readonly path: string;
  readonly id?: string;
  readonly uses: readonly string[];
  readonly shown?: ShownMetric;
  readonly problems: readonly ValidationProblem[];
}

function readRow(row: readonly JsonValue[], path: string, widget: JsonObject): Row {
  const last = row.at(-1);
  const options = isObject(last) ? last : {};
  const id = typeof options.id === 'string' ? options.id : undefined;
  if (row.length === 1 && isObject(last)) return readExpressionRow(last, id, path);
  const names = isObject(last) ? row.slice(0, -1) : row;
  const problems = problemsOf(RENDERING, options, `${path}/${names.length}`);
  const texts = names.filter((name) => typeof name === 'string');
  if (texts.length !== names.length) return { path, id, uses: [], problems: [...problems, { path, message: 'Invalid metric field type, only "String" type is allowed' }] };
  const problem = namesProblem(texts);
  if (problem !== undefined) return { path, id, uses: [], problems: [...problems, { path, message: problem }] };
  const [namespace, name, ...dimensions] = texts;
  const pairs = dimensions.flatMap((dimension, index) => (index % 2 === 0 ? [[dimension, dimensions[index + 1]] as const] : []));
  const shown = {
    metric: { namespace, name, dimensions: Object.fromEntries(pairs) },
    statistic: text(options.stat) ?? text(widget.stat) ?? DEFAULTS.statistic,
    periodSeconds: numeral(options.period) ?? numeral(widget.period) ?? DEFAULTS.periodSeconds,
  };
  const periodProblem = hasPeriod(shown.periodSeconds) ? [] : [{ path, message: `The period ${shown.periodSeconds} is none of CloudWatch's` }];
  return { path, id, uses: [], shown, problems: [...problems, ...periodProblem] };
}

function readExpressionRow(options: JsonObject, id: string | undefined, path: string): Row {
  const problems = problemsOf(EXPRESSION, options, `${path}/0`);
  const { ids: uses, problems: faults } = readExpression(text(options.expression) ?? '');
  return { path, id, uses, problems: [...problems, ...faults.map((message) => ({ path: `${path}/0/expression`, message }))] };
}

/** Names that stand for those of the row above are not implemented. */
function namesProblem(texts: readonly string[]): string | undefined {
  if (texts.length < 2) return 'Should NOT have fewer than 2 items';
  if (texts.length % 2 !== 0) return 'Each dimension must have a name and a value';
  if (texts.length > 2 + 2 * MOST_DIMENSIONS) return `Should NOT have more than ${MOST_DIMENSIONS} dimensions`;
  if (texts.some((name) => name === '.' || name === '...')) return 'The local cloud does not implement . and ... for the names of the row above';
  if (texts.some((name) => name === '' || name.length > 1_024)) return 'A name must have 1 to 1,024 characters';
  return undefined;
}

function referenceProblems(rows: readonly Row[], path: string): ValidationProblem[] {
  const ids = rows.flatMap(({ id }) => id ?? []);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => ({ path, message: `The id ${id} is used more than once` }));
  const unknown = rows.flatMap(({ uses, path: at }) => uses.filter((id) => !ids.includes(id)).map((id) => ({ path: at, message: `The expression uses ${id}, which is no id of this widget` })));
  return [...twice, ...unknown];
}

function hasPeriod(seconds: number): boolean {
  return [1, 5, 10, 20, 30].includes(seconds) || seconds % 60 === 0;
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numeral(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
