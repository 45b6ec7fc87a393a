import { Duration } from 'aws-cdk-lib';
import { inParallel, MOST_BATCHES } from './batch-executions';
import { BATCH, BATCH_PLACE, batches, DEFAULT_BATCH_SIZE } from './batches';
import { ReferenceProcessing, ReferenceProcessingOptions } from './binding';
import { concurrencyOf } from './concurrency';
import type { StateMachineProcessorOptions } from './item-processor-options';
import { processorAnswer } from '../workflow/processor-answer';
import { START_EXECUTION_RETRIES } from '../workflow/task-retry';

/** The input of the user's machine comes back beside its output. Source: 256 KiB, Step Functions quotas. */
export const MAX_INPUT_BYTES = 110 * 1024;

/** Most bytes of a batch: the input has room for it and for the parameters of a run. */
export const MAX_MACHINE_BATCH_BYTES = 90 * 1024;

/** Executions that run the user's machine for one batch after another, or some at a time, and look at its answers. */
export function stateMachineByReference(
  { stateMachine: processor, timeout, maxConcurrency }: StateMachineProcessorOptions & { readonly timeout: Duration },
  { scope, batchSize = DEFAULT_BATCH_SIZE, tolerates }: ReferenceProcessingOptions,
): Pick<ReferenceProcessing, 'batchSize' | 'oneItemACall' | 'maxBatchBytes' | 'callsAtATime' | 'render'> {
  const concurrency = concurrencyOf(scope, 'ItemProcessor.stateMachine', maxConcurrency);
  return {
    batchSize,
    oneItemACall: false,
    maxBatchBytes: MAX_MACHINE_BATCH_BYTES,
    callsAtATime: concurrency,
    render: ({ partition, parameters }) => batches({
      partition,
      parameters,
      // An Express execution cannot wait for another one.
      type: 'STANDARD',
      size: MOST_BATCHES,
      tolerates,
      parallel: inParallel(concurrency, MOST_BATCHES),
      process: {
        Type: 'Task',
        Resource: `arn:${partition}:states:::states:startExecution.sync:2`,
        Parameters: {
          'StateMachineArn': processor.stateMachineArn,
          // Every execution of a Map Run has a name that no other one has, and starts one execution for each of its batches.
          'Name.$': `States.Format('{}-{}', $$.Execution.Name, ${BATCH_PLACE})`,
          'Input': { 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$': '$$.Execution.Id', ...BATCH },
        },
        TimeoutSeconds: timeout.toSeconds(),
        ResultSelector: { page: processorAnswer('$.Output') },
        Retry: START_EXECUTION_RETRIES,
      },
    }),
  };
}
