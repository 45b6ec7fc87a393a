import { Measured } from './measured';
import { amount } from './print';
import { perMillion } from './tables';
import { RunAssumptions } from '../../projenrc/tools/tables/etl-assumptions';
import { inAll, ofStepFunctions } from '../../projenrc/tools/tables/etl-usage';

/** Dollars for a million documents of 1 KB. */
export const GOALS = { perItemInline: 1.5, perBatchByReference: 0.1 } as const;

export interface Goals {
  readonly perItemInline: Measured;
  readonly perItemByReference: Measured;
  readonly perBatchByReference: Measured;
}

export function printGoals({ perBatchByReference: perBatch, ...perItem }: Goals, assumed: RunAssumptions): void {
  console.log('\ngoals, for a million documents of 1 KB');
  const item = ofStepFunctions(perMillion(perItem.perItemInline, assumed));
  console.log(`perItem inline, at most $${amount(GOALS.perItemInline)} of Step Functions: ${verdict(item, GOALS.perItemInline)}`);
  const byReference = perMillion(perItem.perItemByReference, assumed);
  console.log(`  (by reference: $${amount(ofStepFunctions(byReference))}, of which $${amount(byReference.childStarts)} are starts of executions)`);
  const bill = perMillion(perBatch, assumed);
  const all = inAll(bill);
  console.log(`perBatch by reference, at most $${amount(GOALS.perBatchByReference)} of all services, the processor included: ${verdict(all, GOALS.perBatchByReference)}`);
  console.log(`  $${amount(bill.processor)} of it is the processor, taken to run for ${assumed.batchMilliseconds} ms a batch with ${assumed.processorMemory} MiB; without it: $${amount(all - bill.processor)}`);
  console.log(`  $${amount(bill.childStarts)} of it are starts by Map Runs, which AWS documents as a state transition each; without them: $${amount(all - bill.childStarts)}`);
}

function verdict(value: number, goal: number): string {
  return value <= goal ? `reached, $${amount(value)}` : `missed by $${amount(value - goal)}: $${amount(value)}`;
}
