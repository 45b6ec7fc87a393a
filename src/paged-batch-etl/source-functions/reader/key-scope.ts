import type { RunParameters } from './run-input';
import type { IdempotencyConfig } from '../../contracts/source-function';

export interface KeyScopeOptions {
  /** ARN of the execution that began the run. */
  readonly runId: string;
  /** Where the items are; absent where a function of the user's reads. */
  readonly place?: string;
  readonly parameters: Pick<RunParameters, 'typed'>;
  /** Absent: keys depend on the run. */
  readonly config?: IdempotencyConfig;
}

/**
 * What idempotency keys depend on, beside the identifiers of items: the ARN of the run, or a list as JSON, which no ARN can be.
 *
 * Of parameters, their values count with their types, so that two ways to write a date are the same window.
 */
export function keyScope({ runId, place = '', parameters, config }: KeyScopeOptions): string {
  if (config === undefined) return runId;
  const { scope, construct } = config;
  const window = scope === 'window' ? [[...parameters.typed].sort(([a], [b]) => (a < b ? -1 : 1))] : [];
  return JSON.stringify([scope, construct, place, ...window]);
}
