import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  AlarmStatusWidget, AlarmWidget, Dashboard, GaugeWidget, GraphWidget, LogQueryWidget, MathExpression, Metric, PeriodOverride,
  SingleValueWidget, TableWidget, TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { VirtualClock } from '../../../local/clock';
import { Alarms } from '../../../local/cloudwatch/alarms';
import { Dashboards } from '../../../local/cloudwatch/dashboard/dashboards';
import { MetricStore } from '../../../local/cloudwatch/metric-store';
import { cloudWatchResources } from '../../../local/cloudwatch/resources';
import { JsonObject, JsonValue } from '../../../local/json';
import { createResource } from '../iam/create-resource';

async function create(properties: JsonObject): Promise<{ dashboards: Dashboards; ref: string }> {
  const dashboards = new Dashboards();
  const alarms = new Alarms(new MetricStore(), new VirtualClock());
  const { ref } = await createResource(cloudWatchResources(alarms, dashboards), 'AWS::CloudWatch::Dashboard', properties);
  return { dashboards, ref };
}

const bodyOf = (...widgets: JsonValue[]): JsonObject => ({ DashboardBody: JSON.stringify({ widgets }) });
const widget = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'metric', ...more, properties: { region: 'eu-west-1', ...properties } });
const metrics = (...rows: JsonValue[]): JsonObject => widget({ metrics: rows });

const ALARM = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:x';
const COUNT = ['AWS/States', 'ExecutionsStarted', 'StateMachineArn', 'arn'];

test('each metric of each widget can be read, those of expressions too', async () => {
  const { dashboards, ref } = await create({
    DashboardName: 'life',
    ...bodyOf(
      { type: 'text', x: 0, y: 0, width: 24, height: 1, properties: { markdown: '# Life' } },
      widget({
        title: 'Ends',
        period: 60,
        metrics: [[{ expression: 'FILL(a, 0) + b * 100', label: 'all', id: 'e' }], [...COUNT, { id: 'a', stat: 'Sum', visible: false }], ['N', 'M', { id: 'b', stat: 'p95' }]],
      }, { x: 18, width: 6 }),
      widget({ stat: 'Maximum', metrics: [['N', 'M', 'A', '1', 'B', '2', { period: 900 }], ['N', 'M']] }),
      { type: 'alarm', properties: { alarms: [ALARM], title: 'Alarms' } },
      widget({ annotations: { alarms: [ALARM] } }),
      { type: 'log', properties: { region: 'eu-west-1', query: 'SOURCE \'g\' | fields @message' } },
    ),
  });
  const widgets = dashboards.widgets(ref);
  expect(ref).toBe('life');
  expect(widgets.map(({ type, title, alarms }) => [type, title, alarms])).toEqual([
    ['text', undefined, []], ['metric', 'Ends', []], ['metric', undefined, []], ['alarm', 'Alarms', [ALARM]], ['metric', undefined, [ALARM]], ['log', undefined, []],
  ]);
  expect(widgets.flatMap(({ metrics: shown }) => shown)).toEqual([
    { metric: { namespace: 'AWS/States', name: 'ExecutionsStarted', dimensions: { StateMachineArn: 'arn' } }, statistic: 'Sum', periodSeconds: 60 },
    { metric: { namespace: 'N', name: 'M', dimensions: {} }, statistic: 'p95', periodSeconds: 60 },
    { metric: { namespace: 'N', name: 'M', dimensions: { A: '1', B: '2' } }, statistic: 'Maximum', periodSeconds: 900 },
    { metric: { namespace: 'N', name: 'M', dimensions: {} }, statistic: 'Maximum', periodSeconds: 300 },
  ]);
});

test('what the CDK renders is taken, and read', async () => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
  const metric = new Metric({ namespace: 'N', metricName: 'M', dimensionsMap: { A: '1' }, statistic: 'Sum' });
  const alarm = metric.createAlarm(stack, 'Alarm', { threshold: 1, evaluationPeriods: 1, alarmName: 'x' });
  const sum = new MathExpression({ expression: 'a + FILL(b, 0)', usingMetrics: { a: metric, b: metric.with({ statistic: 'p95', period: Duration.minutes(1) }) } });
  const all = [
    new GraphWidget({ left: [metric, sum], right: [metric.with({ statistic: 'Maximum' })], stacked: true, liveData: true, leftYAxis: { min: 0 }, leftAnnotations: [{ value: 1, color: '#ff0000' }] }),
    new TextWidget({ markdown: 'x' }), new SingleValueWidget({ metrics: [metric], sparkline: true }), new AlarmStatusWidget({ alarms: [alarm] }),
    new LogQueryWidget({ logGroupNames: ['g'], queryLines: ['fields @message'] }), new GaugeWidget({ metrics: [metric] }), new TableWidget({ metrics: [metric] }),
    new AlarmWidget({ alarm }),
  ];
  new Dashboard(stack, 'Dashboard', { widgets: [all], defaultInterval: Duration.hours(3), periodOverride: PeriodOverride.AUTO });
  const [{ Properties }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const parts: JsonValue = Properties.DashboardBody['Fn::Join'][1];
  const DashboardBody = Array.isArray(parts) ? parts.map((part) => (typeof part === 'string' ? part : ALARM)).join('') : '';
  const { dashboards, ref } = await create({ DashboardBody });
  expect(dashboards.widgets(ref)).toHaveLength(8);
  expect(dashboards.widgets(ref)[0].metrics.map(({ statistic }) => statistic)).toEqual(['Sum', 'p95', 'Maximum']);
});

