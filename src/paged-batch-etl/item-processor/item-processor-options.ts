import { Duration } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';

/** Options of `ItemProcessor.perItem`. */
export interface PerItemProcessorOptions {
  /**
   * The function that processes an item. It must have the same effect however often it is called with the same `idempotencyKey`. It must finish
   * within its own time-out, which is 3 seconds (the default of Lambda) unless you set one. With the shortest time-out that its slowest call needs, and
   * defined in this app, a page has room for the most items, and costs the least. Its answer is ignored, and may be 256 KiB. It must be in this Region. A function
   * of another account must allow the role of the workflow to call it.
   */
  readonly handler: IFunction;

  /**
   * Items of a page that are processed at the same time, from 1 to 40, and with `PageTransport.s3` to 1,000. The functions of an account run 1,000 calls
   * at once, all together, unless Lambda raised that quota: above 500 there is a warning. Sources: Step Functions quotas, and Lambda quotas.
   *
   * @default 40
   */
  readonly maxConcurrency?: number;

  /**
   * How many times an item is retried when the function throws or times out, from 0 to 20. Failures of Lambda itself, such as throttling, have three
   * retries of their own. The items of a page are computed as if all retries were used. Delays between them are of 1 to 4 seconds where a page does not fit into
   * an Express execution with longer ones. In the segment each retry costs a state transition, and room in the history.
   *
   * @default 2
   */
  readonly retryAttempts?: number;
}

/** Options of `ItemProcessor.perBatch`. */
export interface PerBatchProcessorOptions {
  /**
   * The function that processes a page. It must have the same effect however often it is called with the same items. It must finish within its own
   * time-out, which is 3 seconds unless you set one. It answers nothing, or `{ "batchItemFailures": [{ "itemIdentifier": "…" }] }`:
   * `ItemProcessor.perBatch` has the rule. It must be in this Region. A function of another account must allow the role of the workflow to call it.
   */
  readonly handler: IFunction;

  /**
   * Batches of a page that are processed at the same time, from 1 to 1,000. Only with `PageTransport.s3`: inline, a page is a single batch. The functions of an
   * account run 1,000 calls at once, all together, unless Lambda raised that quota: above 500 there is a warning. Source: Lambda quotas.
   *
   * @default 40
   */
  readonly maxConcurrency?: number;

  /**
   * How many times a page is retried when the function throws or times out, from 0 to 20. Failures of Lambda itself, such as throttling, have three
   * retries of their own. A page whose answer names failed items is not retried.
   *
   * @default 2
   */
  readonly retryAttempts?: number;
}

/** Options of `ItemProcessor.stateMachine`. */
export interface StateMachineProcessorOptions {
  /**
   * The Standard state machine that processes a page, in this account and Region. Its output is read as the answer of a `perBatch` function. If a
   * customer key encrypts it, let the construct decrypt its output: `key.grantDecrypt(etl.segment ?? etl.workflow)`.
   */
  readonly stateMachine: IStateMachine;

  /**
   * Batches of a page that are processed at the same time, from 1 to 1,000. Only with `PageTransport.s3`: inline, a page is a single batch. Above 500 there is
   * a warning, because the functions of an account run 1,000 calls at once unless Lambda raised that quota.
   *
   * @default 40
   */
  readonly maxConcurrency?: number;

  /**
   * Longest time that one page may take, in whole seconds up to 365 days.
   *
   * @default Duration.hours(24)
   */
  readonly timeout?: Duration;
}
