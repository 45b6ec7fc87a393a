/**
 * What the machine that walks pages and the function that collects failures agree on.
 *
 * A released event shape is never changed: a new one gets the next number, and the function accepts every number ever released.
 */
import type { FailedItem } from './read-page';

/** Version of the event that this release's machines send. */
export const COLLECT_FAILURES_CONTRACT = 1;

/** The event: a page whose items were processed, and what is known of those that failed. */
export interface CollectFailuresEvent {
  readonly contract: typeof COLLECT_FAILURES_CONTRACT;
  readonly run: CollectingRun;
  /** Where the page begins. */
  readonly cursor: string | null;
  readonly next: ProcessedPage;
  /** Of the run, before this page. */
  readonly counts: RunCounts;
  readonly limits: FailureLimits;
  readonly failures: PageFailures;
}

export interface CollectingRun {
  /** ARN of the execution that is the run: it has letters of its own, also where it goes on with the items of another run. */
  readonly id: string;
  /** Pages processed before this one. */
  readonly page: number;
}

/** Where the page ends, and what is in it. */
export interface ProcessedPage {
  readonly cursor: string | null;
  readonly done: boolean;
  /** Items that were handed to the processor. */
  readonly count: number;
  /** Documents that could not be read, so that they are in no page. */
  readonly unreadable: readonly FailedItem[];
  /** 1; 0 where nothing was left to read, and the run is only looked at as a whole. */
  readonly pages: number;
}

export interface RunCounts {
  /** Items that were processed. */
  readonly items: number;
  readonly failed: number;
}

/** How many items of a run may fail; null: any number. */
export interface FailureLimits {
  readonly items: number | null;
  /** From 0 to 100. */
  readonly percentage: number | null;
}

/** What the states that processed a page know of failures in it. */
export type PageFailures = NoFailures | NamedFailures | FailedCall | FailedItems | FailedBatches;

/** Nothing failed. */
export interface NoFailures {
  readonly kind: 'none';
}

/** The processor of the page named items that failed. */
export interface NamedFailures {
  readonly kind: 'named';
  /** `batchItemFailures` of its answer, as it is. */
  readonly named: readonly unknown[];
  readonly items: PageItems;
}

/** The only call for the page failed. */
export interface FailedCall {
  readonly kind: 'call';
  readonly failure: CallFailure;
  readonly items: PageItems;
}

/** Calls for single items failed. */
export interface FailedItems {
  readonly kind: 'items';
  readonly failed: readonly ItemFailure[];
  readonly items: PageItems;
}

/** What became of the batches of a page stands in the files of a Map Run. */
export interface FailedBatches {
  readonly kind: 'batches';
  /** Where their manifest is. */
  readonly bucket: string;
  readonly manifest: string;
  /** Key of the batches of the page, in the same bucket. */
  readonly key: string;
}

/** What a Catch says. */
export interface CallFailure {
  readonly Error: string;
  readonly Cause?: string;
}

/** An item by its place, and how its call failed. */
export interface ItemFailure {
  readonly index: number;
  readonly error: string;
  readonly cause?: string;
}

/** The items of a page that travelled in the state, in three lists of the same length. */
export interface PageItems {
  readonly identifiers: readonly string[];
  readonly keys: readonly string[];
  /** Null where letters have no documents. */
  readonly documents: readonly unknown[] | null;
}

/** What an execution of a Map Run answers; other members, and answers without these, say that nothing failed. */
export interface BatchOutcome {
  /** Of the batch, as `BatchRange` has it. */
  readonly range: string;
  /** Items of the page before the batch; where `failed` is. */
  readonly first?: number;
  /** Calls for items that failed, by their places in the page. */
  readonly failed?: readonly ItemFailure[];
  /** `batchItemFailures` of the answer for the batch. */
  readonly named?: readonly unknown[];
  /** How the call for the batch failed. */
  readonly failure?: CallFailure;
}

/** What the function answers. It takes the place of `next` in the state. */
export interface CollectedPage {
  readonly cursor: string | null;
  readonly done: boolean;
  readonly pages: number;
  /** Items of the page that were processed, and those that failed, unreadable ones included. */
  readonly count: number;
  readonly failed: number;
  readonly verdict: Verdict;
  /** Error and cause where the verdict is not to go on; else empty texts. */
  readonly error: string;
  readonly cause: string;
}

/**
 * `goOn`: the failures are tolerated. `tooMany`: the page is done, and the run must fail. `notTolerated`: what failed is no item, so that the page has to be
 * processed again.
 */
export type Verdict = 'goOn' | 'tooMany' | 'notTolerated';

/** A share of a run is not looked at before this many items are read, or all of them. */
export const LEAST_ITEMS_FOR_PERCENTAGE = 1_000;

/** A line of a page of letters. Later releases may add members and change none. */
export interface DeadLetter {
  readonly itemIdentifier: string;
  /** The key that the item was processed with, and is processed with again. */
  readonly idempotencyKey: string;
  /** Name of the error, and what is known of its cause, cut off. */
  readonly error: string;
  readonly cause: string;
  /** ARN of the run's execution. */
  readonly run: string;
  /** Pages processed before the one that the item was in. */
  readonly page: number;
  /** The document, where letters have them. */
  readonly item?: unknown;
  /** Where the document is, where it did not travel itself. */
  readonly itemAt?: unknown;
}

/** Environment variables of the function that collects failures. */
export const CollectorEnvironment = {
  LETTERS_BUCKET: 'LETTERS_BUCKET',
  /** What the keys of all letters begin with: something that ends in `/`. */
  LETTERS_PREFIX: 'LETTERS_PREFIX',
  /** `yes` if letters have the documents of their items; absent if not. */
  WITH_DOCUMENTS: 'WITH_DOCUMENTS',
} as const;
