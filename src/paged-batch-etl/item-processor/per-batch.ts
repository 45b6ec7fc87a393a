import { DEFAULT_BATCH_SIZE } from './batches';
import { ItemProcessorBinding } from './binding';
import { checkConcurrency, refuseConcurrency } from './concurrency';
import type { PerBatchProcessorOptions } from './item-processor-options';
import { perBatchByReference } from './per-batch-by-reference';
import { callHandler, callOutlives, invokeFunction, MAX_CHILD_PAGE_BYTES, MAX_PAGE_BYTES, retryAttemptsOf } from './processor-function';
import { CALL_CATCHER } from '../workflow/failure-states';
import { PageState } from '../workflow/page-states';
import { answerFailures, processorAnswer } from '../workflow/processor-answer';
import { functionRetries } from '../workflow/task-retry';

const FACTORY = 'ItemProcessor.perBatch';

/** One call with all items of the page, or, where pages are large, with a batch of them. */
export function perBatch(options: PerBatchProcessorOptions): ItemProcessorBinding {
  const { handler, retryAttempts, maxConcurrency } = options;
  const attempts = retryAttemptsOf(FACTORY, retryAttempts);
  checkConcurrency(FACTORY, maxConcurrency);
  return {
    outlivesRun: callOutlives(handler),
    byReference: (asked) => perBatchByReference(options, attempts, asked),
    inline: ({ batchSize = DEFAULT_BATCH_SIZE, tolerance }) => {
      refuseConcurrency(FACTORY, maxConcurrency);
      return {
        batchSize,
        maxPageBytes: tolerance?.withDocuments ? MAX_CHILD_PAGE_BYTES : MAX_PAGE_BYTES,
        callsAtATime: 1,
        statements: (scope) => [callHandler(FACTORY, scope, handler)],
        render: ({ partition, parameters, next }) => ({
          afterRedrive: [],
          failures: answerFailures(tolerance),
          states: {
            [PageState.PROCESS]: {
              ...invokeFunction({
                partition, handler, retries: functionRetries({ attempts }), payload: { Payload: { 'items.$': '$.page', parameters, 'run': { 'id.$': '$root', 'page.$': '$pages' } } },
              }),
              ResultSelector: processorAnswer('$.Payload'),
              ResultPath: '$.page',
              ...tolerance && { Catch: [CALL_CATCHER] },
              Next: next,
            },
          },
        }),
      };
    },
  };
}
