import { JsonObject } from '../../json';

/**
 * The body of a dashboard, as a JSON schema. Source: "Dashboard Body Structure and Syntax" in the CloudWatch API reference. CloudWatch takes
 * some mistakes with a warning that CloudFormation does not show; here each is an error.
 */

const text = { type: 'string' };
const flag = { type: 'boolean' };
const number = { type: 'number' };
const oneOf = (...values: string[]): JsonObject => ({ enum: values });
const listOf = (items: JsonObject, minItems: number, maxItems: number): JsonObject => ({ type: 'array', items, minItems, maxItems });
const object = (properties: Record<string, JsonObject>, ...required: string[]): JsonObject => (
  { type: 'object', properties, required, additionalProperties: false }
);

const color = { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' };
const period = { type: 'integer', minimum: 1, maximum: 2_592_000 };
const side = oneOf('left', 'right');
const alarms = (most: number) => listOf({ type: 'string', pattern: '^arn:[^:]+:cloudwatch:[^:]+:\\d{12}:alarm:.+$' }, 1, most);

/** `p95`, `tm90`, `TM(10%:90%)`, … Source: CloudWatch user guide, "CloudWatch statistics definitions". */
const percent = '(100|\\d{1,2}(\\.\\d{1,10})?)';
const range = `\\((${percent}%|\\d+(\\.\\d+)?)?:(${percent}%|\\d+(\\.\\d+)?)?\\)`;
const statistic = {
  type: 'string',
  pattern: `^(SampleCount|Sum|Average|Minimum|Maximum|IQM|(p|tm|wm|tc|ts)${percent}|(TM|WM|TC|TS|PR)${range})$`,
};

const axis = object({ label: text, min: number, max: number, showUnits: flag });
const mark = { value: number, label: text, color, visible: flag };
const horizontal = object({ ...mark, fill: oneOf('above', 'below', 'none'), yAxis: side }, 'value');
const vertical = object({ ...mark, value: text, fill: oneOf('before', 'after', 'none') }, 'value');

const metric = object({
  accountId: text,
  annotations: object({ alarms: alarms(1), horizontal: listOf(horizontal, 0, 100), vertical: listOf(vertical, 0, 100) }),
  end: text,
  legend: object({ position: oneOf('right', 'bottom', 'hidden') }),
  liveData: flag,
  // Each row is read by itself.
  metrics: listOf({ type: 'array', minItems: 1 }, 1, 500),
  period,
  region: text,
  setPeriodToTimeRange: flag,
  singleValueFullPrecision: flag,
  sparkline: flag,
  stacked: flag,
  start: text,
  stat: statistic,
  table: object({
    layout: oneOf('horizontal', 'vertical'),
    showTimeSeriesData: flag,
    stickySummary: flag,
    summaryColumns: listOf(oneOf('MIN', 'MAX', 'SUM', 'AVG'), 0, 4),
  }),
  timezone: { type: 'string', pattern: '^[+-]\\d{4}$' },
  title: text,
  trend: flag,
  view: oneOf('timeSeries', 'singleValue', 'gauge', 'bar', 'pie', 'table'),
  yAxis: object({ left: axis, right: axis }),
}, 'region');

const textWidget = object({ markdown: text, background: oneOf('solid', 'transparent') }, 'markdown');

const alarm = object({
  alarms: alarms(100),
  sortBy: oneOf('default', 'stateUpdatedTimestamp', 'timestamp'),
  states: listOf(oneOf('ALARM', 'INSUFFICIENT_DATA', 'OK'), 1, 3),
  title: text,
}, 'alarms');

const log = object({
  accountId: text,
  query: { type: 'string', pattern: '^SOURCE ' },
  region: text,
  stacked: flag,
  title: text,
  view: oneOf('table', 'timeSeries', 'bar', 'pie'),
}, 'region', 'query');

/** Properties of each type of widget that the local cloud knows. */
export const WIDGETS: Readonly<Record<string, JsonObject>> = { metric, text: textWidget, alarm, log };

export const WIDGET: JsonObject = object({
  type: oneOf(...Object.keys(WIDGETS)),
  x: { type: 'integer', minimum: 0, maximum: 23 },
  y: { type: 'integer', minimum: 0 },
  width: { type: 'integer', minimum: 1, maximum: 24 },
  height: { type: 'integer', minimum: 1, maximum: 1_000 },
  properties: { type: 'object' },
}, 'type', 'properties');

export const BODY: JsonObject = object({
  start: text,
  end: text,
  periodOverride: oneOf('auto', 'inherit'),
  widgets: { type: 'array', maxItems: 500 },
}, 'widgets');

/** What may stand at the end of a metric. */
export const RENDERING: JsonObject = object({
  accountId: text, color, id: { type: 'string', pattern: '^[a-z]\\w{0,254}$' }, label: text, period, region: text, stat: statistic, visible: flag, yAxis: side,
});

export const EXPRESSION: JsonObject = object({
  accountId: text,
  color,
  expression: { type: 'string', minLength: 1, maxLength: 1_024 },
  id: { type: 'string', pattern: '^[a-z]\\w{0,254}$' },
  label: text,
  period,
  region: text,
  visible: flag,
  yAxis: side,
}, 'expression');
