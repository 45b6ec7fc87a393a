import { SourceMetric } from '../../contracts/source-metric';

/** A line of the log that says how far the watermark of a schedule is behind, as a metric in CloudWatch's embedded metric format. */
export function lagLine(functionName: string, watermark: number, now: number): string {
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{
        Namespace: SourceMetric.NAMESPACE, Dimensions: [[SourceMetric.DIMENSION]], Metrics: [{ Name: SourceMetric.WATERMARK_LAG, Unit: 'Seconds' }],
      }],
    },
    [SourceMetric.DIMENSION]: functionName,
    [SourceMetric.WATERMARK_LAG]: Math.max(0, now - watermark) / 1_000,
    Watermark: new Date(watermark).toISOString(),
  });
}
