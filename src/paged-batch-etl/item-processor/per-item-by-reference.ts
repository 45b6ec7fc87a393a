import { executionsOfItems } from './batch-executions';
import { ReferenceProcessing, ReferenceProcessingOptions } from './binding';
import { concurrencyOf, MAX_INLINE_CONCURRENCY } from './concurrency';
import { causeCharacters, FAILED_ONES, ITEM_CATCHERS, ITEM_FAILED, itemFailed } from './failed-items';
import type { PerItemProcessorOptions } from './item-processor-options';
import { callHandler, invokeFunction, MAX_CHILD_PAGE_BYTES } from './processor-function';
import { BATCH_ITEMS, MAX_BATCH_BYTES, pageOfBatch, READ_BATCH, readBatch } from './read-batch';
import { AslObject } from '../../private/synth/asl';
import { BATCH_RANGE } from '../workflow/processor-answer';

const FACTORY = 'ItemProcessor.perItem';

/** Items of an execution of which it has to tell how they failed: so few that something is left of their causes. */
const MOST_TOLD_ITEMS = 400;

/** What is told of them is the output of the execution. Source: 256 KiB, Step Functions quotas. */
const OUTPUT_BYTES = 240 * 1024;

const FAILED_IN_BATCH: AslObject = { ...BATCH_RANGE, 'first.$': '$$.Execution.Input.first', 'failed.$': FAILED_ONES };

const PROCESS_ITEMS = 'Process Items';

/** An execution for each batch, which calls the function for each item with what it gets of an inline page. */
export function perItemByReference(
  { handler, maxConcurrency }: PerItemProcessorOptions, attempts: number, { scope, batchSize, tolerates }: Required<ReferenceProcessingOptions>,
): ReferenceProcessing {
  const concurrency = concurrencyOf(scope, FACTORY, maxConcurrency);
  const asked = { scope, factory: FACTORY, handler, attempts, concurrency };
  const { type, retries, size: most, executions, calls } = executionsOfItems(asked, MAX_INLINE_CONCURRENCY);
  const size = tolerates ? Math.min(most, MOST_TOLD_ITEMS) : most;
  return {
    batchSize,
    oneItemACall: true,
    // What is underway while the transport changes may process its pages in Express executions.
    maxPageBytes: MAX_CHILD_PAGE_BYTES,
    maxBatchBytes: MAX_BATCH_BYTES,
    callsAtATime: concurrency,
    processor: handler,
    maxBatchItems: size,
    statements: (user) => [callHandler(FACTORY, user, handler)],
    render: ({ partition, parameters }) => ({
      MaxConcurrency: executions,
      ItemSelector: {
        'range.$': '$$.Map.Item.Value.range',
        'first.$': '$$.Map.Item.Value.first',
        ...pageOfBatch(parameters),
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
        StartAt: READ_BATCH,
        States: {
          [READ_BATCH]: readBatch(partition, PROCESS_ITEMS),
          [PROCESS_ITEMS]: {
            Type: 'Map',
            ItemsPath: BATCH_ITEMS,
            MaxConcurrency: calls,
            ItemSelector: {
              'line.$': '$$.Map.Item.Value',
              'common': {
                'parameters.$': '$.parameters',
                'run': { 'id.$': '$.run.id', 'page.$': '$.run.page', 'index.$': 'States.MathAdd($.first, $$.Map.Item.Index)' },
              },
            },
            ItemProcessor: {
              ProcessorConfig: { Mode: 'INLINE' },
              StartAt: 'Process Item',
              States: {
                'Process Item': {
                  // A line has either `item` or `itemAt`, which no path could ask for.
                  ...invokeFunction({ partition, handler, retries, payload: { 'Payload.$': 'States.JsonMerge($.line, $.common, false)' } }),
                  // Without it, the answers of all items would be gathered in the state.
                  ResultSelector: { ok: true },
                  ...tolerates && { Catch: ITEM_CATCHERS },
                  End: true,
                },
                ...tolerates && { [ITEM_FAILED]: itemFailed('common.run.index', causeCharacters(size, OUTPUT_BYTES)) },
              },
            },
            ResultSelector: tolerates ? FAILED_IN_BATCH : { ok: true },
            End: true,
          },
        },
      },
    }),
  };
}
