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
