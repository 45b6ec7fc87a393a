import { createHash } from 'node:crypto';
import { ItemKey } from './ledger-table';
import type { ParameterRule, ParameterRules } from '../../contracts/run-input';
import { runPartition, WINDOW_SORT_KEY, windowPartition } from '../../contracts/run-ledger';
import { InvalidValueError, typedValue } from '../../source-functions/reader/parameter-value';

/** What the values of parameters mean, in the order of their names: two ways to write an instant are one window. */
export function windowOf(rules: ParameterRules, parameters: Readonly<Record<string, unknown>>): string {
  const meant = Object.keys(rules).sort().map((name) => [name, meaningOf(parameters[name], rules[name])]);
  return createHash('sha256').update(JSON.stringify(meant)).digest('hex').slice(0, 40);
}

/** A value of another type is refused by the reader; until then it is what it is. */
export function meaningOf(value: unknown, rule: ParameterRule): unknown {
  try {
    return typedValue(value, rule);
  } catch (error) {
    if (error instanceof InvalidValueError) return { invalid: value };
    throw error;
  }
}

export function windowKey(prefix: string, window: string): ItemKey {
  return { pk: windowPartition(prefix, window), sk: WINDOW_SORT_KEY };
}

export function runKey(prefix: string, run: string): ItemKey {
  return { pk: runPartition(prefix, run), sk: 'RUN' };
}

/** Where the ranges of a run begin. */
export function planKey(prefix: string, run: string): ItemKey {
  return { pk: runKey(prefix, run).pk, sk: 'PLAN' };
}

/** What the sort keys of ranges begin with. */
export const RANGES = 'RANGE#';

/** In the order of their numbers. */
export function rangeKey(prefix: string, run: string, range: number): ItemKey {
  return { pk: runKey(prefix, run).pk, sk: `${RANGES}${String(range).padStart(4, '0')}` };
}
