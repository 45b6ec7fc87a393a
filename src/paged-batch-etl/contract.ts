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
  /** ARN of the execution that began the run; the same after every restart, redrive and continuation. */
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

/** How the progress of a run is written: in its state, in the cause of `RunTooLong`, and in the input key `progress`. */
export interface Progress {
  /** ARN of the execution that began the run. */
  readonly root: string;
  readonly cursor: string | null;
  readonly pages: number;
  readonly items: number;
  readonly segments: number;
}

/**
 * What the run hands to a segment, beside `AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID`, the ARN of the run's execution. A redriven run keeps its
 * old definition and starts the new segment: nothing here is ever renamed or removed, and a new segment works without what is added later.
 */
export interface SegmentInput {
  /** The run's flat input with defaults filled in, `batch_size` among them. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly progress: Progress;
  /** How the segment before this one failed at a page: this one then fails likewise, at once. */
  readonly failure: PageFailure | null;
  /** How many executions there were for this segment before, all of them stopped, or failed as they were told to. */
  readonly attempt: number;
}

/** What a segment answers; additive only, like its input. */
export interface SegmentOutput {
  /** Where the next segment begins: with `failure`, at the page that failed. */
  readonly progress: Progress;
  /** Whether no page is left. */
  readonly done: boolean;
  readonly failure: PageFailure | null;
}

/** How a page failed, as a Catch reports it. */
export interface PageFailure {
  readonly Error: string;
  readonly Cause: string;
}

/** Keys of a run's input that are ours, so that no parameter may have their names. */
export const RESERVED_INPUT_KEYS = ['batch_size', 'progress', 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID'] as const;

/** Most bytes of the declared parameters, as JSON in UTF-8. */
export const MAX_PARAMETER_BYTES = 16 * 1024;

/** Most bytes of a cursor. */
export const MAX_CURSOR_BYTES = 8 * 1024;

/** How a parameter of the run is read. */
export interface ParameterRule {
  readonly type: 'date' | 'text' | 'integer' | 'objectId';
  /** IANA time zone in which a date without an offset is read. Default: UTC. Dates only. */
  readonly timeZone?: string;
}

export type ParameterRules = Readonly<Record<string, ParameterRule>>;

/**
 * How a date is written: the day alone, or the day and the time with or without an offset. Captures the day and the offset. Fractions beyond
 * milliseconds only as zeros: no BSON date could hold them.
 */
export const DATE_TEXT = /^(\d{4}-\d\d-\d\d)(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3}0{0,6})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** Where and how a MongoDB source reads: JSON in an environment variable of its function. */
export interface MongoSourceConfig {
  readonly engine: 'mongo' | 'documentDb';
  /** Host, or host and port, or comma-separated hosts of a replica set, or an Atlas SRV host; absent when the secret says where. */
  readonly host?: string;
  /** The host is a DNS seed list (`mongodb+srv`). */
  readonly srv?: boolean;
  readonly tls: boolean;
  readonly database: string;
  readonly collection: string;
  /** Fields of the key, ascending, `_id` last. */
  readonly sort: readonly string[];
  /** EJSON text with `$$name` in the place of parameters. */
  readonly filter?: string;
  /** Fields of the documents that are read; absent for all. */
  readonly projection?: readonly string[];
  /** Name of the index to use. */
  readonly hint?: string;
  readonly readPreference: string;
  readonly readConcern?: string;
  /** Collation of filter and sort, as MongoDB names its fields. */
  readonly collation?: { readonly locale: string } & Readonly<Record<string, string | number | boolean>>;
  readonly indexCheck: boolean;
  readonly mixedIdTypes: boolean;
  /** EJSON of the documents handed on. */
  readonly itemFormat: 'relaxed' | 'canonical';
}

