import { Duration } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** Options of `ItemProcessor.perItem`. */
export interface PerItemProcessorOptions {
  /**
   * The function that processes an item. It must do so whatever number of times it is called with the same `idempotencyKey`, and finish within
   * its own time-out, which is 3 seconds (the default of Lambda) unless you set one. What it answers is ignored, and may be 256 KiB. It is of this Region; one of another
   * account must let the role of the workflow call it.
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
   * time-out, which is 3 seconds unless you set one. It answers nothing, or `{ "batchItemFailures": [{ "itemIdentifier": "…" }] }`:
   * `ItemProcessor.perBatch` has the rule. It is of this Region; one of another account must let the role of the workflow call it.
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
  /**
   * The Standard state machine that processes a page, in this account and Region. Its output is read as the answer of a `perBatch` function. If a customer
   * key encrypts it, whoever waits for it must decrypt its output: `key.grantDecrypt(etl.segment ?? etl.workflow)`.
   */
  readonly stateMachine: IStateMachine;

  /**
   * Longest time that one page may take, in whole seconds up to 365 days.
   *
   * @default Duration.hours(24)
   */
  readonly timeout?: Duration;
}
