import { BATCH, batches, DEFAULT_BATCH_SIZE, PROCESS_BATCH } from './batches';
import { ReferenceProcessing, ReferenceProcessingOptions } from './binding';
import { concurrencyOf } from './concurrency';
import type { PerBatchProcessorOptions } from './item-processor-options';
import { callExecutions, MAX_BATCH_BYTES, MAX_LINE_BYTES } from './line-executions';
import { callHandler, invokeFunction, MAX_PAGE_BYTES } from './processor-function';
import { answerCheck, CHECK_ANSWER, processorAnswer } from '../workflow/processor-answer';

const FACTORY = 'ItemProcessor.perBatch';

/** An execution for each batch of lines, which looks at the answer itself. */
export function perBatchByReference(
  { handler, maxConcurrency }: PerBatchProcessorOptions, attempts: number, { scope, batchSize = DEFAULT_BATCH_SIZE }: ReferenceProcessingOptions,
): ReferenceProcessing {
  const { type, retries } = callExecutions(scope, FACTORY, handler, attempts);
  const concurrency = concurrencyOf(scope, FACTORY, maxConcurrency);
  return {
    batchSize,
    maxPageBytes: MAX_PAGE_BYTES,
    maxLineBytes: MAX_LINE_BYTES,
    statements: (user) => [callHandler(FACTORY, user, handler)],
    render: ({ partition, parameters }) => ({
      MaxConcurrency: concurrency,
      ItemBatcher: batches(MAX_BATCH_BYTES, parameters),
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
        StartAt: PROCESS_BATCH,
        States: {
          [PROCESS_BATCH]: {
            ...invokeFunction({ partition, handler, retries, payload: { Payload: BATCH } }),
            // The batch stays behind: with a large answer it would be too much.
            ResultSelector: { page: processorAnswer('$.Payload') },
            Next: CHECK_ANSWER,
          },
          ...answerCheck(),
        },
      },
    }),
  };
}
