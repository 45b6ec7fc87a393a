import { SourceMetric } from '../../contracts/source-metric';

/** A line of the log that says how far the watermark of a schedule is behind, below zero where its first window has not begun, as a metric in CloudWatch's embedded metric format. */
export function lagLine(functionName: string, watermark: number, now: number): string {
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{
        Namespace: SourceMetric.NAMESPACE, Dimensions: [[SourceMetric.DIMENSION]], Metrics: [{ Name: SourceMetric.WATERMARK_LAG, Unit: 'Seconds' }],
      }],
    },
    [SourceMetric.DIMENSION]: functionName,
    [SourceMetric.WATERMARK_LAG]: (now - watermark) / 1_000,
    Watermark: new Date(watermark).toISOString(),
  });
}
