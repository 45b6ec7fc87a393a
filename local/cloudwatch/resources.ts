import { Alarms, AlarmSettings, AlarmStatistic, COMPARISONS } from './alarms';
import { Dashboards } from './dashboard/dashboards';
import { MetricName } from './metric-store';
import { remadeInPlace, ResourceChanges, ResourceProviders } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Seconds that all periods of an alarm may cover: a day, or a week of periods of an hour or more. Source: API reference of PutMetricAlarm. */
const LONGEST_EVALUATION = { short: 86_400, long: 604_800, fromPeriod: 3_600 };

/** Resource types of CloudWatch: dashboards; alarms on sums, and on the least value of a metric. */
export function cloudWatchResources(alarms: Alarms, dashboards: Dashboards = new Dashboards()): ResourceProviders {
  return {
    'AWS::CloudWatch::Dashboard': ({ properties, physicalName }) => {
      const name = properties.optionalString('DashboardName') ?? physicalName(255);
      dashboards.add(name, properties.string('DashboardBody'));
      // Tags change nothing that it shows.
      properties.notModelled('Tags');
      return { ref: name };
    },

    'AWS::CloudWatch::Alarm': (request) => {
      const { properties, environment: { partition, region, accountId } } = request;
      const name = properties.optionalString('AlarmName') ?? request.physicalName(255);
      alarms.add({ name, ...readAlarm(properties) });
      // Actions, texts and tags do not change the state of an alarm.
      properties.notModelled('AlarmDescription', 'AlarmActions', 'OKActions', 'InsufficientDataActions', 'ActionsEnabled', 'Tags');
      return { ref: name, attributes: { Arn: `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:${name}` } };
    },
  };
}

/** What becomes of them in updates. The state of an alarm follows from the metrics, so there is none to lose. */
export function cloudWatchChanges(alarms: Alarms, dashboards: Dashboards): ResourceChanges {
  const providers = cloudWatchResources(alarms, dashboards);
  return {
    'AWS::CloudWatch::Dashboard': remadeInPlace(providers['AWS::CloudWatch::Dashboard'], ({ current }) => dashboards.remove(current.ref)),
    'AWS::CloudWatch::Alarm': remadeInPlace(providers['AWS::CloudWatch::Alarm'], ({ current }) => alarms.remove(current.ref)),
  };
}

function readAlarm(properties: StrictProperties): Omit<AlarmSettings, 'name'> {
  const comparison = properties.string('ComparisonOperator');
  if (!isComparison(comparison)) return properties.unsupported('ComparisonOperator', 'a comparison with something other than a fixed threshold');
  const missingData = properties.optionalString('TreatMissingData') ?? 'missing';
  if (missingData !== 'breaching' && missingData !== 'notBreaching') return properties.unsupported('TreatMissingData', 'a state of insufficient data');
  const evaluationPeriods = properties.number('EvaluationPeriods') ?? properties.unsupported('EvaluationPeriods', 'an alarm without them');
  const datapointsToAlarm = properties.number('DatapointsToAlarm') ?? evaluationPeriods;
  const watched = properties.has('Metrics') ? readExpression(properties) : readSingle(properties);
  assertPeriods(properties, watched.periodSeconds, evaluationPeriods, datapointsToAlarm);
  return {
    ...watched,
    comparison,
    missingData,
    threshold: properties.number('Threshold') ?? properties.unsupported('Threshold', 'an alarm without a fixed threshold'),
    evaluationPeriods,
    datapointsToAlarm,
  };
}

function assertPeriods(properties: StrictProperties, period: number, evaluated: number, toAlarm: number): void {
  if (![10, 20, 30].includes(period) && !(period > 0 && period % 60 === 0)) properties.unsupported('Period', 'a period that CloudWatch does not have');
  if (!Number.isInteger(evaluated) || evaluated < 1) properties.unsupported('EvaluationPeriods', 'a number of periods that is not 1 or more');
  if (!Number.isInteger(toAlarm) || toAlarm < 1 || toAlarm > evaluated) properties.unsupported('DatapointsToAlarm', 'more datapoints than periods, or none');
  const longest = period >= LONGEST_EVALUATION.fromPeriod ? LONGEST_EVALUATION.long : LONGEST_EVALUATION.short;
  if (period * evaluated > longest) properties.unsupported('EvaluationPeriods', `periods of more than ${longest} seconds together`);
}

type Watched = Pick<AlarmSettings, 'metrics' | 'statistic' | 'periodSeconds'>;

const STATISTICS: Readonly<Partial<Record<string, AlarmStatistic>>> = { Sum: 'sum', Minimum: 'minimum' };

function readSingle(properties: StrictProperties): Watched {
  const statistic = STATISTICS[properties.string('Statistic')] ?? properties.unsupported('Statistic', 'another statistic than Sum and Minimum');
  return { metrics: [{ metric: readMetric(properties) }], statistic, periodSeconds: properties.number('Period') ?? 60 };
}

/** An expression that adds metrics up, each as it is or filled: `FILL(failed, 0) + FILL(aborted, 0)`. */
function readExpression(properties: StrictProperties): Watched {
  const queries = properties.list('Metrics', readQuery) ?? [];
  const metrics = new Map(queries.flatMap(({ id, metric }) => (metric === undefined ? [] : [[id, metric] as const])));
  const expressions = queries.flatMap(({ expression }) => expression ?? []);
  const summands = expressions.length === 1 ? expressions[0].split('+').map(readSummand) : [];
  const added = summands.flatMap((summand) => {
    const found = summand && metrics.get(summand.id);
    return found === undefined ? [] : [{ ...found, fill: summand?.fill }];
  });
  if (added.length === 0 || added.length !== summands.length) return properties.unsupported('Metrics', 'an expression that is not one sum of its metrics');
  const periods = new Set(added.map(({ periodSeconds }) => periodSeconds));
  if (periods.size !== 1) return properties.unsupported('Metrics', 'metrics of different periods');
  return { metrics: added.map(({ metric, fill }) => ({ metric, fill })), statistic: 'sum', periodSeconds: added[0].periodSeconds };
}

function readSummand(text: string): { readonly id: string; readonly fill?: number } | undefined {
  const match = /^\s*(?:([a-z]\w*)|FILL\(\s*([a-z]\w*)\s*,\s*(-?\d+(?:\.\d+)?)\s*\))\s*$/.exec(text);
  if (match === null) return undefined;
  const [, plain, filled, fill] = match;
  return plain === undefined ? { id: filled, fill: Number(fill) } : { id: plain };
}

function readQuery(query: StrictProperties) {
  query.notModelled('Label', 'ReturnData');
  return {
    id: query.string('Id'),
    expression: query.optionalString('Expression'),
    metric: query.object('MetricStat', (stat) => {
      requireSum(stat, 'Stat');
      const metric = stat.object('Metric', readMetric);
      if (metric === undefined) return stat.unsupported('Metric', 'a statistic of nothing');
      return { metric, periodSeconds: stat.number('Period') ?? 60 };
    }),
  };
}

function readMetric(properties: StrictProperties): MetricName {
  const dimensions = properties.list('Dimensions', (dimension) => [dimension.string('Name'), dimension.string('Value')] as const) ?? [];
  return { namespace: properties.string('Namespace'), name: properties.string('MetricName'), dimensions: Object.fromEntries(dimensions) };
}

function requireSum(properties: StrictProperties, name: string): void {
  if (properties.string(name) !== 'Sum') properties.unsupported(name, 'another statistic than Sum');
}

function isComparison(text: string): text is keyof typeof COMPARISONS {
  return Object.hasOwn(COMPARISONS, text);
}
