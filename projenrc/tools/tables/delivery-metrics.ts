/** The metrics that the delivery function of an AsyncAthenaQueryApi writes. */
import { DocTable } from './doc-table';
import { DeliveryMetric, DeliveryMetricName, DELIVERY_METRIC_UNITS } from '../../../src/async-athena-query-api/contracts/delivery-metric';

/** Method, when there is a value, and what it is. A metric without a row does not compile. */
const ROWS: Readonly<Record<DeliveryMetricName, readonly [method: string, when: string, value: string]>> = {
  SucceededQueries: ['metricSucceededQueries', 'the first attempt for each query', '1 if the query succeeded, else 0'],
  FailedQueries: ['metricFailedQueries', 'the first attempt for each query', '1 if the query was started and failed, else 0'],
  CancelledQueries: ['metricCancelledQueries', 'the first attempt for each query', '1 if the query was cancelled, also after `queryTimeout`, else 0'],
  NotStartedQueries: [
    'metricNotStartedQueries', 'the first attempt for each query, and every further one if the query could not be started',
    '1 if the query could not be started, else 0',
  ],
  DataScannedInBytes: ['metricDataScanned', 'the first attempt for each query of which Athena says it', 'what the query scanned'],
  EngineExecutionTime: ['metricEngineExecutionTime', 'the first attempt for each query of which Athena says it', 'how long it ran, without its time in the queue'],
  DeliveryAttempts: ['metricDeliveryAttempts', 'every attempt', '1'],
};

export const DELIVERY_METRICS: DocTable = {
  page: 'docs/async-athena-query-api/operations.md',
  name: DeliveryMetric.NAMESPACE,
  origin: 'the metrics of the delivery function',
  make: () => ({
    header: ['metric', 'method', 'unit', 'written with', 'value'],
    rows: Object.entries(ROWS).map(([name, [method, when, value]]) => [`\`${name}\``, `\`${method}\``, unitOf(name), when, value]),
  }),
};

function unitOf(name: string): string {
  const [, unit] = Object.entries(DELIVERY_METRIC_UNITS).find(([known]) => known === name) ?? [];
  if (unit === undefined) throw new Error(`${name} has no unit`);
  return unit;
}

/** How many metrics there are. */
export const DELIVERY_METRIC_COUNT = Object.keys(ROWS).length;
