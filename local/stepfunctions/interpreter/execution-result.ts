import { JsonValue } from '../../json';

/** How an execution ended. */
export interface ExecutionResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** Where it succeeded. */
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
}
