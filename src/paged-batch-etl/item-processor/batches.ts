import { Parallel } from './batch-executions';
import { BatchProcessing } from './binding';
import { BATCH_ITEMS, READ_BATCH, readBatch } from './read-batch';
import { AslObject, AslTask } from '../../private/synth/asl';
import { ProcessPageOptions } from '../workflow/process-page';
import { answerCheck, CHECK_ANSWER } from '../workflow/processor-answer';

/** Most items of a page, or of a batch of a page that travels by reference. */
export const DEFAULT_BATCH_SIZE = 1_000;

/** What the processor of a batch gets, from the state that has read it. */
export const BATCH: AslObject = { 'items.$': BATCH_ITEMS, 'parameters.$': '$.parameters', 'run.$': '$.run' };

/** What tells one batch of an execution from the others. */
export const BATCH_PLACE = '$.place';

export interface BatchesOptions extends Pick<ProcessPageOptions, 'partition' | 'parameters'> {
  readonly type: 'EXPRESS' | 'STANDARD';
  readonly parallel: Parallel;
  /** Most batches of an execution. */
  readonly size: number;
  /** Calls the processor with what `BATCH` and `BATCH_PLACE` say, and leaves what `processorAnswer` makes of its answer in `page`, and nothing else. */
  readonly process: Omit<AslTask, 'Next' | 'End'>;
}

/**
 * Executions that get the places of some batches, and for each of them:
 *
 *     Read Batch ─► Process Batch ─► Check Answer ─► Batch Done
 *
 * AWS bills the start of each execution of a Map Run as a state transition, so each has several batches. Source: Step Functions developer guide,
 * "Transitions in Distributed Map state".
 */
export function batches({ partition, parameters, type, parallel: { executions, calls }, size, process }: BatchesOptions): BatchProcessing {
  return {
    MaxConcurrency: executions,
    ItemBatcher: {
      MaxItemsPerBatch: size,
      BatchInput: { parameters, 'run': { 'id.$': '$root', 'page.$': '$pages' }, 'bucket.$': '$.page.bucket', 'key.$': '$.page.key' },
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
      StartAt: 'Process Batches',
      States: {
        'Process Batches': {
          Type: 'Map',
          ItemsPath: '$.Items',
          MaxConcurrency: calls,
          ItemSelector: {
            'range.$': '$$.Map.Item.Value.range',
            'place.$': '$$.Map.Item.Index',
            'bucket.$': '$.BatchInput.bucket',
            'key.$': '$.BatchInput.key',
            'parameters.$': '$.BatchInput.parameters',
            'run.$': '$.BatchInput.run',
          },
          ItemProcessor: {
            ProcessorConfig: { Mode: 'INLINE' },
            StartAt: READ_BATCH,
            States: {
              [READ_BATCH]: readBatch(partition, PROCESS_BATCH),
              [PROCESS_BATCH]: { ...process, Next: CHECK_ANSWER },
              ...answerCheck(),
            },
          },
          ResultSelector: { ok: true },
          End: true,
        },
      },
    },
  };
}

const PROCESS_BATCH = 'Process Batch';
