/** What identifies a metric. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

interface Datum {
  /** Virtual epoch milliseconds. */
  readonly at: number;
  readonly value: number;
  readonly unit: string;
}

/** Which data of a metric count. */
export interface MetricSelection {
  /** Epoch milliseconds, inclusive. Default: from the beginning. */
  readonly from?: number;
  /** Epoch milliseconds, exclusive. Default: to the end. */
  readonly to?: number;
  /** `Count`, `Milliseconds`, … Default: data of any unit. */
  readonly unit?: string;
}

/** What CloudWatch computes of data. */
export interface MetricStatistics {
  readonly sampleCount: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** The metrics that services of the local cloud publish. */
export class MetricStore {
  private readonly data = new Map<string, Datum[]>();

  put(metric: MetricName, value: number, at: number, unit: string = 'None'): void {
    const key = keyOf(metric);
    const data = this.data.get(key) ?? [];
    this.data.set(key, data);
    data.push({ at, value, unit });
  }

  /** Statistics of a metric with exactly these dimensions; undefined when it has no data. */
  statistics(metric: MetricName, { from = -Infinity, to = Infinity, unit }: MetricSelection = {}): MetricStatistics | undefined {
    const data = (this.data.get(keyOf(metric)) ?? []).filter((datum) => datum.at >= from && datum.at < to && (unit ?? datum.unit) === datum.unit);
    if (data.length === 0) return undefined;
    return data.reduce(({ sampleCount, sum, minimum, maximum }, { value }) => ({
      sampleCount: sampleCount + 1,
      sum: sum + value,
      minimum: Math.min(minimum, value),
      maximum: Math.max(maximum, value),
    }), { sampleCount: 0, sum: 0, minimum: Infinity, maximum: -Infinity });
  }
}

function keyOf({ namespace, name, dimensions }: MetricName): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
