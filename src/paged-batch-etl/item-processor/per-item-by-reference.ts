import { ReferenceProcessing, ReferenceProcessingOptions } from './binding';
import { concurrencyOf } from './concurrency';
import type { PerItemProcessorOptions } from './item-processor-options';
import { callExecutions, MAX_LINE_BYTES } from './line-executions';
import { callHandler, invokeFunction, MAX_CHILD_PAGE_BYTES } from './processor-function';

const FACTORY = 'ItemProcessor.perItem';

/** An execution for each line, in which the function gets what it gets of an inline page. */
export function perItemByReference(
  { handler, maxConcurrency }: PerItemProcessorOptions, attempts: number, { scope, batchSize }: Required<ReferenceProcessingOptions>,
): ReferenceProcessing {
  const { type, retries } = callExecutions(scope, FACTORY, handler, attempts);
  const concurrency = concurrencyOf(scope, FACTORY, maxConcurrency);
  return {
    batchSize,
    // What is underway while the transport changes may process its pages in Express executions.
    maxPageBytes: MAX_CHILD_PAGE_BYTES,
    maxLineBytes: MAX_LINE_BYTES,
    statements: (user) => [callHandler(FACTORY, user, handler)],
    render: ({ partition, parameters }) => ({
      MaxConcurrency: concurrency,
      ItemSelector: {
        'line.$': '$$.Map.Item.Value',
        'common': { parameters, run: { 'id.$': '$root', 'page.$': '$pages', 'index.$': '$$.Map.Item.Index' } },
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
        StartAt: 'Process Item',
        States: {
          'Process Item': {
            // A line has either `item` or `itemAt`, which no path could ask for.
            ...invokeFunction({ partition, handler, retries, payload: { 'Payload.$': 'States.JsonMerge($.line, $.common, false)' } }),
            ResultSelector: { ok: true },
            End: true,
          },
        },
      },
    }),
  };
}
