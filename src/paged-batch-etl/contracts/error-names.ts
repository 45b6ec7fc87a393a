/**
 * Names of all errors of a run: the `Error` of a failed segment, and in the parsed `Cause` of a failed run. `errors.ts` tells what each one
 * means and what to do about it.
 */
export const PagedBatchEtlErrorName = {
  MISSING_PARAMETER: 'MissingParameter',
  INVALID_PARAMETER: 'InvalidParameter',
  UNKNOWN_PARAMETER: 'UnknownParameter',
  PARAMETERS_TOO_LARGE: 'ParametersTooLarge',
  INVALID_BATCH_SIZE: 'InvalidBatchSize',
  INVALID_PROGRESS: 'InvalidProgress',
  INVALID_READ_EVENT: 'InvalidReadEvent',
  INVALID_CURSOR: 'InvalidCursor',
  CURSOR_DID_NOT_ADVANCE: 'CursorDidNotAdvance',
  CURSOR_TYPE_GAP: 'CursorTypeGap',
  MIXED_KEY_TYPES: 'MixedKeyTypes',
  SORT_KEY_IS_ARRAY: 'SortKeyIsArray',
  DUPLICATE_KEY: 'DuplicateKey',
  ITEM_TOO_LARGE: 'ItemTooLarge',
  CURSOR_TOO_LARGE: 'CursorTooLarge',
  UNINDEXED_QUERY: 'UnindexedQuery',
  UNSUPPORTED_COLLECTION: 'UnsupportedCollection',
  INVALID_SOURCE_PAGE: 'InvalidSourcePage',
  SOURCE_FUNCTION_FAILED: 'SourceFunctionFailed',
  SOURCE_UNAVAILABLE: 'SourceUnavailable',
  SOURCE_TIMED_OUT: 'SourceTimedOut',
  SOURCE_REFUSED: 'SourceRefused',
  CONNECTION_SECRET_INVALID: 'ConnectionSecretInvalid',
  BATCH_ITEMS_FAILED: 'BatchItemsFailed',
  INVALID_BATCH_ANSWER: 'InvalidBatchAnswer',
  EXECUTION_NOT_FOLLOWED: 'ExecutionNotFollowed',
  RUN_TOO_LONG: 'RunTooLong',
} as const;

export type PagedBatchEtlErrorName = typeof PagedBatchEtlErrorName[keyof typeof PagedBatchEtlErrorName];

/** Errors of source functions that another attempt can fix; every other error of theirs is final. */
export const RETRIED_SOURCE_ERRORS: readonly PagedBatchEtlErrorName[] = [
  PagedBatchEtlErrorName.SOURCE_FUNCTION_FAILED,
  PagedBatchEtlErrorName.SOURCE_UNAVAILABLE,
  PagedBatchEtlErrorName.SOURCE_TIMED_OUT,
];
