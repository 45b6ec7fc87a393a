import { Clock } from '../clock';
import { MetricName, MetricStore } from './metric-store';

/** An alarm on what a single metric, or an expression such as `failed + timedOut`, comes to in one period. */
export interface AlarmSettings {
  readonly name: string;
  /** The metrics that are added up. A period in which one has no data has no sum, unless that metric is filled. */
  readonly metrics: readonly Summand[];
  readonly statistic: AlarmStatistic;
  readonly periodSeconds: number;
  readonly threshold: number;
  readonly comparison: keyof typeof COMPARISONS;
  /** How many of the latest periods are looked at, and how many of them must breach. */
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missingData: 'breaching' | 'notBreaching';
}

/** What is computed of the data of a metric in one period. */
export type AlarmStatistic = 'sum' | 'minimum';

export interface Summand {
  readonly metric: MetricName;
  /** What a period without data counts as: `FILL(metric, 0)`. */
  readonly fill?: number;
}

export type AlarmState = 'OK' | 'ALARM';

export const COMPARISONS = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const;

/** CloudWatch alarms, judged when somebody asks. */
export class Alarms {
  private readonly byName = new Map<string, AlarmSettings>();

  constructor(private readonly metrics: MetricStore, private readonly clock: Clock) {}

  add(alarm: AlarmSettings): void {
    this.byName.set(alarm.name, alarm);
  }

  remove(name: string): void {
    this.byName.delete(name);
  }

  /** State by the periods that end with the current one, the current one included. */
  state(name: string): AlarmState {
    const alarm = this.byName.get(name);
    if (alarm === undefined) throw new Error(`There is no alarm ${name}`);
    const length = alarm.periodSeconds * 1000;
    const current = Math.floor(this.clock.now() / length) * length;
    const breaching = Array.from({ length: alarm.evaluationPeriods }, (_, back) => current - back * length)
      .filter((from) => this.breaches(alarm, from, from + length));
    return breaching.length >= alarm.datapointsToAlarm ? 'ALARM' : 'OK';
  }

  private breaches(alarm: AlarmSettings, from: number, to: number): boolean {
    const total = alarm.metrics.reduce<number | undefined>((sum, { metric, fill }) => {
      const value = this.metrics.statistics(metric, { from, to })?.[alarm.statistic] ?? fill;
      return sum === undefined || value === undefined ? undefined : sum + value;
    }, 0);
    return total === undefined ? alarm.missingData === 'breaching' : COMPARISONS[alarm.comparison](total, alarm.threshold);
  }
}
