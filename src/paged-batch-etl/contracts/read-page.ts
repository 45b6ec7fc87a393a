/**
 * What the workflow, our functions and users' functions agree on. All sides import this file; it imports nothing.
 *
 * Executions outlive deployments: a running one keeps its definition and calls the new function. So a released event shape of our own
 * functions is never changed; a new one gets the next number, and the function accepts every number ever released.
 */

/** Version of the event that asks for the items of a page: they travel in the state of the workflow. */
export const READ_PAGE_CONTRACT = 3;

/** Version of the event that asks for a page written to S3: see `WrittenPage`. */
export const WRITE_PAGE_CONTRACT = 4;

/** Versions of both where what cannot be read is told of beside the page, and does not fail it: see `FailedItem`. */
export const READ_TOLERANTLY_CONTRACT = 5;
export const WRITE_TOLERANTLY_CONTRACT = 6;

/** Versions of the same before an event said what its sender has room for. Then the configuration of the source function says it: that of its own release. */
export const READ_PAGE_CONTRACT_1 = 1;
export const WRITE_PAGE_CONTRACT_2 = 2;

/** The event of our source functions, as the workflow's Read Page state renders it; they answer a `Page`. */
export interface ReadPageEvent extends PageRequest {
  readonly contract: typeof READ_PAGE_CONTRACT;
  /** Most bytes of the page, as UTF-8 JSON: what the processor of the definition that asks has room for. */
  readonly pageBytes: number;
}

/** The same event where pages travel through S3; source functions answer a `WrittenPage`. */
export interface WritePageEvent extends PageRequest {
  readonly contract: typeof WRITE_PAGE_CONTRACT;
  /** What the executions of the definition that asks have room for. */
  readonly batch: BatchRoom;
}

/** The same events where what cannot be read is passed over; answered are a `TolerantPage` and a `TolerantWrittenPage`. */
export interface ReadTolerantlyEvent extends Omit<ReadPageEvent, 'contract'> {
  readonly contract: typeof READ_TOLERANTLY_CONTRACT;
}

export interface WriteTolerantlyEvent extends Omit<WritePageEvent, 'contract'> {
  readonly contract: typeof WRITE_TOLERANTLY_CONTRACT;
}

/** How large a batch may be. */
export interface BatchRoom {
  /** As ASCII. */
  readonly bytes: number;
  /** As a JSON string. */
  readonly textBytes: number;
  /** Null: `batchSize` of the event. */
  readonly items: number | null;
}

export interface ReadPageEvent1 extends PageRequest {
  readonly contract: typeof READ_PAGE_CONTRACT_1;
}

export interface WritePageEvent2 extends PageRequest {
  readonly contract: typeof WRITE_PAGE_CONTRACT_2;
}

/** Which page is asked for. */
export interface PageRequest {
  /** The run's flat input with defaults filled in: declared parameters, reserved keys, and whatever else was given. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Where the page before this one ended; null for the first. */
  readonly cursor: string | null;
  /** Most items in the page; of a page written to S3: of one call of the processor. How many such a page has does not hang on it. */
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
  /** The same for the same item of the same run, however often it is processed; with another `idempotencyScope`, also in other runs. */
  readonly idempotencyKey: string;
}

/** An item that failed, with the error that it failed with. */
export interface FailedItem {
  readonly itemIdentifier: string;
  readonly idempotencyKey: string;
  readonly error: string;
  readonly cause: string;
}

/** What was passed over in reading a page. */
export interface PassedOver {
  /** Items that are in no page, but lie between the cursor before this one and its own. */
  readonly failed: readonly FailedItem[];
}

/** At least one item: see `NO_READABLE_ITEMS`. */
export type TolerantPage = Page & PassedOver;

export type TolerantWrittenPage = WrittenPage & PassedOver;

/** Most bytes of the items that are passed over in one page, as JSON; one is passed over whatever its size. */
export const MAX_PASSED_OVER_BYTES = 8 * 1024;

/**
 * Where our source functions wrote a page: an object with a batch on each line, which is a JSON array of `PageLine`s, and an index of it, an object with a
 * `BatchRange` on each line. All of it is ASCII, ended by a line feed.
 */
export interface WrittenPage {
  readonly object: PageObject;
  /** Items of the page: at least one, see `NO_ITEMS_LEFT`. */
  readonly count: number;
  readonly cursor: string | null;
  readonly done: boolean;
}

export interface PageObject {
  readonly bucket: string;
  /** Key of the batches: the folder, a name that only this attempt has, and `.jsonl`. The text of large items has the same key with `ITEMS_SUFFIX`. */
  readonly key: string;
  /** Key of the index. */
  readonly index: string;
  /** What all keys of the page begin with, its `/` at the end included. */
  readonly folder: string;
}

/** Name, in the folder of a page, of the record that says which of its objects is the page. */
export const PAGE_RECORD = 'page.json';

/** Folder, in that of a page, of what Step Functions writes about processing it. */
export const PAGE_RESULTS = 'results';

/** What the object with the text of large items is called, after the key of the batches. */
export const ITEMS_SUFFIX = '.items';

/** Where a batch is in the object of a page. */
export interface BatchRange {
  /** Its bytes, as the header `Range` of HTTP names them, without the line feed. */
  readonly range: string;
  /** Items of the page before it. */
  readonly first: number;
  readonly count: number;
}

/** An item as it stands in the object of a page, and as processors get it. */
export type PageLine = PageItem | LargePageItem;

/** An item that is too large for a batch of its own. */
export interface LargePageItem extends Omit<PageItem, 'item'> {
  readonly itemAt: ItemLocation;
}

/** Where the text of an item is: `Length` bytes of UTF-8 JSON that begin at byte `Offset` of an object. */
export interface ItemLocation {
  readonly Bucket: string;
  readonly Key: string;
  readonly Offset: number;
  readonly Length: number;
}

/** Most items of a page that travels through S3. */
export const MAX_PAGE_ITEMS = 20_000;

/** Most bytes of a cursor. */
export const MAX_CURSOR_BYTES = 8 * 1024;

/** Most ranges of a run: each has a cursor in its state. */
export const MAX_RANGES = 128;

/**
 * Most bytes, as a JSON string, of the cursor of a range: the state has room for those of all ranges, and for the parameters of the run. Source: 256 KiB, Step
 * Functions quotas.
 */
export const MAX_RANGE_CURSOR_BYTES = 1_536;

/**
 * Error that our source functions throw instead of answering a page without items: nothing is left, and the workflow catches it and ends well.
 *
 * It is an error so that the processor is not called and full pages pay nothing for that: a Choice after every page read would cost two history
 * events and a state transition a page, for something that happens at most once in a run.
 */
export const NO_ITEMS_LEFT = 'NoItemsLeft';

/**
 * Error that our source functions throw instead of answering a page in which every item was passed over. For the reason above it is an error too; its message is
 * JSON of the page.
 */
export const NO_READABLE_ITEMS = 'NoReadableItems';
