import { readMetricRows, ShownMetric } from './metric-rows';
import { BODY, WIDGET, WIDGETS } from './schema';
import { problemsOf, ValidationProblem } from './validate';
import { isObject, JsonObject, JsonValue, parseJson } from '../../json';

export interface DashboardWidget {
  /** `metric`, `text`, `alarm` or `log`. */
  readonly type: string;
  readonly title?: string;
  /** Those of a metric widget, also where only an expression uses them. */
  readonly metrics: readonly ShownMetric[];
  /** ARNs of the alarms that it shows. */
  readonly alarms: readonly string[];
}

/** The grid that widgets lie on. */
const COLUMNS = 24;
const DEFAULT_WIDTH = 6;

/** Reads the body of a dashboard; fails with everything that is wrong with it. */
export function readDashboardBody(body: string): DashboardWidget[] {
  const root = parseJson(body);
  if (!isObject(root)) throw invalid([{ path: '', message: 'The field DashboardBody must be a valid JSON object' }]);
  const widgets = Array.isArray(root.widgets) ? root.widgets : [];
  const problems = [...problemsOf(BODY, root, ''), ...widgets.flatMap((widget, index) => widgetProblems(widget, `/widgets/${index}`))];
  if (problems.length > 0) throw invalid(problems);
  return widgets.filter(isObject).map(readWidget);
}

function widgetProblems(widget: JsonValue, path: string): ValidationProblem[] {
  const problems = problemsOf(WIDGET, widget, path);
  if (!isObject(widget) || !isObject(widget.properties)) return problems;
  const { type, x, width = DEFAULT_WIDTH, properties } = widget;
  if (typeof x === 'number' && typeof width === 'number' && x + width > COLUMNS) {
    problems.push({ path, message: `Should end within ${COLUMNS} columns: x ${x} and width ${width} do not` });
  }
  const schema = typeof type === 'string' && Object.hasOwn(WIDGETS, type) ? WIDGETS[type] : undefined;
  if (schema !== undefined) problems.push(...problemsOf(schema, properties, `${path}/properties`));
  if (type === 'metric') problems.push(...metricProblems(properties, `${path}/properties`));
  return problems;
}

function metricProblems(properties: JsonObject, path: string): ValidationProblem[] {
  const { problems } = readMetricRows(properties, `${path}/metrics`);
  const shown = [properties.metrics, alarmsOf(properties)].filter((each) => each !== undefined).length;
  const content = shown === 1 ? [] : [{ path, message: 'Should have either metrics or annotations/alarms' }];
  const { left } = isObject(properties.yAxis) ? properties.yAxis : {};
  const hasRange = isObject(left) && left.min !== undefined && left.max !== undefined;
  const gauge = properties.view === 'gauge' && !hasRange ? [{ path, message: 'Should have yAxis/left with min and max, for it is a gauge' }] : [];
  return [...problems, ...content, ...gauge];
}

function readWidget({ type, properties }: JsonObject): DashboardWidget {
  const values = isObject(properties) ? properties : {};
  const alarms = (type === 'alarm' ? values.alarms : alarmsOf(values)) ?? [];
  return {
    type: String(type),
    title: typeof values.title === 'string' ? values.title : undefined,
    metrics: type === 'metric' ? readMetricRows(values, '').metrics : [],
    alarms: Array.isArray(alarms) ? alarms.map(String) : [],
  };
}

function alarmsOf({ annotations }: JsonObject): JsonValue | undefined {
  return isObject(annotations) ? annotations.alarms : undefined;
}

/** The message of PutDashboard. */
function invalid(problems: readonly ValidationProblem[]): Error {
  const list = problems.map(({ path, message }) => ({ dataPath: path, message }));
  return new Error(`The dashboard body is invalid, there are ${problems.length} validation errors: ${JSON.stringify(list)}`);
}
