import { VirtualClock } from '../../../local/clock';
import { Alarms } from '../../../local/cloudwatch/alarms';
import { MetricStore } from '../../../local/cloudwatch/metric-store';
import { cloudWatchResources } from '../../../local/cloudwatch/resources';
import { JsonObject } from '../../../local/json';
import { createResource } from '../iam/create-resource';

const START = Date.parse('2030-01-01T00:00:00Z');
const failed = { namespace: 'AWS/States', name: 'ExecutionsFailed', dimensions: { StateMachineArn: 'arn' } };
const aborted = { ...failed, name: 'ExecutionsAborted' };

const single: JsonObject = {
  Namespace: 'AWS/States',
  MetricName: 'ExecutionsFailed',
  Dimensions: [{ Name: 'StateMachineArn', Value: 'arn' }],
  Statistic: 'Sum',
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
};

function query(Id: string, MetricName: string, Period = 300): JsonObject {
  const { Namespace, Dimensions } = single;
  return { Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat: 'Sum' }, ReturnData: false };
}

const { Namespace, MetricName, Dimensions, Statistic, Period, ...comparison } = single;
const added: JsonObject = {
  ...comparison,
  Metrics: [{ Id: 'e', Expression: 'failed + aborted', Label: 'both' }, query('failed', 'ExecutionsFailed'), query('aborted', 'ExecutionsAborted')],
};

async function createAlarm(properties: JsonObject) {
  const clock = new VirtualClock(START);
  const metrics = new MetricStore();
  const alarms = new Alarms(metrics, clock);
  const { ref } = await createResource(cloudWatchResources(alarms), 'AWS::CloudWatch::Alarm', properties);
  return { clock, metrics, state: () => alarms.state(ref) };
}

test('one failure raises the alarm, and its period passing calms it', async () => {
  const { clock, metrics, state } = await createAlarm(single);
  expect(state()).toBe('OK');
  metrics.put(failed, 1, clock.now());
  expect(state()).toBe('ALARM');
  await clock.sleep(300_000);
  expect(state()).toBe('OK');
});

test('a metric of another machine does not raise it', async () => {
  const { clock, metrics, state } = await createAlarm(single);
  metrics.put({ ...failed, dimensions: { StateMachineArn: 'other' } }, 1, clock.now());
  expect(state()).toBe('OK');
});

test('an expression adds its metrics up', async () => {
  const { clock, metrics, state } = await createAlarm({ ...added, Threshold: 2 });
  metrics.put(failed, 1, clock.now());
  expect(state()).toBe('OK');
  metrics.put(aborted, 1, clock.now());
  expect(state()).toBe('ALARM');
});

test('a period in which one of the added metrics has no data has no sum', async () => {
  const { clock, metrics, state } = await createAlarm(added);
  metrics.put(failed, 5, clock.now());
  expect(state()).toBe('OK');
  metrics.put(aborted, 0, clock.now());
  expect(state()).toBe('ALARM');
});

test('a metric that is filled counts even when it has no data', async () => {
  const queries = [query('failed', 'ExecutionsFailed'), query('aborted', 'ExecutionsAborted')];
  const { clock, metrics, state } = await createAlarm({ ...added, Metrics: [{ Id: 'e', Expression: 'FILL(failed, 0) + FILL(aborted,0)' }, ...queries] });
  expect(state()).toBe('OK');
  metrics.put(aborted, 1, clock.now());
  expect(state()).toBe('ALARM');
});

test('an alarm on the least value rises when all that a period has is enough', async () => {
  const { clock, metrics, state } = await createAlarm({ ...single, Statistic: 'Minimum' });
  metrics.put(failed, 1, clock.now());
  metrics.put(failed, 2, clock.now());
  expect(state()).toBe('ALARM');
  metrics.put(failed, 0, clock.now());
  expect(state()).toBe('OK');
});

test('this many periods have to breach as are asked for', async () => {
  const { clock, metrics, state } = await createAlarm({ ...single, EvaluationPeriods: 3, DatapointsToAlarm: 2 });
  metrics.put(failed, 1, clock.now());
  expect(state()).toBe('OK');
  await clock.sleep(300_000);
  metrics.put(failed, 1, clock.now());
  expect(state()).toBe('ALARM');
});

test('missing data breaches where the alarm says so', async () => {
  expect((await createAlarm({ ...single, TreatMissingData: 'breaching' })).state()).toBe('ALARM');
});

test.each([[300, 288], [3600, 168], [10, 1]])('periods of %d seconds can be looked at %d at a time', async (seconds, EvaluationPeriods) => {
  await expect(createAlarm({ ...single, Period: seconds, EvaluationPeriods })).resolves.toBeDefined();
});

test.each<[string, JsonObject]>([
  ['Statistic', { ...single, Statistic: 'Average' }],
  ['TreatMissingData', { ...single, TreatMissingData: 'missing' }],
  ['ComparisonOperator', { ...single, ComparisonOperator: 'LessThanLowerThreshold' }],
  ['an expression', { ...added, Metrics: [{ Id: 'e', Expression: 'failed * 2' }, query('failed', 'ExecutionsFailed')] }],
  ['Period', { ...single, Period: 90 }],
  ['EvaluationPeriods', { ...single, EvaluationPeriods: 0 }],
  ['EvaluationPeriods', { ...single, EvaluationPeriods: 289 }],
  ['DatapointsToAlarm', { ...single, EvaluationPeriods: 2, DatapointsToAlarm: 3 }],
  ['different periods', { ...added, Metrics: [{ Id: 'e', Expression: 'a + b' }, query('a', 'A'), query('b', 'B', 60)] }],
])('what is not implemented is refused: %s', async (name, properties) => {
  await expect(createAlarm(properties)).rejects.toThrow(name);
});