test.each<[string, JsonObject, string]>([
  ['no JSON', { DashboardBody: 'x' }, 'must be a valid JSON object'],
  ['no widgets', { DashboardBody: '{}' }, "Should have required property 'widgets'"],
  ['a name', { DashboardName: 'a b', ...bodyOf() }, 'Invalid DashboardName'],
  ['a member of the body', { DashboardBody: '{"widgets":[],"title":"x"}' }, 'Should NOT have additional properties: \\"title\\"'],
  ['a type of widget', bodyOf({ type: 'metrics', properties: {} }), '"dataPath":"/widgets/0/type","message":"Should be equal to one of the allowed values'],
  ['a member of a widget', bodyOf({ ...metrics(COUNT), title: 'x' }), 'Should NOT have additional properties: \\"title\\"'],
  ['a property', bodyOf(widget({ metrics: [COUNT], heading: 'x' })), 'Should NOT have additional properties: \\"heading\\"'],
  ['a column', bodyOf({ ...metrics(COUNT), x: 24 }), 'Should be <= 23'],
  ['a width', bodyOf({ ...metrics(COUNT), x: 13, width: 12 }), 'Should end within 24 columns'],
  ['the default width', bodyOf({ ...metrics(COUNT), x: 19 }), 'Should end within 24 columns'],
  ['no region', bodyOf({ type: 'metric', properties: { metrics: [COUNT] } }), "Should have required property 'region'"],
  ['nothing to show', bodyOf(widget({})), 'Should have either metrics or annotations/alarms'],
  ['metrics that are no list of lists', bodyOf(metrics('AWS/States')), '"dataPath":"/widgets/0/properties/metrics/0","message":"Should be array"'],
  ['a metric without a name', bodyOf(metrics(['AWS/States'])), 'Should NOT have fewer than 2 items'],
  ['a dimension without a value', bodyOf(metrics(['AWS/States', 'ExecutionsStarted', 'StateMachineArn'])), 'Each dimension must have a name and a value'],
  ['a dimension that is an object', bodyOf(metrics(['AWS/States', 'ExecutionsStarted', { StateMachineArn: 'arn' }])), 'Should NOT have additional properties: \\"StateMachineArn\\"'],
  ['a number among the names', bodyOf(metrics(['AWS/States', 'ExecutionsStarted', 'A', 1])), 'only \\"String\\" type is allowed'],
  ['a name of the row above', bodyOf(metrics(COUNT, ['.', 'ExecutionsFailed', '.', '.'])), 'does not implement . and ...'],
  ['a statistic of a metric', bodyOf(metrics([...COUNT, { stat: 'sum' }])), 'metrics/0/4/stat'],
  ['a statistic of the widget', bodyOf(widget({ metrics: [COUNT], stat: 'p101' })), '/properties/stat'],
  ['a period', bodyOf(metrics([...COUNT, { period: 90 }])), 'The period 90'],
  ['an id', bodyOf(metrics([...COUNT, { id: 'Started' }])), 'metrics/0/4/id'],
  ['an id twice', bodyOf(metrics([...COUNT, { id: 'a' }], ['N', 'M', { id: 'a' }])), 'The id a is used more than once'],
  ['an id of an expression that is not there', bodyOf(metrics([{ expression: 'a + b' }], [...COUNT, { id: 'a' }])), 'The expression uses b'],
  ['an expression with other items', bodyOf(metrics([{ expression: 'a' }, 'x'], [...COUNT, { id: 'a' }])), 'only \\"String\\" type is allowed'],
  ['an expression with an open bracket', bodyOf(metrics([{ expression: 'FILL(a, 0' }], [...COUNT, { id: 'a' }])), 'A bracket is not closed'],
  ['an expression with a strange sign', bodyOf(metrics([{ expression: 'a ; a' }], [...COUNT, { id: 'a' }])), 'Invalid character'],
  ['a search', bodyOf(metrics([{ expression: 'SEARCH(x)' }])), 'does not implement SEARCH'],
  ['a gauge without a range', bodyOf(widget({ metrics: [COUNT], view: 'gauge' })), 'with min and max'],
  ['a colour', bodyOf(metrics([...COUNT, { color: 'red' }])), 'metrics/0/4/color'],
  ['a text widget without a text', bodyOf({ type: 'text', properties: {} }), "Should have required property 'markdown'"],
  ['an alarm that is no ARN', bodyOf({ type: 'alarm', properties: { alarms: ['x'] } }), '/properties/alarms/0'],
  ['a query without a source', bodyOf({ type: 'log', properties: { region: 'eu-west-1', query: 'fields @message' } }), '/properties/query'],
])('refused: %s', async (_, properties, message) => {
  await expect(create(properties)).rejects.toThrow(message);
});

test('all that is wrong is told at once', async () => {
  await expect(create(bodyOf(widget({}), { type: 'text', properties: {} }))).rejects.toThrow('The dashboard body is invalid, there are 2 validation errors: [{"dataPath":');
});

test('statistics by their names, percentiles among them', () => {
  const store = new MetricStore();
  const metric = { namespace: 'N', name: 'M', dimensions: { A: '1' } };
  expect([store.has(metric), store.value(metric, 'p95'), store.value(metric, 'Average')]).toEqual([false, undefined, undefined]);
  for (let value = 1; value <= 20; value++) store.put(metric, value, value, 'Milliseconds');
  expect(['p0', 'p50', 'p95', 'p99.9', 'p100', 'Average', 'Sum', 'SampleCount', 'Minimum', 'Maximum'].map((name) => store.value(metric, name)))
    .toEqual([1, 10, 19, 20, 20, 10.5, 210, 20, 1, 20]);
  expect(store.value(metric, 'p50', { from: 11 })).toBe(15);
  expect([store.has(metric), store.has({ ...metric, dimensions: {} })]).toEqual([true, false]);
  expect(() => store.value(metric, 'tm90')).toThrow('does not implement the statistic tm90');
});
