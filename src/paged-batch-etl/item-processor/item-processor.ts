import { Duration } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ItemProcessorBinding } from './binding';
import { perBatch } from './per-batch';
import { perItem } from './per-item';
import { stateMachine } from './state-machine';

/** Options of `ItemProcessor.perItem`. */
export interface PerItemProcessorOptions {
  /**
   * The function that processes an item. It must do so whatever number of times it is called with the same `idempotencyKey`, and finish within
   * its own time-out. What it answers is ignored, and may be 256 KiB.
   */
  readonly handler: IFunction;

  /**
   * Items of a page that are processed at the same time, from 1 to 40.
   *
   * @default 40
   */
  readonly maxConcurrency?: number;

  /**
   * How many times an item is tried again when the function throws or times out, from 0 to 20. Three further retries are kept for failures of
   * Lambda itself, such as throttling. Each retry costs a state transition, and room in the history: pages per execution are computed with all of
   * them used.
   *
   * @default 2
   */
  readonly retryAttempts?: number;
}

/** Options of `ItemProcessor.perBatch`. */
export interface PerBatchProcessorOptions {
  /**
   * The function that processes a page. It must do so whatever number of times it is called with the same items, and finish within its own
   * time-out. It answers nothing, `{}`, or `{ "batchItemFailures": [{ "itemIdentifier": … }] }`.
   */
  readonly handler: IFunction;

  /**
   * How many times a page is tried again when the function throws or times out, from 0 to 20. Three further retries are kept for failures of
   * Lambda itself, such as throttling. A page whose answer names failed items is not tried again.
   *
   * @default 2
   */
  readonly retryAttempts?: number;
}

/** Options of `ItemProcessor.stateMachine`. */
export interface StateMachineProcessorOptions {
  /** The Standard state machine that processes a page, in this account and Region. Its output is read as the answer of a `perBatch` function. */
  readonly stateMachine: IStateMachine;

  /**
   * Longest time that one page may take, in whole seconds up to 365 days.
   *
   * @default Duration.hours(24)
   */
  readonly timeout?: Duration;
}

/**
 * How the items of a page are processed: at least once, in key order page by page.
 *
 * Every item comes with an `itemIdentifier`, which tells it from others of its source, and an `idempotencyKey`, which is the same for the same item
 * of the same run in every retry, redrive and restart. A page whose processing fails for good fails the run; a redrive goes on with that page.
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
    return new ItemProcessor(perItem(options));
  }

  /**
   * Calls a function for every page:
   *
   *     { "items": [{ "item": { … }, "itemIdentifier": "…", "idempotencyKey": "…" }, …], "parameters": { … }, "run": { "id": "…", "page": 0 } }
   *
   * Items that it names in `batchItemFailures` fail the run with `BatchItemsFailed`. To have a page tried again, throw. 1,000 items by default,
   * fewer where 180 KiB are full before.
   */
  public static perBatch(options: PerBatchProcessorOptions): ItemProcessor {
    return new ItemProcessor(perBatch(options));
  }

  /**
   * Starts an execution of a state machine for every page, and waits for its end. Input and answer are those of `perBatch`.
   *
   * An execution that fails is not tried again: let the state machine retry. 1,000 items by default, fewer where 110 KiB are full before.
   */
  public static stateMachine(options: StateMachineProcessorOptions): ItemProcessor {
    return new ItemProcessor(stateMachine(options));
  }

  /** @internal */
  public readonly _binding: ItemProcessorBinding;

  private constructor(binding: ItemProcessorBinding) {
    this._binding = binding;
  }
}
