import { AslDistributedMap, AslObject } from '../../private/synth/asl';

/** Most items of a page, or of a batch of a page that travels by reference. */
export const DEFAULT_BATCH_SIZE = 1_000;

/** The state that gets a batch. */
export const PROCESS_BATCH = 'Process Batch';

/** Batches of at most as many items as the run says, with what they have in common. */
export function batches(maxBytes: number, parameters: Readonly<Record<string, string>>): AslDistributedMap['ItemBatcher'] {
  return {
    MaxItemsPerBatchPath: '$batchSize',
    MaxInputBytesPerBatch: maxBytes,
    BatchInput: { parameters, run: { 'id.$': '$root', 'page.$': '$pages' } },
  };
}

/** What the processor of a batch gets, from the input of the execution that has it. */
export const BATCH: AslObject = { 'items.$': '$.Items', 'parameters.$': '$.BatchInput.parameters', 'run.$': '$.BatchInput.run' };
