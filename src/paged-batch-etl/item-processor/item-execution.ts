import { Duration } from 'aws-cdk-lib';
import { AslRetrier } from '../../private/synth/asl';
import { expressRetries, longestExpressTimeout, mostCalls } from '../workflow/express-fit';

export const DEFAULT_BATCH_SIZE = 100;

/** A default size is not made smaller than this: the run would read one small page after another, which takes longer and saves little. */
export const LEAST_DEFAULT_SIZE = 10;

export interface ItemExecutionOptions {
  /** What the user asked for. */
  readonly batchSize?: number;
  readonly concurrency: number;
  /** Attempts after the first. */
  readonly retryAttempts: number;
  /** Of the handler; undefined where it is not known. */
  readonly timeout?: Duration;
}

/** Where the items of a page are processed. */
export type ItemExecution = ExpressItems | ItemsInSegment;

/** In an Express execution: the segment pays for one state, however many items there are. */
export interface ExpressItems {
  readonly kind: 'express';
  readonly batchSize: number;
  readonly largestBatchSize: number;
  readonly retries: readonly AslRetrier[];
  /** What somebody who deploys should know. */
  readonly note?: string;
}

/** In the segment itself: an item costs a state and at least 7 events. */
export interface ItemsInSegment {
  readonly kind: 'segment';
  readonly batchSize: number;
  readonly note: string;
}

/**
 * Chooses: an Express execution wherever a page is sure to end in its time.
 *
 * Delays before retries are those of every other Task where a page fits with them, else short ones. A default size is made smaller until it fits, within
 * reason; a size that the user asked for is not: whoever wants larger pages than that may have a reason.
 */
export function chooseItemExecution({ batchSize, concurrency, retryAttempts, timeout }: ItemExecutionOptions): ItemExecution {
  const wanted = batchSize ?? DEFAULT_BATCH_SIZE;
  if (timeout === undefined) return { kind: 'segment', batchSize: wanted, note: inSegment('the timeout of the handler is not known, as it is of functions that are defined in the same app') };

  const calls = { timeout, attempts: retryAttempts, concurrency };
  const largestBatchSize = mostCalls(calls);
  const retries = expressRetries({ ...calls, calls: wanted });
  if (retries !== undefined) return { kind: 'express', batchSize: wanted, largestBatchSize, retries };

  if (largestBatchSize === 0) {
    const longest = longestExpressTimeout(retryAttempts);
    return { kind: 'segment', batchSize: wanted, note: inSegment(`all attempts at an item may take longer than an Express execution; ${shorter(longest, retryAttempts)}`) };
  }
  const fitting = expressRetries({ ...calls, calls: largestBatchSize });
  if (batchSize === undefined && fitting !== undefined && largestBatchSize >= LEAST_DEFAULT_SIZE) {
    return {
      kind: 'express',
      batchSize: largestBatchSize,
      largestBatchSize,
      retries: fitting,
      note: `a page has at most ${largestBatchSize} items, not ${DEFAULT_BATCH_SIZE}, so that all attempts at them fit into an Express execution; with a shorter timeout `
        + 'of the handler, fewer retryAttempts or a higher maxConcurrency it may have more',
    };
  }
  return {
    kind: 'segment',
    batchSize: wanted,
    note: inSegment(`batchSize is ${wanted}; with at most ${largestBatchSize}, all attempts at the items of a page fit into an Express execution, which costs much less`),
  };
}

function inSegment(why: string): string {
  return `every item costs a state transition, because ${why}`;
}

function shorter(longest: number, retryAttempts: number): string {
  if (longest < 1) return `they do not fit with ${retryAttempts} retryAttempts, whatever the timeout of the handler`;
  const fewer = retryAttempts === 0 ? '' : ', or with fewer retryAttempts';
  return `they fit with a timeout of the handler of at most ${longest} ${longest === 1 ? 'second' : 'seconds'}${fewer}`;
}
