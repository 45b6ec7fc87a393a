/**
 * What the workflow, our functions and users' functions agree on. All sides import this file; it imports nothing.
 *
 * Executions outlive deployments: a running one keeps its definition and calls the new function. So a released event shape of our own
 * functions is never changed; a new one gets the next number, and the function accepts every number ever released.
 */

/** Version of the event that this release's workflow sends to the source function. */
export const READ_PAGE_CONTRACT = 1;

/** The event of our source functions, as the workflow's Read Page state renders it. */
export interface ReadPageEvent {
  readonly contract: typeof READ_PAGE_CONTRACT;
  /** The run's flat input with defaults filled in: declared parameters, reserved keys, and whatever else was given. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Where the page before this one ended; null for the first. */
  readonly cursor: string | null;
  /** Most items in the page. */
  readonly batchSize: number;
  readonly run: RunReference;
}

/** Which page of which run. */
export interface RunReference {
  /** ARN of the execution that began the run; the same after every redrive and in every execution that continues the run. */
  readonly id: string;
  /** Pages processed before this one. */
  readonly page: number;
}

/** What a custom source function is called with. */
export interface SourceRequest {
  /** The declared parameters, as given in the run's input or by default. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly cursor: string | null;
  readonly batchSize: number;
  readonly run: RunReference;
}

/** What a custom source function answers. */
export interface SourcePage {
  readonly items: readonly SourceItem[];
  /** Where this page ended: handed to the source with the next request. Null only together with `done`. */
  readonly cursor: string | null;
  /** True only if there is nothing after this page. */
  readonly done: boolean;
}

export interface SourceItem {
  /** Identifies the item within its source: canonical EJSON of `_id` for MongoDB. */
  readonly itemIdentifier: string;
  /** The item: a document as relaxed EJSON for MongoDB. */
  readonly item: unknown;
}

/** What our source functions answer: a page whose items have idempotency keys. */
export interface Page {
  /** At least one: see `NO_ITEMS_LEFT`. */
  readonly items: readonly PageItem[];
  readonly cursor: string | null;
  readonly done: boolean;
}

export interface PageItem extends SourceItem {
  /** The same for the same item of the same run, however often it is processed. */
  readonly idempotencyKey: string;
}

/** Most bytes of a cursor. */
export const MAX_CURSOR_BYTES = 8 * 1024;

/**
 * Error that our source functions throw instead of answering a page without items: nothing is left, and the workflow catches it and ends well.
 *
 * It is an error so that the processor is not called and full pages pay nothing for that: a Choice after every page read would cost two history
 * events and a state transition a page, for something that happens at most once in a run.
 */
export const NO_ITEMS_LEFT = 'NoItemsLeft';
