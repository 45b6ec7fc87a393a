/** The dashboard shows metrics that are really emitted, and nothing else: each was asked of a run in which everything happens that can. */
import { Duration } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { DeployedApi } from './deployed-api';
import { ENDLESS_QUERY } from './queries-stack';
import { DashboardWidget } from '../../local/cloudwatch/dashboard/body';

/** A virtual second has 50 real milliseconds, so that an endless query meets its time-out soon. */
const ENGINE_PACE = 20;

describe('the dashboard', () => {
  let api: DeployedApi;
  let widgets: readonly DashboardWidget[];

  beforeAll(async () => {
    api = await DeployedApi.start({
      cloud: { enginePace: ENGINE_PACE },
      queries: () => ({ queryTimeout: Duration.seconds(30) }),
      customise: (stack) => {
        stack.queries.addDashboard();
        const dimensionsMap = { StateMachineArn: stack.queries.workflow.stateMachineArn };
        const misspelt = new Metric({ namespace: 'AWS/States', metricName: 'ExecutionsFailled', dimensionsMap });
        new Dashboard(stack, 'Misspelt', { widgets: [[new GraphWidget({ left: [misspelt] })]] });
      },
    });
    widgets = api.cloud.dashboards.widgets(api.physicalId('AWS::CloudWatch::Dashboard', 'Dashboard'));
    api.receiver.answer([{ status: 204 }]);
    await api.run('SELECT origin FROM trips');
    await api.run('SELECT missing FROM trips');
    await api.run(ENDLESS_QUERY);
    await api.run('SELEC nothing');
    await api.client.postJson({ Query: 1 });
    api.receiver.answer([{ status: 400 }]);
    await api.run('SELECT origin FROM trips');
    api.assertNoFaults();
  });
  afterAll(async () => api.close());

  /** Metrics of widgets that have no data. */
  const withoutData = (shown: readonly DashboardWidget[]) => shown.flatMap(({ title, metrics }) => (
    metrics.filter(({ metric, statistic }) => api.cloud.metrics.value(metric, statistic) === undefined)
      .map(({ metric: { namespace, name }, statistic }) => ({ title, namespace, name, statistic }))));

  test('has no metric without data', () => {
    expect(withoutData(widgets)).toEqual([]);
  });

  test('a misspelt metric is found', () => {
    const misspelt = api.cloud.dashboards.widgets(api.deployment.physicalId('AWS::CloudWatch::Dashboard', 'Misspelt'));
    expect(withoutData(misspelt)).toMatchObject([{ name: 'ExecutionsFailled' }]);
  });

  test('has no widget without a metric, but for that of both alarms', () => {
    expect(widgets.filter(({ metrics }) => metrics.length === 0)).toMatchObject([{ type: 'alarm' }]);
    const alarms = widgets.flatMap((widget) => widget.alarms);
    expect(alarms.map((arn) => arn.split(':').at(-1)).sort())
      .toEqual(['FailureAlarm', 'NotStartedAlarm'].map((name) => api.physicalId('AWS::CloudWatch::Alarm', name)).sort());
  });

  test('shows what the construct counts, each of it once with a statistic, and how it came out in this run', () => {
    const counts = ['Count', 'ExecutionsStarted', 'SucceededQueries', 'FailedQueries', 'CancelledQueries', 'NotStartedQueries', 'ExecutionsFailed',
      'DeliveryAttempts', 'ApproximateNumberOfMessagesVisible', '4XXError', '5XXError'];
    const shown = widgets.flatMap(({ metrics }) => metrics);
    const values = Object.fromEntries(shown.map(({ metric, statistic }) => [metric.name, api.cloud.metrics.value(metric, statistic)]));
    expect(Object.fromEntries(counts.map((name) => [name, values[name]]))).toEqual({
      'Count': 6,
      'ExecutionsStarted': 5,
      'SucceededQueries': 2,
      'FailedQueries': 1,
      'CancelledQueries': 1,
      'NotStartedQueries': 1,
      'ExecutionsFailed': 1,
      'DeliveryAttempts': 5,
      'ApproximateNumberOfMessagesVisible': 1,
      '4XXError': 1,
      '5XXError': 0,
    });
    const keys = shown.map(({ metric, statistic }) => JSON.stringify([metric, statistic]));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
