import { executionsOfBatches } from './batch-executions';
import { BATCH, batches, DEFAULT_BATCH_SIZE } from './batches';
import { ReferenceProcessing, ReferenceProcessingOptions } from './binding';
import { concurrencyOf } from './concurrency';
import type { PerBatchProcessorOptions } from './item-processor-options';
import { callHandler, invokeFunction, MAX_PAGE_BYTES } from './processor-function';
import { MAX_BATCH_BYTES } from './read-batch';
import { processorAnswer } from '../workflow/processor-answer';

const FACTORY = 'ItemProcessor.perBatch';

/** Executions that call the function with one batch after another, or some at a time, and look at the answers themselves. */
export function perBatchByReference(
  { handler, maxConcurrency }: PerBatchProcessorOptions, attempts: number, options: ReferenceProcessingOptions,
): ReferenceProcessing {
  const { scope, batchSize = DEFAULT_BATCH_SIZE, tolerates } = options;
  const concurrency = concurrencyOf(scope, FACTORY, maxConcurrency);
  const { type, retries, size, ...parallel } = executionsOfBatches({ scope, factory: FACTORY, handler, attempts, concurrency });
  return {
    batchSize,
    oneItemACall: false,
    maxPageBytes: MAX_PAGE_BYTES,
    maxBatchBytes: MAX_BATCH_BYTES,
    callsAtATime: concurrency,
    processor: handler,
    statements: (user) => [callHandler(FACTORY, user, handler)],
    render: ({ partition, parameters }) => batches({
      partition,
      parameters,
      type,
      size,
      parallel,
      tolerates,
      // The batch stays behind: with a large answer it would be too much.
      process: { ...invokeFunction({ partition, handler, retries, payload: { Payload: BATCH } }), ResultSelector: { page: processorAnswer('$.Payload') } },
    }),
  };
}
