import { ItemProcessorBinding } from './binding';
import type { PerBatchProcessorOptions } from './item-processor-options';
import { callHandler, invokeFunction, MAX_PAGE_BYTES, retryAttemptsOf } from './processor-function';
import { PageState, processorAnswer } from '../workflow/page-states';

/** One call with all items of the page. */
export function perBatch({ handler, retryAttempts }: PerBatchProcessorOptions): ItemProcessorBinding {
  const attempts = retryAttemptsOf('ItemProcessor.perBatch', retryAttempts);
  return {
    defaultBatchSize: 1_000,
    maxPageBytes: MAX_PAGE_BYTES,
    statements: (scope) => [callHandler('ItemProcessor.perBatch', scope, handler)],
    render: ({ partition, parameters, next }) => ({
      answers: true,
      afterRedrive: [],
      states: {
        [PageState.PROCESS]: {
          ...invokeFunction({
            partition, handler, attempts, payload: { Payload: { 'items.$': '$.page', parameters, 'run': { 'id.$': '$root', 'page.$': '$pages' } } },
          }),
          ResultSelector: processorAnswer('$.Payload'),
          ResultPath: '$.page',
          Next: next,
        },
      },
    }),
  };
}
