import { Token } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard, GraphWidget, IAlarm, IWidget, MathExpression, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { RunDashboardOptions } from './dashboard-options';
import { RUN_DASHBOARD_KINDS } from './option-kinds';
import { createDashboard, FROM_ZERO, HALF, THIRD } from '../../private/synth/dashboard';
import { checkOptions } from '../../private/synth/option-kinds';
import { InvalidPropError, refuseToken } from '../../private/synth/validation';

/** In US East (N. Virginia). Sources: AWS Step Functions pricing; AWS Lambda pricing, x86. */
export const TRANSITION_PRICE = 0.025 / 1_000;
export const GIGABYTE_SECOND_PRICE = 0.0000166667;

/** Far above the price in any Region, and below that of a thousand transitions, as AWS lists it. */
const HIGHEST_PRICE = 0.001;

/** What a dashboard shows: the construct, without an import in a circle. */
export interface RunDashboardContent {
  readonly failureAlarm: IAlarm;
  /** The machine whose executions are segments, where it is another than the workflow. */
  readonly segment?: IStateMachine;
  /** The function that collects failures, where they are tolerated. */
  readonly collectorFunction?: IFunction;
  metricStarted(options?: MetricOptions): Metric;
  metricSucceeded(options?: MetricOptions): Metric;
  metricFailed(options?: MetricOptions): Metric;
  metricAborted(options?: MetricOptions): Metric;
  metricTime(options?: MetricOptions): Metric;
  metricPagesRead(options?: MetricOptions): Metric;
  metricItemsRead(options?: MetricOptions): Metric;
  metricLag(options?: MetricOptions): Metric;
  metricSourceErrors(options?: MetricOptions): Metric;
  metricFailedItems(options?: MetricOptions): Metric;
}

/** What the cost of a run is estimated from, beside metrics. */
export interface RunCosts {
  /** Transitions of each page and of each segment, without those of items and batches. */
  readonly transitionsOfPage: number;
  readonly transitionsOfSegment: number;
  /** Gigabytes of memory of the source function. */
  readonly sourceGigabytes: number;
  /** Of all invocations of the source function, in milliseconds. */
  readonly sourceDuration: Metric;
}

/** The dashboard of a construct: there is one, made when it is asked for. */
export function createRunDashboard(scope: Construct, options: RunDashboardOptions, content: RunDashboardContent, costs: RunCosts): Dashboard {
  const { transitionPrice = TRANSITION_PRICE, gigabyteSecondPrice = GIGABYTE_SECOND_PRICE, ...asked } = checkOptions('addDashboard', options, RUN_DASHBOARD_KINDS);
  checkPrice('transitionPrice', transitionPrice);
  checkPrice('gigabyteSecondPrice', gigabyteSecondPrice);
  return createDashboard(scope, asked, () => [
    [new AlarmStatusWidget({ title: 'Alarms', alarms: [content.failureAlarm], width: 24, height: 2 })],
    [items(content), runs(content)],
    [rate(content), lag(content), pages(content)],
    [segments(content), times(content), cost(content, costs, { transitionPrice, gigabyteSecondPrice })],
  ]);
}

function checkPrice(name: keyof RunDashboardOptions, price: number): void {
  refuseToken(`${name} of addDashboard`, Token.isUnresolved(price), 'the dashboard is written with it');
  if (price >= 0 && price <= HIGHEST_PRICE) return;
  throw new InvalidPropError(
    `${name} of addDashboard`, price, `a number of US dollars for a single one, from 0 to ${HIGHEST_PRICE}`,
    'divide a price of a thousand or a million by their number, or leave it out for the price in US East (N. Virginia)',
  );
}

function items(content: RunDashboardContent): IWidget {
  return new GraphWidget({
    ...HALF,
    title: 'Items',
    leftYAxis: FROM_ZERO,
    left: [
      content.metricItemsRead({ label: 'read' }),
      ...(content.collectorFunction === undefined ? [] : [content.metricFailedItems({ label: 'failed, and tolerated' })]),
    ],
  });
}

function runs(content: RunDashboardContent): IWidget {
  return new GraphWidget({
    ...HALF,
    title: 'Runs',
    leftYAxis: FROM_ZERO,
    left: [
      content.metricStarted({ label: 'started' }),
      content.metricSucceeded({ label: 'succeeded' }),
      content.metricFailed({ label: 'failed' }),
      content.metricAborted({ label: 'stopped' }),
    ],
  });
}

function rate(content: RunDashboardContent): IWidget {
  const perSecond = new MathExpression({ label: 'items a second', expression: 'items / PERIOD(items)', usingMetrics: { items: content.metricItemsRead() } });
  return new GraphWidget({ ...THIRD, title: 'Rate', leftYAxis: FROM_ZERO, left: [perSecond] });
}

function lag(content: RunDashboardContent): IWidget {
  return new GraphWidget({
    ...THIRD,
    title: 'Lag of the last item read (if sorted by date)',
    leftYAxis: { min: 0, label: 's', showUnits: false },
    left: [content.metricLag({ label: 'the worker that has come farthest' }), content.metricLag({ statistic: 'Maximum', label: 'the one that is farthest behind' })],
  });
}

function pages(content: RunDashboardContent): IWidget {
  return new GraphWidget({
    ...THIRD,
    title: 'Pages',
    leftYAxis: FROM_ZERO,
    left: [content.metricPagesRead({ label: 'read' }), content.metricSourceErrors({ label: 'attempts to read that failed' })],
  });
}

function segments(content: RunDashboardContent): IWidget {
  const { segment } = content;
  const left = segment === undefined
    ? [content.metricStarted({ label: 'executions started' })]
    : [segment.metricStarted({ label: 'started' }), segment.metricFailed({ label: 'failed' })];
  return new GraphWidget({ ...THIRD, title: 'Segments', leftYAxis: FROM_ZERO, left });
}

function times(content: RunDashboardContent): IWidget {
  return new GraphWidget({
    ...THIRD,
    title: 'From start to end of a run',
    leftYAxis: { min: 0, label: 'ms', showUnits: false },
    left: [content.metricTime({ statistic: 'p50', label: 'p50' }), content.metricTime({ statistic: 'Maximum', label: 'longest' })],
  });
}

interface Prices {
  readonly transitionPrice: number;
  readonly gigabyteSecondPrice: number;
}

function cost(content: RunDashboardContent, costs: RunCosts, { transitionPrice, gigabyteSecondPrice }: Prices): IWidget {
  const { transitionsOfPage, transitionsOfSegment, sourceGigabytes, sourceDuration } = costs;
  const ofPage = number(transitionsOfPage * transitionPrice);
  const ofSegment = number(transitionsOfSegment * transitionPrice);
  const ofMillisecond = number((sourceGigabytes * gigabyteSecondPrice) / 1_000);
  const estimate = new MathExpression({
    label: 'US dollars: the workflow and reading, without processing',
    expression: `pages * ${ofPage} + segments * ${ofSegment} + reading * ${ofMillisecond}`,
    usingMetrics: {
      pages: content.metricPagesRead(), segments: content.segment?.metricStarted() ?? content.metricStarted(), reading: sourceDuration,
    },
  });
  return new GraphWidget({ ...THIRD, title: 'Estimated cost', leftYAxis: FROM_ZERO, left: [estimate] });
}

/** Without an exponent, which metric math does not know. */
function number(value: number): string {
  return value.toFixed(15).replace(/0+$/, '').replace(/\.$/, '');
}
