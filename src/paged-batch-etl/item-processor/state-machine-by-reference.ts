import { Duration } from 'aws-cdk-lib';
import { BATCH, batches, DEFAULT_BATCH_SIZE, PROCESS_BATCH } from './batches';
import { ReferenceProcessing, ReferenceProcessingOptions } from './binding';
import { concurrencyOf } from './concurrency';
import type { StateMachineProcessorOptions } from './item-processor-options';
import { answerCheck, CHECK_ANSWER, processorAnswer } from '../workflow/processor-answer';
import { START_EXECUTION_RETRIES } from '../workflow/task-retry';

/** The input of the user's machine comes back beside its output. Source: 256 KiB, Step Functions quotas. */
export const MAX_INPUT_BYTES = 110 * 1024;

/** Most bytes of a line that holds its item: a batch has room for it and for the parameters of a run. */
export const MAX_LINE_BYTES = 90 * 1024;

/** An execution for each batch of lines, which runs the user's machine and looks at its answer. */
export function stateMachineByReference(
  { stateMachine: processor, timeout, maxConcurrency }: StateMachineProcessorOptions & { readonly timeout: Duration },
  { scope, batchSize = DEFAULT_BATCH_SIZE }: ReferenceProcessingOptions,
): Pick<ReferenceProcessing, 'batchSize' | 'maxLineBytes' | 'render'> {
  const concurrency = concurrencyOf(scope, 'ItemProcessor.stateMachine', maxConcurrency);
  return {
    batchSize,
    maxLineBytes: MAX_LINE_BYTES,
    render: ({ partition, parameters }) => ({
      MaxConcurrency: concurrency,
      ItemBatcher: batches(MAX_INPUT_BYTES, parameters),
      ItemProcessor: {
        // An Express execution cannot wait for another one.
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: PROCESS_BATCH,
        States: {
          [PROCESS_BATCH]: {
            Type: 'Task',
            Resource: `arn:${partition}:states:::states:startExecution.sync:2`,
            Parameters: {
              'StateMachineArn': processor.stateMachineArn,
              // Every execution of a Map Run has a name that no other one has, and starts one execution.
              'Name.$': '$$.Execution.Name',
              'Input': { 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$': '$$.Execution.Id', ...BATCH },
            },
            TimeoutSeconds: timeout.toSeconds(),
            ResultSelector: { page: processorAnswer('$.Output') },
            Retry: START_EXECUTION_RETRIES,
            Next: CHECK_ANSWER,
          },
          ...answerCheck(),
        },
      },
    }),
  };
}
