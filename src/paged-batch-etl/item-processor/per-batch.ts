import { ItemProcessorBinding } from './binding';
import type { PerBatchProcessorOptions } from './item-processor-options';
import { callHandler, invokeFunction, MAX_PAGE_BYTES, retryAttemptsOf } from './processor-function';
import { PageState } from '../workflow/page-states';
import { answerFailures, processorAnswer } from '../workflow/processor-answer';
import { functionRetries } from '../workflow/task-retry';

export const DEFAULT_BATCH_SIZE = 1_000;

/** One call with all items of the page. */
export function perBatch({ handler, retryAttempts }: PerBatchProcessorOptions): ItemProcessorBinding {
  const retries = functionRetries({ attempts: retryAttemptsOf('ItemProcessor.perBatch', retryAttempts) });
  return {
    inline: ({ batchSize = DEFAULT_BATCH_SIZE }) => ({
      batchSize,
      maxPageBytes: MAX_PAGE_BYTES,
      statements: (scope) => [callHandler('ItemProcessor.perBatch', scope, handler)],
      render: ({ partition, parameters, next }) => ({
        afterRedrive: [],
        failures: answerFailures(),
        states: {
          [PageState.PROCESS]: {
            ...invokeFunction({
              partition, handler, retries, payload: { Payload: { 'items.$': '$.page', parameters, 'run': { 'id.$': '$root', 'page.$': '$pages' } } },
            }),
            ResultSelector: processorAnswer('$.Payload'),
            ResultPath: '$.page',
            Next: next,
          },
        },
      }),
    }),
  };
}
