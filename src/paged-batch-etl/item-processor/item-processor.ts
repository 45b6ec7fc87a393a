import { ItemProcessorBinding } from './binding';
import { PerBatchProcessorOptions, PerItemProcessorOptions, StateMachineProcessorOptions } from './item-processor-options';
import { PER_BATCH_KINDS, PER_ITEM_KINDS, STATE_MACHINE_KINDS } from './option-kinds';
import { perBatch } from './per-batch';
import { perItem } from './per-item';
import { stateMachine } from './state-machine';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * How the items of a page are processed: at least once, in key order page by page.
 *
 * Each item has an `itemIdentifier`, which identifies it in its source, and an `idempotencyKey`. Within a run, the key of an item never changes: not
 * in a retry, after a redrive or in an execution that continues the run. `idempotencyScope` of the construct says in which other runs it is the same. If all attempts at a page fail, the run fails. A redrive goes on at that
 * page.
 */
export class ItemProcessor {
  /**
   * Calls a function for every item:
   *
   *     { "item": { … }, "itemIdentifier": "…", "idempotencyKey": "…", "parameters": { … }, "run": { "id": "…", "page": 0, "index": 0 } }
   *
   * The function is called for several items of a page at the same time. A page has 100 items by default, and fewer if they fill 110 KiB.
   *
   * The items of a page are processed in one Express execution (`itemWorkflow`), which costs the run a single state. It may take 5 minutes, so that is done only
   * where all attempts at all items of a page are sure to fit into 290 seconds, if each ends at its time-out: ⌈`batchSize` / `maxConcurrency`⌉ × the time of one
   * item, in which an attempt takes the `timeout` of the function and 10 seconds. Where they do not, a page has fewer items by default. In three cases the items are
   * processed in the segment instead, where each costs a state transition and at least 7 history events, and a page may have 180 KiB: if a `batchSize` that you
   * gave does not fit, if fewer than 10 items do and you gave none, or if the `timeout` is not known because the function is imported. An annotation says so. With
   * `RunContinuation.selfRestart` the items are always in the workflow itself.
   *
   * That is so of pages that travel inline. With `PageTransport.s3`, there is no `itemWorkflow`: items are processed in executions of a Map Run, and an item that failed
   * fails the run with `ItemsFailed`. Its error is in the `FAILED` files of the page.
   *
   * Choose it if each item is slow or should be retried by itself, and all attempts at a page fit into an Express execution, or for up to about a million items.
   * For more items choose `perBatch`, which costs less.
   *
   * @example
   * declare const archive: lambda.IFunction;
   *
   * ItemProcessor.perItem({ handler: archive, maxConcurrency: 10 });
   */
  public static perItem(options: PerItemProcessorOptions): ItemProcessor {
    return new ItemProcessor(perItem(checkOptions('ItemProcessor.perItem', options, PER_ITEM_KINDS)));
  }

  /**
   * Calls a function for every page:
   *
   *     { "items": [{ "item": { … }, "itemIdentifier": "…", "idempotencyKey": "…" }, …], "parameters": { … }, "run": { "id": "…", "page": 0 } }
   *
   * What it answers says which items failed:
   *
   * - Nothing failed: no answer, `null`, `""`, or an object whose `batchItemFailures` is absent, `null` or `[]`. Other members are ignored.
   * - Items failed: `{ "batchItemFailures": [{ "itemIdentifier": "…" }, …] }`. The run fails with `BatchItemsFailed`.
   * - Anything else fails the run with `InvalidBatchAnswer`: an answer that is no object, a `batchItemFailures` that is no list or whose first
   *   entry has no text as `itemIdentifier`, and a member that looks like a misspelt one: `BatchItemFailures`, `batchItemFailure`,
   *   `batchitemfailures`, `batch_item_failures`, `itemFailures` or `failures`. An empty list is refused as well if the answer has an object
   *   called `batchItemFailures` further in.
   *
   * Neither failure is retried. To have a page retried, throw an error. A page has 1,000 items by default, and fewer if they fill 180 KiB.
   *
   * With `PageTransport.s3`, the function is called for every batch of a page, of up to 200 KiB, and each failure fails the run with `ItemsFailed`: these errors are then in the `FAILED` files
   * of the page.
   *
   * Choose it unless you have a reason for another: it costs the least, and a run has room for hundreds of millions of items.
   *
   * @example
   * declare const calcMetrics: lambda.IFunction;
   *
   * ItemProcessor.perBatch({ handler: calcMetrics, retryAttempts: 3 });
   */
  public static perBatch(options: PerBatchProcessorOptions): ItemProcessor {
    return new ItemProcessor(perBatch(checkOptions('ItemProcessor.perBatch', options, PER_BATCH_KINDS)));
  }

  /**
   * Starts an execution of a state machine for every page, and waits for its end. Input and answer are those of `perBatch`.
   *
   * An execution that fails is not retried: let the state machine retry. A page has 1,000 items by default, and fewer if they fill 110 KiB.
   *
   * With `PageTransport.s3`, an execution is started for every batch of a page, of up to 90 KiB, and each failure fails the run with `ItemsFailed`: its error is then in the `FAILED` files of
   * the page.
   *
   * Choose it if a page needs several steps, more time than the 30 minutes of a function, or a service that Step Functions calls itself, such as a
   * container or an AWS Glue job. Its transitions come on top of those of the run.
   *
   * @example
   * import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
   *
   * declare const enrich: IStateMachine;
   *
   * ItemProcessor.stateMachine({ stateMachine: enrich, timeout: Duration.hours(2) });
   */
  public static stateMachine(options: StateMachineProcessorOptions): ItemProcessor {
    return new ItemProcessor(stateMachine(checkOptions('ItemProcessor.stateMachine', options, STATE_MACHINE_KINDS)));
  }

  /** @internal */
  public readonly _binding: ItemProcessorBinding;

  private constructor(binding: ItemProcessorBinding) {
    this._binding = binding;
  }
}
