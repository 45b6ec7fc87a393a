import { Clock } from '../clock';

/** What identifies a metric. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Takes one value of a metric, at the present time. */
export type EmitMetric = (metric: MetricName, value: number, unit: string) => void;

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

const SIMPLE: Readonly<Partial<Record<string, (statistics: MetricStatistics) => number>>> = {
  SampleCount: ({ sampleCount }) => sampleCount,
  Sum: ({ sum }) => sum,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
  Average: ({ sum, sampleCount }) => sum / sampleCount,
};

/** The metrics that services of the local cloud publish. */
export class MetricStore {
  private readonly data = new Map<string, Datum[]>();

  put(metric: MetricName, value: number, at: number, unit: string = 'None'): void {
    const key = keyOf(metric);
    const data = this.data.get(key) ?? [];
    this.data.set(key, data);
    data.push({ at, value, unit });
  }

  /** What emits metrics at the time of a clock. */
  emitter(clock: Clock): EmitMetric {
    return (metric, value, unit) => this.put(metric, value, clock.now(), unit);
  }

  /** Every metric that has data. */
  names(): MetricName[] {
    return [...this.data.keys()].map(metricOf);
  }

  /** Whether there is any data of a metric with exactly these dimensions. */
  has(metric: MetricName): boolean {
    return this.data.has(keyOf(metric));
  }

  /**
   * A statistic by its name in CloudWatch: `Sum`, `Average`, `p95`; undefined when there is no data. A percentile is the smallest value that
   * this many percent of the data do not exceed: how CloudWatch interpolates is not documented.
   */
  value(metric: MetricName, statistic: string, selection: MetricSelection = {}): number | undefined {
    const [, percentage] = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(statistic) ?? [];
    if (percentage !== undefined) {
      const values = this.select(metric, selection).map(({ value }) => value).sort((a, b) => a - b);
      return values[Math.max(0, Math.ceil(Number(percentage) / 100 * values.length) - 1)];
    }
    const compute = SIMPLE[statistic];
    if (compute === undefined) throw new Error(`The local cloud does not implement the statistic ${statistic}`);
    const statistics = this.statistics(metric, selection);
    return statistics === undefined ? undefined : compute(statistics);
  }

  /** Statistics of a metric with exactly these dimensions; undefined when it has no data. */
  statistics(metric: MetricName, selection: MetricSelection = {}): MetricStatistics | undefined {
    const data = this.select(metric, selection);
    if (data.length === 0) return undefined;
    return data.reduce(({ sampleCount, sum, minimum, maximum }, { value }) => ({
      sampleCount: sampleCount + 1,
      sum: sum + value,
      minimum: Math.min(minimum, value),
      maximum: Math.max(maximum, value),
    }), { sampleCount: 0, sum: 0, minimum: Infinity, maximum: -Infinity });
  }

  private select(metric: MetricName, { from = -Infinity, to = Infinity, unit }: MetricSelection): Datum[] {
    return (this.data.get(keyOf(metric)) ?? []).filter((datum) => datum.at >= from && datum.at < to && (unit ?? datum.unit) === datum.unit);
  }
}

function metricOf(key: string): MetricName {
  const [namespace, name, dimensions]: [string, string, [string, string][]] = JSON.parse(key);
  return { namespace, name, dimensions: Object.fromEntries(dimensions) };
}

function keyOf({ namespace, name, dimensions }: MetricName): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
