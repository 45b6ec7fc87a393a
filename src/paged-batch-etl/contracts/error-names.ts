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
  EMPTY_RUN: 'EmptyRun',
  INVALID_READ_EVENT: 'InvalidReadEvent',
  INVALID_CURSOR: 'InvalidCursor',
  SOURCE_CHANGED: 'SourceChanged',
  COLLECTION_NOT_FOUND: 'CollectionNotFound',
  CURSOR_DID_NOT_ADVANCE: 'CursorDidNotAdvance',
  CURSOR_TYPE_GAP: 'CursorTypeGap',
  MIXED_KEY_TYPES: 'MixedKeyTypes',
  INVALID_PARTITION_KEY: 'InvalidPartitionKey',
  SORT_KEY_IS_ARRAY: 'SortKeyIsArray',
  DUPLICATE_FIELD: 'DuplicateField',
  DUPLICATE_KEY: 'DuplicateKey',
  ITEM_TOO_LARGE: 'ItemTooLarge',
  CURSOR_TOO_LARGE: 'CursorTooLarge',
  UNINDEXED_QUERY: 'UnindexedQuery',
  INCOMPLETE_INDEX: 'IncompleteIndex',
  UNSUPPORTED_COLLECTION: 'UnsupportedCollection',
  DOCUMENT_UNREADABLE: 'DocumentUnreadable',
  INVALID_SOURCE_PAGE: 'InvalidSourcePage',
  SOURCE_FUNCTION_FAILED: 'SourceFunctionFailed',
  SOURCE_UNAVAILABLE: 'SourceUnavailable',
  SOURCE_TIMED_OUT: 'SourceTimedOut',
  SOURCE_LAGGING: 'SourceLagging',
  SOURCE_REFUSED: 'SourceRefused',
  CONNECTION_SECRET_INVALID: 'ConnectionSecretInvalid',
  TRANSPORT_CHANGED: 'TransportChanged',
  PAGE_BUCKET_UNAVAILABLE: 'PageBucketUnavailable',
  PAGE_BUCKET_REFUSED: 'PageBucketRefused',
  BATCH_ITEMS_FAILED: 'BatchItemsFailed',
  ITEMS_FAILED: 'ItemsFailed',
  INVALID_BATCH_ANSWER: 'InvalidBatchAnswer',
  ITEMS_TIMED_OUT: 'ItemsTimedOut',
  TOO_MANY_FAILED_ITEMS: 'TooManyFailedItems',
  DEAD_LETTERS_UNAVAILABLE: 'DeadLettersUnavailable',
  DEAD_LETTERS_REFUSED: 'DeadLettersRefused',
  INVALID_COLLECT_EVENT: 'InvalidCollectEvent',
  INVALID_REPLAY: 'InvalidReplay',
  NOTHING_TO_REPLAY: 'NothingToReplay',
  LETTER_WITHOUT_ITEM: 'LetterWithoutItem',
  DOCUMENT_NOT_FOUND: 'DocumentNotFound',
  EXECUTION_NOT_FOLLOWED: 'ExecutionNotFollowed',
  RUN_TOO_LONG: 'RunTooLong',
  RUN_LOCKED: 'RunLocked',
  LOCK_LOST: 'LockLost',
  LEDGER_UNAVAILABLE: 'LedgerUnavailable',
  LEDGER_REFUSED: 'LedgerRefused',
  INVALID_LEDGER_EVENT: 'InvalidLedgerEvent',
  INVALID_RESUME: 'InvalidResume',
  UNKNOWN_RUN: 'UnknownRun',
  RUN_NOT_RESUMABLE: 'RunNotResumable',
  INVALID_WATERMARK: 'InvalidWatermark',
} as const;

export type PagedBatchEtlErrorName = typeof PagedBatchEtlErrorName[keyof typeof PagedBatchEtlErrorName];

/**
 * What a run does after an error: reads the page again a few times, or also waits for the end of an outage, or reports it at once. What fails the `planning` of
 * ranges is reported at once, too, and no page ever fails with it. Errors of letters and of the ledger are apart, for a run without these knows nothing of them.
 */
type Outcome = 'retried' | 'outage' | 'final' | 'planning' | 'outageOfLetters' | 'finalOfLetters' | 'finalOfReplay' | 'ledger' | 'ledgerOutage';

