import { AslGraph, AslRetrier, AslState, isDistributed } from './asl';
import { longestWalk } from './longest-walk';

/** Most events an execution's history can have; the last one must be its end. Source: Step Functions service quotas. */
export const MAX_HISTORY_EVENTS = 25_000;

/** ExecutionStarted, and the event that ends the execution. Source: recorded histories. */
export const EXECUTION_EVENTS = 2;

/** ExecutionRedriven, which a redrive appends before it goes on. */
export const REDRIVE_EVENTS = 1;

/**
 * Events of one visit to a state with every retry used: Entered and Exited, for a Task also Scheduled, Started and Succeeded or Failed
 * per attempt, and Submitted where it waits for a job; for a Map also its own start and end, and those of its iterations. Source: recorded
 * histories.
 *
 * A Map is counted with `items` items. One whose iterations are executions of their own leaves its Map Run's start and end, and nothing of its items; with each
 * retry once more, and its own start. States inside a Map that fail leave no more events than those that succeed.
 */
export function worstCaseEvents(state: AslState, items?: number): number {
  switch (state.Type) {
    case 'Task':
      return 2 + 3 * (1 + retriesOf(state)) + (/\.sync(:2)?$/.test(state.Resource) ? 1 : 0);
    case 'Map': {
      if (isDistributed(state)) return 3 + 3 * (1 + retriesOf(state));
      if (items === undefined) throw new Error('the events of a Map cannot be counted without its number of items');
      return 4 + items * (2 + longestWalk(state.ItemProcessor, state.ItemProcessor.StartAt, (inner) => worstCaseEvents(inner, items)));
    }
    case 'Fail':
      return 1;
    default:
      return 2;
  }
}

function retriesOf({ Retry = [] }: { readonly Retry?: readonly AslRetrier[] }): number {
  return Retry.reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0);
}

/** Events of an execution that goes round a loop, with every retry used and on the longest way. */
export interface LoopEvents {
  /** From the start until the state that begins the loop is reached, ExecutionStarted included. */
  readonly before: number;
  /** Once round. */
  readonly around: number;
  /** The last time in the loop, and from there to the end, the event that ends the execution included. */
  readonly last: number;
}

export interface LoopOptions {
  /** Items of every Map. */
  readonly items?: number;
  /** States that are reached only after a redrive, whose events are reserved elsewhere. */
  readonly leaveOut?: readonly string[];
}

/** Counts the events of a machine whose only loop begins at the given state. */
export function loopEvents(machine: AslGraph, head: string, { items, leaveOut = [] }: LoopOptions = {}): LoopEvents {
  const cost = (state: AslState) => worstCaseEvents(state, items);
  const walk = (from: string, to?: string) => longestWalk(machine, from, cost, { to, leaveOut });
  return {
    before: EXECUTION_EVENTS - 1 + walk(machine.StartAt, head),
    around: walk(head, head),
    last: walk(head) + 1,
  };
}

/** Events of an execution that goes round that many times. */
export function eventsOfLoop({ before, around, last }: LoopEvents, rounds: number): number {
  return before + (rounds - 1) * around + last;
}

/** How many times an execution can go round, so that its history stays below the limit with some events reserved. */
export function mostRounds({ before, around, last }: LoopEvents, reserved: number): number {
  return Math.max(0, Math.floor((MAX_HISTORY_EVENTS - 1 - reserved - before - last) / around) + 1);
}
