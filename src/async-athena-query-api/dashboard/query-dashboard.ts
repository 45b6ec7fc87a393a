import { AlarmStatusWidget, Dashboard, GraphWidget, IAlarm, IWidget, MathExpression, Metric, MetricOptions, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { QueryDashboardOptions } from './dashboard-options';
import { DASHBOARD_KINDS } from './option-kinds';
import { createDashboard, FROM_ZERO, HALF, THIRD } from '../../private/synth/dashboard';
import { checkOptions } from '../../private/synth/option-kinds';

/** What a dashboard shows: the construct, without an import in a circle. */
export interface QueryDashboardContent {
  readonly failureAlarm: IAlarm;
  readonly notStartedAlarm: IAlarm;
  metricRequests(options?: MetricOptions): Metric;
  metricClientErrors(options?: MetricOptions): Metric;
  metricServerErrors(options?: MetricOptions): Metric;
  metricAccepted(options?: MetricOptions): Metric;
  metricSucceededQueries(options?: MetricOptions): Metric;
  metricFailedQueries(options?: MetricOptions): Metric;
  metricCancelledQueries(options?: MetricOptions): Metric;
  metricNotStartedQueries(options?: MetricOptions): Metric;
  metricDataScanned(options?: MetricOptions): Metric;
  metricEngineExecutionTime(options?: MetricOptions): Metric;
  metricTime(options?: MetricOptions): Metric;
  metricFailed(options?: MetricOptions): Metric;
  metricDelivered(options?: MetricOptions): Metric;
  metricDeliveryAttempts(options?: MetricOptions): Metric;
  metricDeadLetters(options?: MetricOptions): Metric;
}

/** The dashboard of a construct: there is one, made when it is asked for. */
export function createQueryDashboard(scope: Construct, options: QueryDashboardOptions, content: QueryDashboardContent): Dashboard {
  return createDashboard(scope, checkOptions('addDashboard', options, DASHBOARD_KINDS), () => widgetsOf(content));
}

function widgetsOf(content: QueryDashboardContent): IWidget[][] {
  return [
    [new AlarmStatusWidget({ title: 'Alarms', alarms: [content.failureAlarm, content.notStartedAlarm], width: 24, height: 2 })],
    [requests(content), states(content)],
    [times(content), engineTimes(content), scanned(content)],
    [deliveries(content), deadLetters(content)],
  ];
}

function requests(content: QueryDashboardContent): IWidget {
  return new GraphWidget({
    ...HALF,
    title: 'Requests',
    leftYAxis: FROM_ZERO,
    left: [
      content.metricRequests({ label: 'all' }),
      content.metricAccepted({ label: 'accepted' }),
      // API Gateway counts requests that it throttles (429) among these, and nowhere else.
      content.metricClientErrors({ label: 'refused or throttled (4xx, 429 too)' }),
      content.metricServerErrors({ label: 'failed (5xx)' }),
    ],
  });
}

function states(content: QueryDashboardContent): IWidget {
  return new GraphWidget({
    ...HALF,
    title: 'Queries by state',
    stacked: true,
    leftYAxis: FROM_ZERO,
    left: [
      content.metricSucceededQueries({ label: 'succeeded' }),
      content.metricFailedQueries({ label: 'failed' }),
      content.metricCancelledQueries({ label: 'cancelled' }),
      content.metricNotStartedQueries({ label: 'not started (each attempt to tell it)' }),
    ],
  });
}

function times(content: QueryDashboardContent): IWidget {
  return new GraphWidget({
    ...THIRD,
    title: 'From acceptance to the delivered callback',
    leftYAxis: { min: 0, label: 'ms', showUnits: false },
    left: [content.metricTime({ statistic: 'p50', label: 'p50' }), content.metricTime({ statistic: 'p95', label: 'p95' })],
  });
}

function engineTimes(content: QueryDashboardContent): IWidget {
  return new GraphWidget({
    ...THIRD,
    title: 'Time in the engine of Athena',
    leftYAxis: { min: 0, label: 'ms', showUnits: false },
    left: [content.metricEngineExecutionTime({ statistic: 'p50', label: 'p50' }), content.metricEngineExecutionTime({ statistic: 'p95', label: 'p95' })],
  });
}

function scanned(content: QueryDashboardContent): IWidget {
  return new GraphWidget({ ...THIRD, title: 'Data scanned', leftYAxis: { min: 0, label: Unit.BYTES, showUnits: false }, left: [content.metricDataScanned({ label: 'bytes' })] });
}

function deliveries(content: QueryDashboardContent): IWidget {
  const attempts = new MathExpression({
    label: 'attempts for each delivered callback',
    expression: 'attempts / delivered',
    usingMetrics: { attempts: content.metricDeliveryAttempts(), delivered: content.metricDelivered() },
  });
  return new GraphWidget({
    ...HALF,
    title: 'Deliveries that fail',
    left: [content.metricFailed({ label: 'executions without a delivered callback' })],
    leftYAxis: FROM_ZERO,
    right: [attempts],
    rightYAxis: FROM_ZERO,
  });
}

function deadLetters(content: QueryDashboardContent): IWidget {
  return new GraphWidget({ ...HALF, title: 'Dead letters in the queue', leftYAxis: FROM_ZERO, left: [content.metricDeadLetters({ label: 'letters' })] });
}
