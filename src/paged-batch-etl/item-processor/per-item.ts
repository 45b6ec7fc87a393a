import { Annotations } from 'aws-cdk-lib';
import { InlineProcessing, ItemProcessorBinding } from './binding';
import { checkConcurrency, inlineConcurrency } from './concurrency';
import { expressItems } from './express-items';
import { chooseItemExecution, DEFAULT_BATCH_SIZE } from './item-execution';
import type { PerItemProcessorOptions } from './item-processor-options';
import { ItemCalls, itemsMap } from './items-map';
import { perItemByReference } from './per-item-by-reference';
import { callHandler, MAX_PAGE_BYTES, retryAttemptsOf } from './processor-function';
import { timeoutOf } from '../../private/synth/lambda-limits';
import { PageState } from '../workflow/page-states';
import { functionRetries } from '../workflow/task-retry';

const FACTORY = 'ItemProcessor.perItem';

/**
 * A call for each item of the page. The items of an inline page are processed in an Express execution where that is sure to end in time, else in the machine
 * that walks pages. A redrive goes on inside that machine only where the items are: so they stay there if it is to.
 */
export function perItem(options: PerItemProcessorOptions): ItemProcessorBinding {
  const { handler, maxConcurrency } = options;
  const retryAttempts = retryAttemptsOf(FACTORY, options.retryAttempts);
  checkConcurrency(FACTORY, maxConcurrency);
  return {
    // Each call has one item, whatever the batch size. The default is that of inline pages, which a run that began with them hands on.
    byReference: ({ scope, batchSize = DEFAULT_BATCH_SIZE }) => perItemByReference(options, retryAttempts, { scope, batchSize }),
    inline: ({ scope, batchSize, redrivenInside, machines }) => {
      const concurrency = inlineConcurrency(FACTORY, maxConcurrency);
      const inSegment = itemsInMachine({ handler, concurrency, retries: functionRetries({ attempts: retryAttempts }) });
      if (redrivenInside) return { ...inSegment, batchSize: batchSize ?? DEFAULT_BATCH_SIZE };
      const chosen = chooseItemExecution({ batchSize, concurrency, retryAttempts, timeout: timeoutOf(handler) });
      if (chosen.note !== undefined) Annotations.of(scope).addInfo(`${FACTORY}: ${chosen.note}`);
      if (chosen.kind === 'segment') return { ...inSegment, batchSize: chosen.batchSize };
      return expressItems({ scope, machines, calls: { handler, concurrency, retries: chosen.retries }, ...chosen });
    },
  };
}

/** A Map in the machine that walks pages. */
function itemsInMachine(calls: ItemCalls): Omit<InlineProcessing, 'batchSize'> {
  return {
    maxPageBytes: MAX_PAGE_BYTES,
    callsAtATime: calls.concurrency,
    statements: (scope) => [callHandler(FACTORY, scope, calls.handler)],
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