/** Environment variables of our source functions. */
export const SourceEnvironment = {
  /** JSON of `ParameterRules`. */
  PARAMETERS: 'PARAMETERS',
  /** Most bytes of a page as UTF-8 JSON. */
  PAGE_BYTES: 'PAGE_BYTES',
  /** Largest `batch_size` of a run. */
  MAX_BATCH_SIZE: 'MAX_BATCH_SIZE',
  /** JSON of `MongoSourceConfig`. */
  MONGO_SOURCE: 'MONGO_SOURCE',
  /** ARN of the secret with user and password, or with the connection string. */
  CONNECTION_SECRET_ARN: 'CONNECTION_SECRET_ARN',
  /** ARN of the secret with the certificates that are trusted beside those that Node.js trusts; absent when there is none. */
  CERTIFICATE_AUTHORITY_SECRET_ARN: 'CERTIFICATE_AUTHORITY_SECRET_ARN',
  /** ARN of the user's function behind a custom source. */
  SOURCE_FUNCTION_ARN: 'SOURCE_FUNCTION_ARN',
} as const;

/**
 * Error that our source functions throw instead of answering a page without items: nothing is left, and the workflow catches it and ends well.
 *
 * It is an error so that the processor is not called and full pages pay nothing for that: a Choice after every page read would cost two history
 * events and a state transition a page, for something that happens at most once in a run.
 */
export const NO_ITEMS_LEFT = 'NoItemsLeft';

/** Namespace and names of the metrics that source functions write, with the dimension `FunctionName`. */
export const SourceMetric = {
  NAMESPACE: 'PagedBatchEtl',
  DIMENSION: 'FunctionName',
  /** Pages read; count. */
  PAGES_READ: 'PagesRead',
  /** Items read; count. */
  ITEMS_READ: 'ItemsRead',
  /** Seconds between now and the first sort key of the last item, where that is a date. */
  BEHIND: 'Behind',
} as const;

/** Names of all errors of a run: the `Error` of a failed segment, and in the parsed `Cause` of a failed run. */
export const PagedBatchEtlErrorName = {
  /** The run's input lacks a parameter that has no default. Found before anything is read. */
  MISSING_PARAMETER: 'MissingParameter',
  /** A parameter is of the wrong type, or is no date, integer or ObjectId. Found before anything is read. */
  INVALID_PARAMETER: 'InvalidParameter',
  /** The run's input has a key that is no parameter. Found before anything is read. */
  UNKNOWN_PARAMETER: 'UnknownParameter',
  /** The parameters together are larger than 16 KiB of JSON. */
  PARAMETERS_TOO_LARGE: 'ParametersTooLarge',
  /** `batch_size` is no whole number from 1 to the `batchSize` of the construct. */
  INVALID_BATCH_SIZE: 'InvalidBatchSize',
  /** `progress` is not what a run that was too long reported. */
  INVALID_PROGRESS: 'InvalidProgress',
  /** The source function was called with something that is no page request of any released contract. */
  INVALID_READ_EVENT: 'InvalidReadEvent',
  /** The cursor is no cursor of this source: the sort was changed while the run was underway, or `progress` was edited. */
  INVALID_CURSOR: 'InvalidCursor',
  /** A page ended where the page before it ended. */
  CURSOR_DID_NOT_ADVANCE: 'CursorDidNotAdvance',
  /** Documents remain behind a change of the type of the sort key, which a comparison cannot cross. */
  CURSOR_TYPE_GAP: 'CursorTypeGap',
  /** The sort keys under the filter are of several types. */
  MIXED_KEY_TYPES: 'MixedKeyTypes',
  /** A field of the sort holds an array, or cannot be reached without one. */
  SORT_KEY_IS_ARRAY: 'SortKeyIsArray',
  /** Two neighbours have the same key: on a sharded collection, `_id` is not unique by itself. */
  DUPLICATE_KEY: 'DuplicateKey',
  /** One item alone is larger than a page may be. */
  ITEM_TOO_LARGE: 'ItemTooLarge',
  /** The cursor is larger than 8 KiB. */
  CURSOR_TOO_LARGE: 'CursorTooLarge',
  /** No index serves the filter and the sort together. */
  UNINDEXED_QUERY: 'UnindexedQuery',
  /** The collection is a view or a time series, or something that the server of this engine cannot page. */
  UNSUPPORTED_COLLECTION: 'UnsupportedCollection',
  /** The custom source function answered something that is no page. */
  INVALID_SOURCE_PAGE: 'InvalidSourcePage',
  /** The custom source function failed. Retried. */
  SOURCE_FUNCTION_FAILED: 'SourceFunctionFailed',
  /** The source could not be reached, or gave up in the middle. Retried. */
  SOURCE_UNAVAILABLE: 'SourceUnavailable',
  /** The source took too long for a page. Retried. */
  SOURCE_TIMED_OUT: 'SourceTimedOut',
  /** The source refused: credentials, rights, or a query that it does not accept. */
  SOURCE_REFUSED: 'SourceRefused',
  /** The connection secret, or that of the certificate authority, is unusable or cannot be read. */
  CONNECTION_SECRET_INVALID: 'ConnectionSecretInvalid',
  /** The processor of a batch named items that failed. Not retried. */
  BATCH_ITEMS_FAILED: 'BatchItemsFailed',
  /** The processor of a batch answered what is no object, or `batchItemFailures` that are no list. */
  INVALID_BATCH_ANSWER: 'InvalidBatchAnswer',
  /** Executions were started and could not be watched, several times in a row. */
  EXECUTION_NOT_FOLLOWED: 'ExecutionNotFollowed',
  /** The run used all the segments that its own history has room for. Start it again with the `progress` in the cause. */
  RUN_TOO_LONG: 'RunTooLong',
} as const;

