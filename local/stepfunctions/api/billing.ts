import { JsonObject } from '../../json';

/** Time and memory of an Express execution are billed in steps of this many milliseconds and MB. Source: Step Functions pricing. */
const DURATION_STEP = 100;
const MEMORY_STEP = 64;

/** Duration in milliseconds that is billed for an Express execution: the next full step. */
export function billedDuration(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / DURATION_STEP)) * DURATION_STEP;
}

/** What StartSyncExecution tells of the costs. Memory is always one step: what an execution really takes is not known here. */
export function billingDetails(milliseconds: number): JsonObject {
  return { billedDurationInMilliseconds: billedDuration(milliseconds), billedMemoryUsedInMB: MEMORY_STEP };
}
