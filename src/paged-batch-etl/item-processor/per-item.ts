import { Token } from 'aws-cdk-lib';
import { ItemProcessorBinding } from './binding';
import type { PerItemProcessorOptions } from './item-processor-options';
import { callHandler, invokeFunction, MAX_PAGE_BYTES, retryAttemptsOf } from './processor-function';
import { checkInteger, refuseToken, theDefaultIs } from '../../private/synth/validation';
import { PageState } from '../workflow/page-states';

/** Source: Step Functions quotas, concurrent iterations of an inline Map. */
export const MAX_CONCURRENCY = 40;

export const DEFAULT_BATCH_SIZE = 100;

/** A Map over the items of the page, with a call for each. There is no Retry on it, which would process all items again. */
export function perItem({ handler, maxConcurrency = MAX_CONCURRENCY, retryAttempts }: PerItemProcessorOptions): ItemProcessorBinding {
  const attempts = retryAttemptsOf('ItemProcessor.perItem', retryAttempts);
  refuseToken('maxConcurrency of ItemProcessor.perItem', Token.isUnresolved(maxConcurrency), 'the workflow is rendered with it');
  checkInteger('maxConcurrency of ItemProcessor.perItem', maxConcurrency, { min: 1, max: MAX_CONCURRENCY }, theDefaultIs(MAX_CONCURRENCY));
  return {
    inline: ({ batchSize = DEFAULT_BATCH_SIZE }) => ({
      batchSize,
      maxPageBytes: MAX_PAGE_BYTES,
      statements: (scope) => [callHandler('ItemProcessor.perItem', scope, handler)],
      render: ({ partition, parameters, next }) => ({
        afterRedrive: [],
        states: {
          [PageState.PROCESS]: {
            Type: 'Map',
            ItemsPath: '$.page',
            MaxConcurrency: maxConcurrency,
            ItemSelector: {
              'item.$': '$$.Map.Item.Value.item',
              'itemIdentifier.$': '$$.Map.Item.Value.itemIdentifier',
              'idempotencyKey.$': '$$.Map.Item.Value.idempotencyKey',
              parameters,
              'run': { 'id.$': '$root', 'page.$': '$pages', 'index.$': '$$.Map.Item.Index' },
            },
            ItemProcessor: {
              ProcessorConfig: { Mode: 'INLINE' },
              StartAt: 'Process Item',
              States: {
                'Process Item': {
                  ...invokeFunction({ partition, handler, attempts, payload: { 'Payload.$': '$' } }),
                  // Without it, the answers of all items would be gathered in the state.
                  ResultSelector: { ok: true },
                  End: true,
                },
              },
            },
            ResultSelector: { ok: true },
            ResultPath: '$.page',
            Next: next,
          },
        },
      }),
    }),
  };
}
