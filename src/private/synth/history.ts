import { AslState } from './asl';

/** Most events an execution's history can have; the last one must be its end. Source: Step Functions service quotas. */
export const MAX_HISTORY_EVENTS = 25_000;

/** ExecutionStarted, and the event that ends the execution. Source: recorded histories. */
export const EXECUTION_EVENTS = 2;

/** ExecutionRedriven, which a redrive appends before it goes on. */
export const REDRIVE_EVENTS = 1;

/**
 * Events of one visit to a state with every retry used: Entered and Exited, for a Task also Scheduled, Started and Succeeded or Failed
 * per attempt. Source: recorded histories.
 */
export function worstCaseEvents(state: AslState): number {
  if (state.Type !== 'Task') return 2;
  const retries = (state.Retry ?? []).reduce((sum, retrier) => sum + retrier.MaxAttempts, 0);
  return 2 + 3 * (1 + retries);
}
