import { Parallel } from './batch-executions';
import { BatchProcessing } from './binding';
import { BATCH_ITEMS, pageOfBatch, READ_BATCH, readBatch } from './read-batch';
import { AslObject, AslTask } from '../../private/synth/asl';
import { ProcessPageOptions } from '../workflow/process-page';
import { answerCheck, BATCH_RANGE, CHECK_ANSWER } from '../workflow/processor-answer';

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
  /** Whether an execution tells what failed in its batch, and does not fail itself. */
  readonly tolerates: boolean;
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
export function batches(options: BatchesOptions): BatchProcessing {
  return options.tolerates ? oneBatchEach(options) : severalBatchesEach(options);
}

function severalBatchesEach({ partition, parameters, type, parallel: { executions, calls }, size, process }: BatchesOptions): BatchProcessing {
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
              ...answerCheck(false),
            },
          },
          ResultSelector: { ok: true },
          End: true,
        },
      },
    },
  };
}

/**
 * What is told of the failures of a batch may take as much of an execution's output as there is, so each execution has one batch.
 *
 *     Read Batch ─► Process Batch ─► Check Answer ─► Batch Done
 *                         │               └────────► Batch Items Failed
 *                         └────────────────────────► Batch Failed
 */
function oneBatchEach({ partition, parameters, type, parallel: { executions, calls }, process }: BatchesOptions): BatchProcessing {
  return {
    MaxConcurrency: executions * calls,
    ItemSelector: {
      'range.$': '$$.Map.Item.Value.range',
      'place': 0,
      ...pageOfBatch(parameters),
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
      StartAt: READ_BATCH,
      States: {
        [READ_BATCH]: readBatch(partition, PROCESS_BATCH),
        [PROCESS_BATCH]: { ...process, Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$', Next: BATCH_FAILED }], Next: CHECK_ANSWER },
        ...answerCheck(true),
        [BATCH_FAILED]: { Type: 'Pass', Parameters: { ...BATCH_RANGE, 'failure.$': '$' }, End: true },
      },
    },
  };
}

const PROCESS_BATCH = 'Process Batch';
const BATCH_FAILED = 'Batch Failed';
