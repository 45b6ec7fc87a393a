import { Annotations, Token } from 'aws-cdk-lib';
import { InlineProcessing, ItemProcessorBinding } from './binding';
import { expressItems } from './express-items';
import { chooseItemExecution, DEFAULT_BATCH_SIZE } from './item-execution';
import type { PerItemProcessorOptions } from './item-processor-options';
import { ItemCalls, itemsMap } from './items-map';
import { callHandler, MAX_PAGE_BYTES, retryAttemptsOf } from './processor-function';
import { timeoutOf } from '../../private/synth/lambda-limits';
import { checkInteger, refuseToken, theDefaultIs } from '../../private/synth/validation';
import { PageState } from '../workflow/page-states';
import { functionRetries } from '../workflow/task-retry';

/** Source: Step Functions quotas, concurrent iterations of an inline Map. */
export const MAX_CONCURRENCY = 40;

/**
 * A call for each item of the page: in an Express execution where that is sure to end in time, else in the machine that walks pages. A redrive goes on inside
 * that machine only where the items are: so they stay there if it is to.
 */
export function perItem({ handler, maxConcurrency: concurrency = MAX_CONCURRENCY, retryAttempts: asked }: PerItemProcessorOptions): ItemProcessorBinding {
  const retryAttempts = retryAttemptsOf('ItemProcessor.perItem', asked);
  refuseToken('maxConcurrency of ItemProcessor.perItem', Token.isUnresolved(concurrency), 'the workflow is rendered with it');
  checkInteger('maxConcurrency of ItemProcessor.perItem', concurrency, { min: 1, max: MAX_CONCURRENCY }, theDefaultIs(MAX_CONCURRENCY));
  return {
    inline: ({ scope, batchSize, redrivenInside, machines }) => {
      const inSegment = itemsInMachine({ handler, concurrency, retries: functionRetries({ attempts: retryAttempts }) });
      if (redrivenInside) return { ...inSegment, batchSize: batchSize ?? DEFAULT_BATCH_SIZE };
      const chosen = chooseItemExecution({ batchSize, concurrency, retryAttempts, timeout: timeoutOf(handler) });
      if (chosen.note !== undefined) Annotations.of(scope).addInfo(`ItemProcessor.perItem: ${chosen.note}`);
      if (chosen.kind === 'segment') return { ...inSegment, batchSize: chosen.batchSize };
      return expressItems({ scope, machines, calls: { handler, concurrency, retries: chosen.retries }, ...chosen });
    },
  };
}

/** A Map in the machine that walks pages. */
function itemsInMachine(calls: ItemCalls): Omit<InlineProcessing, 'batchSize'> {
  return {
    maxPageBytes: MAX_PAGE_BYTES,
    statements: (scope) => [callHandler('ItemProcessor.perItem', scope, calls.handler)],
    render: ({ partition, parameters, next }) => ({
      afterRedrive: [],
      states: {
        [PageState.PROCESS]: {
          ...itemsMap({ partition, calls, items: '$.page', parameters: { parameters }, run: { 'id.$': '$root', 'page.$': '$pages' } }),
          ResultPath: '$.page',
          Next: next,
        },
      },
    }),
  };
}
