import { Annotations } from 'aws-cdk-lib';
import { InlineProcessing, ItemProcessorBinding } from './binding';
import { checkConcurrency, inlineConcurrency } from './concurrency';
import { expressItems } from './express-items';
import { roomInSegment } from './failure-room';
import { chooseItemExecution, DEFAULT_BATCH_SIZE } from './item-execution';
import type { PerItemProcessorOptions } from './item-processor-options';
import { ItemCalls, itemsMap } from './items-map';
import { perItemByReference } from './per-item-by-reference';
import { callHandler, callOutlives, MAX_PAGE_BYTES, retryAttemptsOf } from './processor-function';
import { AslRule } from '../../private/synth/asl';
import { timeoutOf } from '../../private/synth/lambda-limits';
import { FailureState, gatherItems } from '../workflow/failure-states';
import { PageState } from '../workflow/page-states';
import { functionRetries } from '../workflow/task-retry';
import { Tolerance } from '../workflow/tolerance';

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
    outlivesRun: callOutlives(handler),
    // Each call has one item, whatever the batch size. The default is that of inline pages, which a run that began with them hands on.
    byReference: ({ batchSize = DEFAULT_BATCH_SIZE, ...asked }) => perItemByReference(options, retryAttempts, { ...asked, batchSize }),
    inline: ({ scope, batchSize, redrivenInside, machines, tolerance }) => {
      const concurrency = inlineConcurrency(FACTORY, maxConcurrency);
      const retries = functionRetries({ attempts: retryAttempts });
      const inSegment = (size: number) => itemsInMachine({ handler, concurrency, retries }, size, tolerance);
      if (redrivenInside) return inSegment(batchSize ?? DEFAULT_BATCH_SIZE);
      const chosen = chooseItemExecution({ batchSize, concurrency, retryAttempts, timeout: timeoutOf(handler) });
      if (chosen.note !== undefined) Annotations.of(scope).addInfo(`${FACTORY}: ${chosen.note}`);
      if (chosen.kind === 'segment') return inSegment(chosen.batchSize);
      return expressItems({ scope, machines, calls: { handler, concurrency, retries: chosen.retries }, tolerance, ...chosen });
    },
  };
}

const ITEMS_FAILED: AslRule = { Comment: 'Items failed', Variable: '$.page.failed[0]', IsPresent: true, Next: FailureState.GATHER };

/** A Map in the machine that walks pages. */
function itemsInMachine(given: Omit<ItemCalls, 'causes'>, batchSize: number, tolerance: Tolerance | undefined): InlineProcessing {
  const { maxPageBytes, causes } = tolerance === undefined ? { maxPageBytes: MAX_PAGE_BYTES, causes: undefined } : roomInSegment(batchSize);
  const calls: ItemCalls = { ...given, causes };
  return {
    batchSize,
    maxPageBytes,
    callsAtATime: calls.concurrency,
    statements: (scope) => [callHandler(FACTORY, scope, calls.handler)],
    render: ({ partition, parameters, next }) => ({
      afterRedrive: [],
      ...tolerance && { failures: { rules: [ITEMS_FAILED], states: { [FailureState.GATHER]: gatherItems('$.page.failed') } } },
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
