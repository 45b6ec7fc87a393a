import { StateMetrics } from './flights';

const NUMBERS = ['flights', 'late', 'minutesLate', 'longest', 'interstate'] as const;

export interface Comparison {
  /** Numbers that were to be compared. */
  readonly total: number;
  /** In words, each number that is not what it must be. */
  readonly differences: readonly string[];
}

/** Compares what a workflow wrote with what it should have written, number by number. */
export function compare(actual: readonly StateMetrics[], expected: readonly StateMetrics[]): Comparison {
  const written = new Map(actual.map((metrics) => [metrics.state, metrics]));
  const wanted = new Set(expected.map(({ state }) => state));
  const differences = expected.flatMap((metrics) => NUMBERS.flatMap((name) => {
    const found = written.get(metrics.state)?.[name];
    return found === metrics[name] ? [] : [`${name} of ${metrics.state}: ${found ?? 'nothing'} instead of ${metrics[name]}`];
  }));
  const strangers = actual.filter(({ state }) => !wanted.has(state)).map(({ state }) => `${state}: should not be there`);
  return { total: expected.length * NUMBERS.length, differences: [...differences, ...strangers] };
}
