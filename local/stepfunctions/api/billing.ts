import { JsonObject } from '../../json';
import { HistoryEvent } from '../interpreter/history';
import { PayloadMeter } from '../interpreter/payload';

/** Time and memory of an Express execution are billed in steps of this many milliseconds and MB. Source: Step Functions pricing. */
const DURATION_STEP = 100;
const MEMORY_STEP = 64;

/** Memory of every Express execution, in MB of a million bytes. Source: Step Functions pricing, example 4. */
const BASE_MEMORY = 50;
const MEGABYTE = 1_000_000;

/** What is billed for one Express execution, beside one request. */
export interface ExpressBill {
  readonly milliseconds: number;
  /** MB. */
  readonly memory: number;
  /** As the pricing page computes them: MB by 1024. */
  readonly gigabyteSeconds: number;
}

/** Duration in milliseconds that is billed for an Express execution: the next full step. */
export function billedDuration(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / DURATION_STEP)) * DURATION_STEP;
}

/**
 * Memory in MB that is billed for an Express execution: 50 MB, the definition, and the data times the number of Map or Parallel steps, up to the next full
 * step. `data`: that product, in bytes. Source: Step Functions pricing, example 4.
 */
export function billedMemory(definitionBytes: number, data: number): number {
  return Math.ceil((BASE_MEMORY + (definitionBytes + data) / MEGABYTE) / MEMORY_STEP) * MEMORY_STEP;
}

export function expressBill(milliseconds: number, definitionBytes: number, data: number): ExpressBill {
  const [duration, memory] = [billedDuration(milliseconds), billedMemory(definitionBytes, data)];
  return { milliseconds: duration, memory, gigabyteSeconds: (duration / 1_000) * (memory / 1_024) };
}

/** What StartSyncExecution tells of the costs. */
export function billingDetails({ milliseconds, memory }: ExpressBill): JsonObject {
  return { billedDurationInMilliseconds: milliseconds, billedMemoryUsedInMB: memory };
}

/**
 * The data of an execution in bytes, as far as its memory is billed for them: the largest input of a state, or what all iterations of Maps and branches of
 * Parallels begin with, if that is more.
 */
export function dataBytes(events: readonly HistoryEvent[], meter: PayloadMeter = new PayloadMeter()): number {
  let [largest, steps] = [0, 0];
  for (const { details: { input }, previousEventId, type } of events) {
    if (input === undefined || !/^Execution|Entered$/.test(type)) continue;
    const bytes = meter.bytes(input);
    largest = Math.max(largest, bytes);
    // Events are numbered from 1.
    if (BEGINNINGS.includes(events[previousEventId - 1]?.type)) steps += bytes;
  }
  return Math.max(largest, steps);
}

/** What comes before the first state of an iteration or a branch. */
const BEGINNINGS: readonly string[] = ['MapIterationStarted', 'ParallelStateStarted'];

/** An event as those see it who watch Step Functions. */
interface Observed {
  readonly executionArn: string;
  readonly event: HistoryEvent;
}

/**
 * Counts the state transitions that Standard workflows are billed for: each state that is entered or runs again, each redrive, and the start of each child of
 * a distributed Map, whatever its type. Sources: Step Functions pricing; developer guide, "Transitions" and "Transitions in Distributed Map state".
 */
export class TransitionCounter {
  total = 0;
  /** Events after which a state may run again without being entered: executions, and the numbers in their histories. */
  private readonly restarts = new Map<string, Set<number>>();

  readonly observe = ({ executionArn, event: { id, previousEventId, type } }: Observed): void => {
    const [, , , , , kind, machine = ''] = executionArn.split(':');
    if (type === 'ExecutionStarted' && machine.includes('/')) this.total++;
    // Within an Express workflow, nothing is a transition that is billed.
    if (kind === 'express') return;
    const restarts = this.restarts.get(executionArn);
    const again = /(Scheduled|StateStarted)$/.test(type) && restarts?.has(previousEventId) === true;
    if (type.endsWith('StateEntered') || type.endsWith('Redriven') || again) this.total++;
    if (/^Execution(Succeeded|Failed|Aborted|TimedOut)$/.test(type)) this.restarts.delete(executionArn);
    else if (/(Failed|TimedOut|Redriven)$/.test(type)) this.restarts.set(executionArn, (restarts ?? new Set()).add(id));
  };
}
