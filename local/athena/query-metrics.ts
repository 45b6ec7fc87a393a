import { QueryExecution } from './query-execution';
import { EmitMetric } from '../cloudwatch/metric-store';
import { JsonObject } from '../json';

/** Metrics of AWS/Athena, and the statistic of the query that each one tells. */
const METRICS: Readonly<Record<string, { readonly statistic: string; readonly unit: string }>> = {
  EngineExecutionTime: { statistic: 'EngineExecutionTimeInMillis', unit: 'Milliseconds' },
  ProcessedBytes: { statistic: 'DataScannedInBytes', unit: 'Bytes' },
  QueryQueueTime: { statistic: 'QueryQueueTimeInMillis', unit: 'Milliseconds' },
  ServiceProcessingTime: { statistic: 'ServiceProcessingTimeInMillis', unit: 'Milliseconds' },
  TotalExecutionTime: { statistic: 'TotalExecutionTimeInMillis', unit: 'Milliseconds' },
};

/**
 * What a workgroup that publishes metrics tells of a query that has ended. Source: Athena user guide, "List of CloudWatch metrics and
 * dimensions for Athena". Which sets of the dimensions there are it does not say: here all three, and those of the query's type.
 */
export function emitQueryMetrics({ state, options: { request, statement }, ...query }: QueryMetricsSource, emit: EmitMetric): void {
  const dimensions = { QueryType: statement.type, WorkGroup: request.workGroup };
  for (const [name, { statistic, unit }] of Object.entries(METRICS)) {
    const value = query.statistics[statistic];
    if (typeof value !== 'number') continue;
    for (const set of [dimensions, { ...dimensions, QueryState: state }]) emit({ namespace: 'AWS/Athena', name, dimensions: set }, value, unit);
  }
}

interface QueryMetricsSource extends Pick<QueryExecution, 'state' | 'options'> {
  readonly statistics: JsonObject;
}
