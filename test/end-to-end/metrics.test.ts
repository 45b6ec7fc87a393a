/** What somebody who looks after queries sees of them: the metrics that the delivery function emits, and the alarm on one of them. */
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { DeployedApi, Run } from './deployed-api';
import { ENDLESS_QUERY, QueriesStack } from './queries-stack';
import { MetricStatistics } from '../../local/cloudwatch/metric-store';
import { AsyncAthenaQueryApi } from '../../src';

/** A virtual second has 50 real milliseconds, so that an endless query meets its time-out soon. */
const ENGINE_PACE = 20;

const METRICS = {
  SucceededQueries: (queries: AsyncAthenaQueryApi) => queries.metricSucceededQueries(),
  FailedQueries: (queries: AsyncAthenaQueryApi) => queries.metricFailedQueries(),
  CancelledQueries: (queries: AsyncAthenaQueryApi) => queries.metricCancelledQueries(),
  NotStartedQueries: (queries: AsyncAthenaQueryApi) => queries.metricNotStartedQueries(),
  DataScanned: (queries: AsyncAthenaQueryApi) => queries.metricDataScanned(),
  EngineExecutionTime: (queries: AsyncAthenaQueryApi) => queries.metricEngineExecutionTime(),
  DeliveryAttempts: (queries: AsyncAthenaQueryApi) => queries.metricDeliveryAttempts(),
} as const;

const SELECT = 'SELECT origin FROM trips';

describe('the metrics', () => {
  let api: DeployedApi;
  beforeAll(async () => {
    api = await DeployedApi.start({
      cloud: { enginePace: ENGINE_PACE },
      queries: () => ({
        queryTimeout: Duration.seconds(30), deliveryWindow: Duration.minutes(1), stageName: 'v2', deliveryMemorySize: 512, deliveryReservedConcurrency: 1,
      }),
      customise,
    });
  });
  beforeEach(() => api.receiver.answer([{ status: 204 }]));
  afterEach(() => api.assertNoFaults());
  afterAll(async () => api?.close());

  const output = (name: string) => String(api.deployment.stack.outputs[name]);
  const statistics = (name: keyof typeof METRICS): MetricStatistics | undefined => api.cloud.metrics.statistics(JSON.parse(output(name)));
  const sums = () => Object.fromEntries(Object.keys(METRICS).filter(isMetric).map((name) => [name, statistics(name)?.sum ?? 0]));
  const alarmState = () => api.cloud.alarms.state(api.physicalId('AWS::CloudWatch::Alarm', 'NotStartedAlarm'));

  /** What a run adds to the counts. */
  async function countsOf(work: () => Promise<Run>): Promise<Record<string, number>> {
    const before = sums();
    await work();
    const after = sums();
    return Object.fromEntries(Object.keys(after).filter((name) => !['DataScanned', 'EngineExecutionTime'].includes(name))
      .flatMap((name) => (after[name] === before[name] ? [] : [[name, after[name] - before[name]]])));
  }

  test('a query that succeeds tells what Athena says of it', async () => {
    const run = await api.run(SELECT);
    const { DataScannedInBytes, EngineExecutionTimeInMillis } = run.callbacks[0].body.Statistics ?? {};
    expect(sums()).toMatchObject({ SucceededQueries: 1, FailedQueries: 0, CancelledQueries: 0, NotStartedQueries: 0, DeliveryAttempts: 1 });
    expect([statistics('DataScanned')?.sum, statistics('EngineExecutionTime')?.sum]).toEqual([DataScannedInBytes, EngineExecutionTimeInMillis]);
    expect(statistics('FailedQueries')?.sampleCount).toBe(1);
  });

  test('each query counts once, by its state', async () => {
    expect(await countsOf(() => api.run('SELECT 1 / 0 FROM nowhere'))).toEqual({ FailedQueries: 1, DeliveryAttempts: 1 });
    expect(await countsOf(() => api.run(ENDLESS_QUERY))).toEqual({ CancelledQueries: 1, DeliveryAttempts: 1 });
  });

  test('a delivery that is repeated, redriven too, counts attempts and the query once', async () => {
    expect(await countsOf(async () => {
      api.receiver.answer([{ status: 503 }, { status: 503 }, { status: 400 }]);
      const run = await api.run(SELECT);
      expect(run.end.type).toBe('ExecutionFailed');
      api.receiver.answer([{ status: 204 }]);
      return api.redrive(run.queryId);
    })).toEqual({ SucceededQueries: 1, DeliveryAttempts: 4 });
  });

  test('a query that cannot be started counts with each attempt, and raises an alarm that falls by itself', async () => {
    expect(alarmState()).toBe('OK');
    expect(await countsOf(async () => {
      api.receiver.answer([{ status: 503 }, { status: 204 }]);
      return api.run('SELEC nothing');
    })).toEqual({ NotStartedQueries: 2, DeliveryAttempts: 2 });
    expect(alarmState()).toBe('ALARM');
    await api.cloud.clock.sleep(600_000);
    expect(alarmState()).toBe('OK');
  });

  test('the stage is the one that was asked for', () => {
    expect(new URL(output('ExportQueriesUrl')).pathname).toBe('/v2/queries');
  });
});

function isMetric(name: string): name is keyof typeof METRICS {
  return Object.hasOwn(METRICS, name);
}

/** An output for each metric that says under which name it is found. */
function customise(stack: QueriesStack): void {
  for (const [name, metricOf] of Object.entries(METRICS)) {
    const { namespace, metricName, dimensions }: Metric = metricOf(stack.queries);
    new CfnOutput(stack, name, { value: stack.toJsonString({ namespace, name: metricName, dimensions }) });
  }
}
