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
 * Every item comes with an `itemIdentifier`, which tells it from others of its source, and an `idempotencyKey`, which is the same for the same item
 * of the same run in every retry, after every redrive and in every execution that continues the run. A page whose processing fails for good fails the run; a redrive goes on with that page.
 */
export class ItemProcessor {
  /**
   * Calls a function for every item:
   *
   *     { "item": { … }, "itemIdentifier": "…", "idempotencyKey": "…", "parameters": { … }, "run": { "id": "…", "page": 0, "index": 0 } }
   *
   * The function is called for several items of a page at the same time. An item costs a state transition and 7 history events, so pages are small:
   * 100 items by default.
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
   * Neither failure is tried again: to have a page tried again, throw. 1,000 items by default, fewer where 180 KiB are full before.
   */
  public static perBatch(options: PerBatchProcessorOptions): ItemProcessor {
    return new ItemProcessor(perBatch(checkOptions('ItemProcessor.perBatch', options, PER_BATCH_KINDS)));
  }

  /**
   * Starts an execution of a state machine for every page, and waits for its end. Input and answer are those of `perBatch`.
   *
   * An execution that fails is not tried again: let the state machine retry. 1,000 items by default, fewer where 110 KiB are full before.
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
