import { Delivery } from './parse-event';
import { DeliveryMetric, DeliveryMetricName, DELIVERY_METRIC_UNITS } from '../../contracts/delivery-metric';

/** What is told about an attempt to deliver. */
export interface DeliveryReport {
  /** Undefined where the event could not be read. */
  readonly event: Delivery | undefined;
  /** State that the callback tells; undefined where that is not known. */
  readonly queryState: 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | undefined;
  /** `Delivered`, `NoCallback` where nobody was to be called back, or the name of the error. */
  readonly ended: string;
  /** What the receiver answered, if it did. */
  readonly statusCode: number | undefined;
  /** When the attempt began and ended, epoch milliseconds. */
  readonly startedAt: number;
  readonly now: number;
}

/**
 * One line of JSON: what there is to know of an attempt, and its metrics in CloudWatch's embedded metric format. Events of contract 1 do not say the
 * name of the workflow, so they have none.
 */
export function deliveryLine(report: DeliveryReport): string {
  const { event, ended, statusCode, startedAt, now } = report;
  return JSON.stringify({
    ...embedded(report),
    QueryId: event?.QueryId,
    Outcome: ended,
    CallbackStatus: statusCode === undefined ? undefined : `${Math.floor(statusCode / 100)}xx`,
    DurationMilliseconds: now - startedAt,
  });
}

function embedded({ event, queryState, now }: DeliveryReport): object {
  if (event?.attempt === undefined) return {};
  const delivers = event.CallbackUrl !== undefined;
  const values = { ...queryMetrics(event, event.attempt, queryState), ...(delivers && { [DeliveryMetric.DELIVERY_ATTEMPTS]: 1 }) };
  const Metrics = Object.keys(values).filter(isMetric).map((Name) => ({ Name, Unit: DELIVERY_METRIC_UNITS[Name] }));
  return {
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: DeliveryMetric.NAMESPACE, Dimensions: [[DeliveryMetric.DIMENSION]], Metrics }],
    },
    [DeliveryMetric.DIMENSION]: event.attempt.Workflow,
    ...values,
  };
}

type Values = Partial<Readonly<Record<DeliveryMetricName, number>>>;

/** What is counted once for each query: with its first attempt. A query of another state counts as 0, so that an average is a share. */
function queryMetrics(
  { State: { StartError, AthenaResult } }: Delivery, { RetryCount, RedriveCount }: NonNullable<Delivery['attempt']>, queryState: DeliveryReport['queryState'],
): Values {
  if (queryState === undefined) return {};
  const notStarted = StartError !== undefined;
  // The first attempt may never have got here: no concurrency was free, or it was cut off. Whether there was another line cannot be known.
  if (RetryCount > 0 || RedriveCount > 0) return notStarted ? { [DeliveryMetric.NOT_STARTED_QUERIES]: 1 } : {};
  const is = (state: DeliveryReport['queryState']) => Number(!notStarted && queryState === state);
  const { DataScannedInBytes, EngineExecutionTimeInMillis } = AthenaResult?.QueryExecution.Statistics ?? {};
  return {
    [DeliveryMetric.SUCCEEDED_QUERIES]: is('SUCCEEDED'),
    [DeliveryMetric.FAILED_QUERIES]: is('FAILED'),
    [DeliveryMetric.CANCELLED_QUERIES]: is('CANCELLED'),
    [DeliveryMetric.NOT_STARTED_QUERIES]: Number(notStarted),
    ...(typeof DataScannedInBytes === 'number' && { [DeliveryMetric.DATA_SCANNED]: DataScannedInBytes }),
    ...(typeof EngineExecutionTimeInMillis === 'number' && { [DeliveryMetric.ENGINE_EXECUTION_TIME]: EngineExecutionTimeInMillis }),
  };
}

function isMetric(name: string): name is DeliveryMetricName {
  return Object.hasOwn(DELIVERY_METRIC_UNITS, name);
}
