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
}

/** The metrics that services of the local cloud publish. */
export class MetricStore {
  private readonly data = new Map<string, Datum[]>();

  put(metric: MetricName, value: number, at: number): void {
    const key = keyOf(metric);
    const data = this.data.get(key) ?? [];
    this.data.set(key, data);
    data.push({ at, value });
  }

  /** Sum of the values from one moment (inclusive) to another (exclusive); undefined when there are none. */
  sum(metric: MetricName, from: number, to: number): number | undefined {
    const values = (this.data.get(keyOf(metric)) ?? []).filter(({ at }) => at >= from && at < to).map(({ value }) => value);
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
  }
}

function keyOf({ namespace, name, dimensions }: MetricName): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
