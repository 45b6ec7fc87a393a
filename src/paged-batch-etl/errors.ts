import { PagedBatchEtlErrorName } from './contracts/error-names';

/**
 * Names of this library's own errors of a run. Where a supervised run fails with `States.TaskFailed`, its cause is JSON whose `Error` is one of
 * these; any other run fails with one of these.
 *
 * A run can also fail with an error of AWS or of your processor, under the name that it has there. Whatever it is: mend the cause, then redrive
 * the execution within 14 days, and it goes on at the page that failed. Where a redrive cannot help, it is said below.
 */
export class PagedBatchEtlErrors {
  /**
   * The run's input lacks a parameter that has no default. Nothing was read.
   *
   * Start another run with it: a redrive has the same input.
   */
  public static readonly MISSING_PARAMETER = PagedBatchEtlErrorName.MISSING_PARAMETER;
  /**
   * A parameter is of the wrong type, or is no date, integer or ObjectId. Nothing was read.
   *
   * Start another run with the right value: a redrive has the same input.
   */
  public static readonly INVALID_PARAMETER = PagedBatchEtlErrorName.INVALID_PARAMETER;
  /**
   * The run's input has a key that is no parameter: a misspelt one, perhaps. Nothing was read.
   *
   * Start another run without it: a redrive has the same input.
   */
  public static readonly UNKNOWN_PARAMETER = PagedBatchEtlErrorName.UNKNOWN_PARAMETER;
  /**
   * The parameters together are larger than 16 KiB of JSON. Nothing was read.
   *
   * Start another run with less: put long lists where the processor can read them, and pass on where that is.
   */
  public static readonly PARAMETERS_TOO_LARGE = PagedBatchEtlErrorName.PARAMETERS_TOO_LARGE;
  /**
   * `batch_size` is no whole number from 1 to the `batchSize` of the construct. Nothing was read.
   *
   * Start another run with a smaller one, or raise `batchSize` and deploy before.
   */
  public static readonly INVALID_BATCH_SIZE = PagedBatchEtlErrorName.INVALID_BATCH_SIZE;
  /**
   * `progress` is not what a run that was too long reported. Nothing was read.
   *
   * Start another run with the `progress` exactly as it stands in the cause of `RunTooLong`.
   */
  public static readonly INVALID_PROGRESS = PagedBatchEtlErrorName.INVALID_PROGRESS;
  /**
   * The source function was called with something that is no request for a page.
   *
   * Nothing but the workflow should call it. If the workflow did, the function is older than the workflow: complete the deployment, then
   * redrive. If it is not older, report it with the cause.
   */
  public static readonly INVALID_READ_EVENT = PagedBatchEtlErrorName.INVALID_READ_EVENT;
  /**
   * Where the page before ended is no place in this source: `sort` was changed while the run was underway, or `progress` was edited.
   *
   * Deploy the old `sort` and redrive, or start another run.
   */
  public static readonly INVALID_CURSOR = PagedBatchEtlErrorName.INVALID_CURSOR;
  /**
   * A page ended where the page before it ended, so the run would go on for ever.
   *
   * Let the custom source answer a cursor that differs from the one it was given, then redrive.
   */
  public static readonly CURSOR_DID_NOT_ADVANCE = PagedBatchEtlErrorName.CURSOR_DID_NOT_ADVANCE;
  /**
   * Documents remain behind a change of the type of a sort field, which a comparison cannot cross.
   *
   * Set `mixedIdTypes` where it is `_id` that changes its type, or let the filter leave one type (`$type`); deploy, then start another run.
   */
  public static readonly CURSOR_TYPE_GAP = PagedBatchEtlErrorName.CURSOR_TYPE_GAP;
  /**
   * The sort fields of the documents under the filter are of several types, or missing in some.
   *
   * Set `mixedIdTypes` where it is `_id`, or let the filter leave one type (`$type`); deploy, then start another run.
   */
  public static readonly MIXED_KEY_TYPES = PagedBatchEtlErrorName.MIXED_KEY_TYPES;
  /**
   * A field of `sort` holds an array, or lies within one: such a document has several places in the order.
   *
   * Sort by another field, and start another run.
   */
  public static readonly SORT_KEY_IS_ARRAY = PagedBatchEtlErrorName.SORT_KEY_IS_ARRAY;
  /**
   * Two documents have the same place in the order: on a sharded collection, `_id` is not unique by itself.
   *
   * Put the shard key in front of `_id` in `sort`, and start another run. Or give one of the two another `_id`, then redrive.
   */
  public static readonly DUPLICATE_KEY = PagedBatchEtlErrorName.DUPLICATE_KEY;
  /**
   * One item alone is larger than a page may be. The cause names it.
   *
   * Leave out what is large by `projection`, or let the filter leave out the item; deploy, then redrive.
   */
  public static readonly ITEM_TOO_LARGE = PagedBatchEtlErrorName.ITEM_TOO_LARGE;
  /**
   * The place where a page ended takes more than 8 KiB to write down.
   *
   * Sort by fields with shorter values, and start another run.
   */
  public static readonly CURSOR_TOO_LARGE = PagedBatchEtlErrorName.CURSOR_TOO_LARGE;
  /**
   * No index serves the filter and the sort together, so that every page would read the whole collection. The cause says what index would.
   *
   * Create it, then redrive; or set `indexCheck` to false for a small collection.
   */
  public static readonly UNINDEXED_QUERY = PagedBatchEtlErrorName.UNINDEXED_QUERY;
  /**
   * The collection is a view or a time series, or something else that cannot be read in pages.
   *
   * Read the collection behind it, and start another run.
   */
  public static readonly UNSUPPORTED_COLLECTION = PagedBatchEtlErrorName.UNSUPPORTED_COLLECTION;
  /**
   * The custom source answered something that is no page. The cause says what is wrong with it.
   *
   * Mend the function, then redrive.
   */
  public static readonly INVALID_SOURCE_PAGE = PagedBatchEtlErrorName.INVALID_SOURCE_PAGE;
  /**
   * The custom source failed in the last attempt too. The cause has the name of its error.
   *
   * Mend the function, then redrive.
   */
  public static readonly SOURCE_FUNCTION_FAILED = PagedBatchEtlErrorName.SOURCE_FUNCTION_FAILED;
  /**
   * The server could not be reached in the last attempt, or gave up in the middle.
   *
   * Look at its state, at name resolution, at routes and security groups (`connections`), at TLS; then redrive.
   */
  public static readonly SOURCE_UNAVAILABLE = PagedBatchEtlErrorName.SOURCE_UNAVAILABLE;
  /**
   * The source took too long for a page in the last attempt too.
   *
   * Give it an index, smaller pages or a longer `timeout`; then redrive.
   */
  public static readonly SOURCE_TIMED_OUT = PagedBatchEtlErrorName.SOURCE_TIMED_OUT;
  /**
   * The server refused: credentials, rights, or a query that it does not accept. Or its certificate is not trusted.
   *
   * Mend the secret, the user's roles, the filter or `certificateAuthority`, then redrive.
   */
  public static readonly SOURCE_REFUSED = PagedBatchEtlErrorName.SOURCE_REFUSED;
  /**
   * The connection secret cannot be read, or is neither credentials nor a connection string; or the secret of the certificate authority cannot be
   * read, or is no PEM text of certificates.
   *
   * Mend the secret, or the policy of its key, then redrive.
   */
  public static readonly CONNECTION_SECRET_INVALID = PagedBatchEtlErrorName.CONNECTION_SECRET_INVALID;
  /**
   * The processor of a page named items that failed. They are not tried again by themselves.
   *
   * Mend what failed them, then redrive: the whole page is processed again, each item with the same `idempotencyKey`.
   */
  public static readonly BATCH_ITEMS_FAILED = PagedBatchEtlErrorName.BATCH_ITEMS_FAILED;
  /**
   * The processor of a page answered what is no object, or `batchItemFailures` that are no list. Other members of an answer are ignored.
   *
   * Mend the processor, then redrive.
   */
  public static readonly INVALID_BATCH_ANSWER = PagedBatchEtlErrorName.INVALID_BATCH_ANSWER;
  /**
   * The execution of a segment, or of a page's state machine, was started and could not be watched to its end, ten times in a row.
   *
   * Usually a role lost a right such as `states:DescribeExecution`. Restore it, and start another run with the same parameters and, as
   * `progress`, the JSON in the cause: a redrive cannot help.
   */
  public static readonly EXECUTION_NOT_FOLLOWED = PagedBatchEtlErrorName.EXECUTION_NOT_FOLLOWED;
  /**
   * The run used all the segments that its own history has room for, and data is left. What was read was processed.
   *
   * Start another run with the same parameters and, as `progress`, the JSON in the cause: it goes on where this one ended. A redrive cannot help.
   */
  public static readonly RUN_TOO_LONG = PagedBatchEtlErrorName.RUN_TOO_LONG;

  private constructor() {}
}
