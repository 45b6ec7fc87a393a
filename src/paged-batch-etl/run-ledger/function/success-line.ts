import { ReleaseWindowEvent } from '../../contracts/run-ledger';
import { SourceMetric } from '../../contracts/source-metric';

/** A line of the log about a run that succeeded, with its metrics in CloudWatch's embedded metric format. */
export function successLine(functionName: string, run: string, totals: ReleaseWindowEvent['totals'], now: number): string {
  const { items, failed = 0 } = totals;
  const metrics = [SourceMetric.SUCCEEDED_RUNS, SourceMetric.PROCESSING_RUNS].map((Name) => ({ Name, Unit: 'Count' }));
  return JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: [{ Namespace: SourceMetric.NAMESPACE, Dimensions: [[SourceMetric.DIMENSION]], Metrics: metrics }] },
    [SourceMetric.DIMENSION]: functionName,
    [SourceMetric.SUCCEEDED_RUNS]: 1,
    [SourceMetric.PROCESSING_RUNS]: Number(items + failed > 0),
    Run: run,
    Outcome: 'Succeeded',
    ...totals,
  });
}