export type PagedBatchEtlErrorName = typeof PagedBatchEtlErrorName[keyof typeof PagedBatchEtlErrorName];

/** Errors of source functions that another attempt can mend; every other error of theirs is final. */
export const RETRIED_SOURCE_ERRORS: readonly PagedBatchEtlErrorName[] = [
  PagedBatchEtlErrorName.SOURCE_FUNCTION_FAILED,
  PagedBatchEtlErrorName.SOURCE_UNAVAILABLE,
  PagedBatchEtlErrorName.SOURCE_TIMED_OUT,
];

/** The event of a schedule's planner function, as EventBridge Scheduler renders it. */
export interface PlanRunEvent {
  readonly contract: typeof PLAN_RUN_CONTRACT;
  /** When the schedule was due, ISO 8601 in UTC: not when it was delivered. */
  readonly scheduledTime: string;
}

/** Version of the event that this release's schedules send to their planner functions. */
export const PLAN_RUN_CONTRACT = 1;

/** Which window a schedule runs: JSON in an environment variable of its planner function. */
export type WindowConfig = PreviousDayConfig | LastHoursConfig;

/** The calendar day before the one in which the schedule is due. */
export interface PreviousDayConfig extends WindowParameters {
  readonly kind: 'previousDay';
  /** IANA time zone whose days are meant. */
  readonly timeZone: string;
}

/** So many hours of UTC that were complete when the schedule was due. */
export interface LastHoursConfig extends WindowParameters {
  readonly kind: 'lastHours';
  /** Length of the window. */
  readonly hours: number;
}

/** Names of the parameters that are filled. */
export interface WindowParameters {
  readonly begin: string;
  readonly end: string;
}

/** Environment variables of planner functions. */
export const PlannerEnvironment = {
  STATE_MACHINE_ARN: 'STATE_MACHINE_ARN',
  /** JSON of `WindowConfig`. */
  WINDOW: 'WINDOW',
  /** What the execution names of this schedule begin with. */
  SCHEDULE_HASH: 'SCHEDULE_HASH',
} as const;

/** Names of the errors of planner functions: `errorType` in a schedule's dead letter. */
export const RunScheduleErrorName = {
  /** The planner was called with something that is no event of any released contract. */
  INVALID_PLAN_EVENT: 'InvalidPlanEvent',
  /** The run of the window could not be started, or the planner is not configured. */
  RUN_NOT_STARTED: 'RunNotStarted',
} as const;

export type RunScheduleErrorName = typeof RunScheduleErrorName[keyof typeof RunScheduleErrorName];