const OUTCOMES: Readonly<Record<PagedBatchEtlErrorName, Outcome>> = {
  MissingParameter: 'final',
  InvalidParameter: 'final',
  UnknownParameter: 'final',
  ParametersTooLarge: 'final',
  InvalidBatchSize: 'final',
  InvalidProgress: 'final',
  EmptyRun: 'final',
  InvalidReadEvent: 'final',
  InvalidCursor: 'final',
  SourceChanged: 'final',
  CollectionNotFound: 'final',
  CursorDidNotAdvance: 'final',
  CursorTypeGap: 'final',
  MixedKeyTypes: 'final',
  InvalidPartitionKey: 'planning',
  SortKeyIsArray: 'final',
  DuplicateField: 'final',
  DuplicateKey: 'final',
  ItemTooLarge: 'final',
  CursorTooLarge: 'final',
  UnindexedQuery: 'final',
  IncompleteIndex: 'final',
  UnsupportedCollection: 'final',
  DocumentUnreadable: 'final',
  InvalidSourcePage: 'final',
  SourceFunctionFailed: 'retried',
  SourceUnavailable: 'outage',
  SourceTimedOut: 'outage',
  SourceLagging: 'outage',
  SourceRefused: 'final',
  ConnectionSecretInvalid: 'final',
  TransportChanged: 'final',
  PageBucketUnavailable: 'outage',
  PageBucketRefused: 'final',
  BatchItemsFailed: 'final',
  ItemsFailed: 'final',
  InvalidBatchAnswer: 'final',
  ItemsTimedOut: 'final',
  TooManyFailedItems: 'finalOfLetters',
  DeadLettersUnavailable: 'outageOfLetters',
  DeadLettersRefused: 'finalOfLetters',
  InvalidCollectEvent: 'finalOfLetters',
  InvalidReplay: 'finalOfReplay',
  NothingToReplay: 'finalOfReplay',
  LetterWithoutItem: 'finalOfReplay',
  DocumentNotFound: 'finalOfReplay',
  ExecutionNotFollowed: 'final',
  RunTooLong: 'final',
  RunLocked: 'ledger',
  LockLost: 'ledger',
  LedgerUnavailable: 'ledgerOutage',
  LedgerRefused: 'ledger',
  InvalidLedgerEvent: 'ledger',
  InvalidResume: 'ledger',
  UnknownRun: 'ledger',
  RunNotResumable: 'ledger',
  InvalidWatermark: 'ledger',
};

/** Errors of source functions that pass by themselves, after a while. */
export const OUTAGE_SOURCE_ERRORS: readonly PagedBatchEtlErrorName[] = namesWith('outage');

/** Errors of source functions that another attempt can fix. */
export const RETRIED_SOURCE_ERRORS: readonly PagedBatchEtlErrorName[] = [...OUTAGE_SOURCE_ERRORS, ...namesWith('retried')];

/** Errors of a page that another attempt cannot fix. */
export const FINAL_SOURCE_ERRORS: readonly PagedBatchEtlErrorName[] = namesWith('final');

/** The same for the ranges of a run. */
export const FINAL_PLANNING_ERRORS: readonly PagedBatchEtlErrorName[] = [...FINAL_SOURCE_ERRORS, ...namesWith('planning')];

/** Errors of the function that collects failures that pass by themselves, and those that do not. */
export const OUTAGE_LETTER_ERRORS: readonly PagedBatchEtlErrorName[] = namesWith('outageOfLetters');
export const FINAL_LETTER_ERRORS: readonly PagedBatchEtlErrorName[] = namesWith('finalOfLetters');

/** Errors of source functions that read letters which another attempt cannot fix. */
export const FINAL_REPLAY_ERRORS: readonly PagedBatchEtlErrorName[] = [...namesWith('finalOfReplay'), PagedBatchEtlErrorName.DEAD_LETTERS_REFUSED];

/** Errors of the ledger that another attempt cannot fix. */
export const FINAL_LEDGER_ERRORS: readonly PagedBatchEtlErrorName[] = namesWith('ledger');

/** Errors of the ledger that pass by themselves, after a while. */
export const OUTAGE_LEDGER_ERRORS: readonly PagedBatchEtlErrorName[] = namesWith('ledgerOutage');

function namesWith(outcome: Outcome): PagedBatchEtlErrorName[] {
  return Object.values(PagedBatchEtlErrorName).filter((name) => OUTCOMES[name] === outcome);
}
