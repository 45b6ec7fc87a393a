import { PagedBatchEtlErrorName } from './contracts/error-names';

/**
 * Names of this library's own errors of a run. Where a supervised run fails with `States.TaskFailed`, its cause is JSON whose `Error` is one of
 * these; any other run fails with one of these.
 *
 * Each error has its cause, what to do, and how to go on. `cause` is the `Cause` beside that `Error`. A redrive works within 14 days of the failure,
 * and the run goes on at the page that failed.
 *
 * A run can also fail with an error of AWS or of your processor, under the name that it has there. Fix the cause, then redrive.
 */
export class PagedBatchEtlErrors {
  /**
   * The run's input lacks a parameter that has no default. Nothing was read.
   *
   * Pass the parameter that `cause` names.
   *
   * Then start another run: a redrive has the same input.
   */
  public static readonly MISSING_PARAMETER = PagedBatchEtlErrorName.MISSING_PARAMETER;
  /**
   * A parameter has the wrong type, or is not a valid date, integer or ObjectId. Or two dates make a window in the filter that does not end after
   * its start. Nothing was read.
   *
   * Pass the right value: `cause` says which parameter is wrong, and what it must be.
   *
   * Then start another run: a redrive has the same input.
   */
  public static readonly INVALID_PARAMETER = PagedBatchEtlErrorName.INVALID_PARAMETER;
  /**
   * The run's input has a key that is not a parameter. It is probably misspelt. Nothing was read.
   *
   * Correct the key that `cause` names, or leave it out.
   *
   * Then start another run: a redrive has the same input.
   */
  public static readonly UNKNOWN_PARAMETER = PagedBatchEtlErrorName.UNKNOWN_PARAMETER;
  /**
   * The parameters together are larger than 16 KiB of JSON. Nothing was read.
   *
   * Pass less: put long lists where the processor can read them, and pass only their place.
   *
   * Then start another run: a redrive has the same input.
   */
  public static readonly PARAMETERS_TOO_LARGE = PagedBatchEtlErrorName.PARAMETERS_TOO_LARGE;
  /**
   * `batch_size` is not a whole number from 1 to the `batchSize` of the construct. Nothing was read, unless `batchSize` was lowered while a
   * run with `RunContinuation.selfRestart` was underway.
   *
   * Pass a smaller `batch_size`, or raise `batchSize` and deploy.
   *
   * Then start another run: a redrive has the same input.
   */
  public static readonly INVALID_BATCH_SIZE = PagedBatchEtlErrorName.INVALID_BATCH_SIZE;
  /**
   * `progress` is not what a run that failed reported. Nothing was read.
   *
   * Pass `progress` exactly as that run reported it, such as in the cause of `RunTooLong`.
   *
   * Then start another run: a redrive has the same input.
   */
  public static readonly INVALID_PROGRESS = PagedBatchEtlErrorName.INVALID_PROGRESS;
  /**
   * There was nothing to read, and `emptyRun` of the construct is `EmptyRun.FAIL`. Nothing was read.
   *
   * Check why nothing was found: the dates of the run, the filter, the names of database and collection, or a job before this one that wrote
   * nothing. If the input is wrong, start another run. If the construct is wrong, fix and deploy it.
   *
   * Then redrive: the run looks again.
   */
  public static readonly EMPTY_RUN = PagedBatchEtlErrorName.EMPTY_RUN;
  /**
   * The source function was called with something that is not a request for a page.
   *
   * Only the workflow should call it. If the workflow did, the function is older than the workflow: complete the deployment. If both are of one
   * release, report it with `cause`.
   *
   * Then redrive.
   */
  public static readonly INVALID_READ_EVENT = PagedBatchEtlErrorName.INVALID_READ_EVENT;
  /**
   * The cursor is not one that the source reported: somebody edited `progress`.
   *
   * Pass `progress` as it was reported, or none.
   *
   * Then start another run: a redrive has the same input.
   */
  public static readonly INVALID_CURSOR = PagedBatchEtlErrorName.INVALID_CURSOR;
  /**
   * The source is not the one that the run began with, so documents would be left out. Either `sort`, `collation` or the filter was changed while
   * the run was underway. Or `progress` was passed with parameters that it does not belong to. Or the collection was dropped, or dropped and created
   * again. `cause` says which. If the server has no UUID for a collection, as with DocumentDB, a collection that was created again is not noticed.
   *
   * Deploy the old source. While a run is underway, you may add conditions to the filter, but change none. If the collection is another one, or if
   * you want to keep the new source, start another run without `progress` instead. If the parameters are wrong, start another run with the right
   * ones.
   *
   * Then redrive.
   */
  public static readonly SOURCE_CHANGED = PagedBatchEtlErrorName.SOURCE_CHANGED;
  /**
   * There is no such collection. `cause` names it, its database, and the collection whose name is closest. Nothing was read.
   *
   * Correct `collection` or `database` and deploy, or create the collection: then a redrive is enough. If it may be missing, set `ifMissing` to
   * `MissingCollection.EMPTY` and deploy.
   *
   * Then redrive.
   */
  public static readonly COLLECTION_NOT_FOUND = PagedBatchEtlErrorName.COLLECTION_NOT_FOUND;
  /**
   * A page ended where the page before it ended, or before that place. The run would never end.
   *
   * Let the custom source answer a cursor that differs from the one it was given. If the source is a collection, report it with `cause`.
   *
   * Then redrive.
   */
  public static readonly CURSOR_DID_NOT_ADVANCE = PagedBatchEtlErrorName.CURSOR_DID_NOT_ADVANCE;
  /**
   * The documents that remain have another type in a sort field than those before them: a comparison finds values of one type only.
   *
   * Let the filter choose one type (`$type`), or set `mixedIdTypes` where it is `_id` (MongoDB only).
   *
   * Then deploy and start another run.
   */
  public static readonly CURSOR_TYPE_GAP = PagedBatchEtlErrorName.CURSOR_TYPE_GAP;
  /**
   * The sort fields of the documents under the filter are of several types, or missing in some.
   *
   * Let the filter choose one type (`$type`), or set `mixedIdTypes` where it is `_id` (MongoDB only).
   *
   * Then deploy and start another run.
   */
  public static readonly MIXED_KEY_TYPES = PagedBatchEtlErrorName.MIXED_KEY_TYPES;
  /**
   * The run cannot be divided as `partitions` says: the first field of `sort` is of another type, in some documents or in all. Or the boundaries are texts, and the
   * collection compares texts by a collation. Nothing was read.
   *
   * Let the filter choose one type (`$type`), or choose other partitions.
   *
   * Then deploy and start another run.
   */
  public static readonly INVALID_PARTITION_KEY = PagedBatchEtlErrorName.INVALID_PARTITION_KEY;
  /**
   * A field of `sort` holds an array, or lies within one: such a document has several places in the order. `cause` names the document, or an index
   * in which there are some.
   *
   * Correct the document, or leave it out by the filter and deploy: then a redrive is enough. Or sort by another field. If `cause` names an index,
   * you can also remove the arrays and create that index again.
   *
   * Then deploy and start another run.
   */
  public static readonly SORT_KEY_IS_ARRAY = PagedBatchEtlErrorName.SORT_KEY_IS_ARRAY;
  /**
   * A document has a field of `sort`, or a parent of that field, more than once. BSON allows this, but the server sorts by the first one, and
   * drivers read the last one. `cause` names the document and the field. All items before it are processed.
   *
   * Write the document again with that field once. Or leave it out by another condition of the filter, and deploy.
   *
   * Then redrive.
   */
  public static readonly DUPLICATE_FIELD = PagedBatchEtlErrorName.DUPLICATE_FIELD;
  /**
   * Two documents have the same place in the order: on a sharded collection, or with a collation, `_id` is not unique by itself. `cause` names
   * them.
   *
   * Put the shard key in front of `_id` in `sort`. Or give one of the two another `_id`: then a redrive is enough.
   *
   * Then deploy and start another run.
   */
  public static readonly DUPLICATE_KEY = PagedBatchEtlErrorName.DUPLICATE_KEY;
  /**
   * One item alone is larger than a page may be. `cause` names it.
   *
   * Choose `PageTransport.s3`, with which a page may begin with an item of any size. Or leave out its large fields by `projection`, or the item by the
   * filter. Let a custom source answer the place of the data instead.
   *
   * Then deploy and redrive.
   */
  public static readonly ITEM_TOO_LARGE = PagedBatchEtlErrorName.ITEM_TOO_LARGE;
  /**
   * The cursor, which says where a page ended, is larger than 8 KiB. `cause` names the document at that place, if the source is a collection.
   *
   * Sort by fields with shorter values, or leave the document out by the filter. Let a custom source answer a shorter cursor.
   *
   * Then deploy and start another run.
   */
  public static readonly CURSOR_TOO_LARGE = PagedBatchEtlErrorName.CURSOR_TOO_LARGE;
  /**
   * No index serves the filter and the sort together, so every page would read the whole collection. `cause` has the command that creates the index,
   * which is also the construct's `requiredIndex`. Or the filter has too many values in its lists (`$in`) for any index: then `cause` says so.
   *
   * Create that index. If it exists already, name it by `hint` and deploy. For a small collection, set `indexCheck` to false and deploy instead. If
   * there are too many values, start runs with fewer of them, or put one of those fields first in `sort` and deploy.
   *
   * Then redrive.
   */
  public static readonly UNINDEXED_QUERY = PagedBatchEtlErrorName.UNINDEXED_QUERY;
  /**
   * The index that `hint` names may lack documents of the filter: it is partial, sparse or of a special kind. The server would still use it, and the
   * run would leave those documents out.
   *
   * Name an index of all documents, or leave out `hint`, and deploy. A partial index is accepted if the filter has its condition word for word.
   *
   * Then redrive.
   */
  public static readonly INCOMPLETE_INDEX = PagedBatchEtlErrorName.INCOMPLETE_INDEX;
  /**
   * The collection is a view or a time series, or the server cannot read it as the source is configured: `cause` says what.
   *
   * Read the collection behind a view. Else change what `cause` names.
   *
   * Then deploy and start another run.
   */
  public static readonly UNSUPPORTED_COLLECTION = PagedBatchEtlErrorName.UNSUPPORTED_COLLECTION;
  /**
   * A document cannot be read. It holds a text that is not valid UTF-8, a date out of JavaScript's range, a member such as `$oid` that Extended JSON
   * would read as something else, or a pattern or the like in a sort field. `cause` names its `_id`, the path, and what is there. All items before
   * it are processed.
   *
   * Correct the document: then a redrive is enough. Or leave out the field by `projection`, or the document by the filter, and deploy.
   *
   * Then redrive.
   */
  public static readonly DOCUMENT_UNREADABLE = PagedBatchEtlErrorName.DOCUMENT_UNREADABLE;
  /**
   * The custom source answered something that is not a page. `cause` says what is wrong with it.
   *
   * Fix the function.
   *
   * Then redrive.
   */
  public static readonly INVALID_SOURCE_PAGE = PagedBatchEtlErrorName.INVALID_SOURCE_PAGE;
  /**
   * The custom source failed in all attempts. `cause` has the name of its error.
   *
   * Fix the function: its log says more. If the system that it reads from was not available, let it throw an error called `SourceUnavailable`: a
   * supervised run then waits.
   *
   * Then redrive.
   */
  public static readonly SOURCE_FUNCTION_FAILED = PagedBatchEtlErrorName.SOURCE_FUNCTION_FAILED;
  /**
   * The server could not be reached, or gave up in the middle of a page, in all attempts, and for longer than the `outageTolerance` of a supervised
   * run.
   *
   * Bring it up again; check DNS, routes, security groups (`connections`) and TLS.
   *
   * Then redrive.
   */
  public static readonly SOURCE_UNAVAILABLE = PagedBatchEtlErrorName.SOURCE_UNAVAILABLE;
  /**
   * The source did not answer within `timeout`, not even with the first items of a page: if some were there, they would be a page. Or the proof that a page has
   * lost nothing took too long. That was so in all attempts, and for longer than the `outageTolerance` of a supervised run.
   *
   * Create an index, or set a longer `timeout` and deploy. Let a custom source answer smaller pages. If pages travel inline, another
   * run with a smaller `batch_size` reads a collection in smaller pages.
   *
   * Then redrive.
   */
  public static readonly SOURCE_TIMED_OUT = PagedBatchEtlErrorName.SOURCE_TIMED_OUT;
  /**
   * One member of the server lags behind: it did not return documents that another member has. That was so in all attempts, and for longer than the
   * `outageTolerance` of a supervised run.
   *
   * Wait until the member has caught up. If it often lags, set `readPreference` to `PRIMARY` and deploy.
   *
   * Then redrive.
   */
  public static readonly SOURCE_LAGGING = PagedBatchEtlErrorName.SOURCE_LAGGING;
  /**
   * The server refused the credentials, the rights of the user or the query, or its certificate is not trusted. Or the custom source could not be
   * invoked.
   *
   * Fix what `cause` names: the secret, the user's roles, the filter, `certificateAuthority`, or the right to invoke the custom source.
   *
   * Then redrive.
   */
  public static readonly SOURCE_REFUSED = PagedBatchEtlErrorName.SOURCE_REFUSED;
  /**
   * The connection secret cannot be read, is neither credentials nor a connection string, or has an option that the source does not take: `cause`
   * names it. Or the secret of the certificate authority cannot be read, or is not PEM text of certificates.
   *
   * Fix the secret, or the policy of its key.
   *
   * Then redrive.
   */
  public static readonly CONNECTION_SECRET_INVALID = PagedBatchEtlErrorName.CONNECTION_SECRET_INVALID;
  /**
   * `transport` was changed from `PageTransport.s3` while the run was underway, so the source function has no bucket for pages anymore. All pages
   * before this one are processed.
   *
   * Nothing needs to be fixed: the rest of the run uses the new `transport`.
   *
   * Then redrive.
   */
  public static readonly TRANSPORT_CHANGED = PagedBatchEtlErrorName.TRANSPORT_CHANGED;
  /**
   * The bucket of pages could not be reached, S3 answered that it was too busy, or storing a page took all the time that reading it had left. That was so in
   * all attempts, and for longer than the `outageTolerance` of a supervised run.
   *
   * If the source function is in a VPC, give its subnets a route to S3: a gateway endpoint, or NAT. If there is an endpoint, its policy has to allow
   * the bucket. If `cause` speaks of too little time, set a longer `timeout` of the source and deploy. Else wait until S3 is available again.
   *
   * Then redrive.
   */
  public static readonly PAGE_BUCKET_UNAVAILABLE = PagedBatchEtlErrorName.PAGE_BUCKET_UNAVAILABLE;
  /**
   * The bucket of pages refused a call of the source function, is not there, or has something else in the place of a record of ours: `cause` says
   * which.
   *
   * Fix the policy of the bucket or of its key, enable the key, or create the bucket again. Delete an object that `cause` names.
   *
   * Then redrive.
   */
  public static readonly PAGE_BUCKET_REFUSED = PagedBatchEtlErrorName.PAGE_BUCKET_REFUSED;
  /**
   * The processor of a page named items that failed in `batchItemFailures`: `cause` has their number and the first of them. Not retried.
   * With `PageTransport.s3` the run fails with `ItemsFailed`, and this error is in the `FAILED` files.
   *
   * Fix what made them fail. The whole page is processed again, each item with the same `idempotencyKey`. A run of
   * `RunContinuation.selfRestart()` cannot be redriven after this: start another one with the same parameters and the `progress` in `cause`.
   *
   * Then redrive.
   */
  public static readonly BATCH_ITEMS_FAILED = PagedBatchEtlErrorName.BATCH_ITEMS_FAILED;
  /**
   * With `PageTransport.s3`: calls of the processor failed for items of a page, or it named items that failed. `cause` names the object of the page, and the
   * folder with the files of Step Functions, whose names begin with `FAILED`: of each execution that failed, they have `Error`, `Cause` and the `Input`, which
   * says where its batches are.
   *
   * Fix what these files name. The whole page is processed again, each item with the same `idempotencyKey`. Also an outage of AWS Lambda that lasts longer
   * than the retries of a call ends here: no run waits for its end.
   *
   * Then redrive.
   */
  public static readonly ITEMS_FAILED = PagedBatchEtlErrorName.ITEMS_FAILED;
  /**
   * The answer of a page's processor is neither empty nor an object, or its `batchItemFailures` cannot be read or is misspelt. `cause` has the
   * answer, and is cut off after 32 KiB. Then it is not valid JSON, but has this name near its beginning. Not retried.
   * With `PageTransport.s3` the run fails with `ItemsFailed`, and this error is in the `FAILED` files.
   *
   * Fix the processor: `ItemProcessor.perBatch` says what it may answer. A run of `RunContinuation.selfRestart()` cannot be redriven after this:
   * start another one with the same parameters and the `progress` in `cause`.
   *
   * Then redrive.
   */
  public static readonly INVALID_BATCH_ANSWER = PagedBatchEtlErrorName.INVALID_BATCH_ANSWER;
  /**
   * The Express execution that has the items of a page processed did not end within 5 minutes, though all attempts at them fit into that time as computed. The
   * `timeout` of the handler was raised outside of the app, or AWS was very slow.
   *
   * Deploy the app with the `timeout` that the handler has. If it is the same, nothing needs to be fixed.
   *
   * Then redrive the run: it goes on at the page that failed, and items that were processed are processed again.
   */
  public static readonly ITEMS_TIMED_OUT = PagedBatchEtlErrorName.ITEMS_TIMED_OUT;
  /**
   * More items failed than `FailurePolicy.tolerate` lets fail: `cause` has both numbers, and says where the letters are. The page is done: its other items are processed.
   *
   * Fix what made them fail: letters have their errors. Or deploy a higher `maxItems` or `maxPercentage`. If neither was done, the redriven run fails again, at the next
   * item that fails or at its end.
   *
   * Then redrive: the run goes on after the page.
   */
  public static readonly TOO_MANY_FAILED_ITEMS = PagedBatchEtlErrorName.TOO_MANY_FAILED_ITEMS;
  /**
   * The bucket of dead letters could not be reached, or S3 answered that it was too busy. That was so in all attempts, and for longer than the `outageTolerance` of the
   * run.
   *
   * Wait until S3 is available again.
   *
   * Then redrive.
   */
  public static readonly DEAD_LETTERS_UNAVAILABLE = PagedBatchEtlErrorName.DEAD_LETTERS_UNAVAILABLE;
  /**
   * The bucket of dead letters refused what was to be done, or is not there, or a replay found something in it that is no letter: `cause` says which.
   *
   * Fix the policy of the bucket or of its key, enable the key, create the bucket again, or remove what is no letter.
   *
   * Then redrive: the page is processed again, each item with the same `idempotencyKey`.
   */
  public static readonly DEAD_LETTERS_REFUSED = PagedBatchEtlErrorName.DEAD_LETTERS_REFUSED;
  /**
   * The function that collects failures was called with something that is not a page whose items failed.
   *
   * Only the workflow should call it. If the workflow did, the function is older than the workflow: complete the deployment. If both are of one
   * release, report it with `cause`.
   *
   * Then redrive.
   */
  public static readonly INVALID_COLLECT_EVENT = PagedBatchEtlErrorName.INVALID_COLLECT_EVENT;
  /**
   * `replay` in the run's input is not the ARN of an execution of this workflow. Or the construct tolerates no failures anymore, so that it knows of no letters. Nothing
   * was read.
   *
   * Pass the ARN of the execution of a run of this construct, with the name that it has in Step Functions. If the policy was changed, deploy the old one.
   *
   * Then start another run: a redrive has the same input. If the policy was changed, redrive.
   */
  public static readonly INVALID_REPLAY = PagedBatchEtlErrorName.INVALID_REPLAY;
  /**
   * The run that `replay` names has no letters. Nothing was processed.
   *
   * Check the name: it must be the execution in which items failed, not the one that began the run. If the bucket of letters or its prefix was changed, or letters
   * expire, they may be elsewhere or gone.
   *
   * Then start another run with the right name. If the letters are back in their place, redrive.
   */
  public static readonly NOTHING_TO_REPLAY = PagedBatchEtlErrorName.NOTHING_TO_REPLAY;
  /**
   * A letter has no item, and `PageSource.custom` cannot be asked for one by its identifier. If none of the first letters has one, the replay fails at once, and nothing
   * was processed. Otherwise the item fails, and has a letter of the replay.
   *
   * Set `withDocuments` of `deadLetters` for the runs to come. Process these items by a run that reads them once more, or by your own code with the keys that are in the
   * letters.
   *
   * Then start another run: a redrive finds the same letters.
   */
  public static readonly LETTER_WITHOUT_ITEM = PagedBatchEtlErrorName.LETTER_WITHOUT_ITEM;
  /**
   * A document that failed before is not in the collection anymore. It is in the letters of a replay, and never fails a run.
   *
   * Find out who removed it. If that was right, nothing is to be done.
   *
   * Then start another run, with the replay as `replay`, if the document is there again.
   */
  public static readonly DOCUMENT_NOT_FOUND = PagedBatchEtlErrorName.DOCUMENT_NOT_FOUND;
  /**
   * The execution of a segment, or of a page's state machine, was started, but could not be watched to its end, ten times in a row.
   *
   * Usually a role lost a right such as `states:DescribeExecution`: grant it again.
   *
   * Then start another run with the same parameters and the `progress` in `cause`: a redrive cannot help.
   */
  public static readonly EXECUTION_NOT_FOLLOWED = PagedBatchEtlErrorName.EXECUTION_NOT_FOLLOWED;
  /**
   * The run used all the segments that its own history has room for, and data is left. What was read was processed.
   *
   * Nothing needs to be fixed: the next run goes on where this one ended.
   *
   * Then start another run with the same parameters and, as `progress`, the JSON in `cause`, or with `resume` if `cause` says so: a redrive cannot help.
   */
  public static readonly RUN_TOO_LONG = PagedBatchEtlErrorName.RUN_TOO_LONG;
  /**
   * With `RunLedger.table`: another run of the same window is underway, or was until a few minutes ago: `cause` has its ARN. Nothing was read.
   *
   * Wait for the end of that run, or stop it if it is the wrong one: when `takeOverAfter` has passed since its end, another run takes the window over.
   *
   * Then redrive the run: it asks for the window again. Leave it out if the other run has processed everything.
   */
  public static readonly RUN_LOCKED = PagedBatchEtlErrorName.RUN_LOCKED;
  /**
   * With `RunLedger.table`: the run had ended for longer than `takeOverAfter`, so another run took its window over, and it was redriven later. `cause` has the
   * ARN of the run that has the window now. The segment that failed with this read nothing.
   *
   * Nothing needs to be fixed: the other run processes everything from the beginning of the window.
   *
   * Then start another run if the other one did not succeed: a redrive of this one cannot help.
   */
  public static readonly LOCK_LOST = PagedBatchEtlErrorName.LOCK_LOST;
  /**
   * With `RunLedger.table`: Amazon DynamoDB or AWS Step Functions did not answer the function that keeps the ledger. A segment waits for the end of the
   * outage as it does for the source, the start and the end of a run for some ten minutes.
   *
   * Wait until the service that `cause` names is available again. If the capacity of a table of your own is provisioned, raise it.
   *
   * Then redrive.
   */
  public static readonly LEDGER_UNAVAILABLE = PagedBatchEtlErrorName.LEDGER_UNAVAILABLE;
  /**
   * With `RunLedger.table`: the table, or Step Functions, refused a call of the function that keeps the ledger: `cause` says which. The table is gone, its key cannot
   * be used, it has other keys than `pk` and `sk`, or a policy forbids the call. Also the run that has the window may be of a workflow that was replaced since.
   *
   * Fix the table or the policy that `cause` speaks of. If the owner of the window is of a workflow that is no more, make sure that it has ended, and delete the item of
   * the window.
   *
   * Then redrive.
   */
  public static readonly LEDGER_REFUSED = PagedBatchEtlErrorName.LEDGER_REFUSED;
  /**
   * The function that keeps the ledger was called with something that no release of this library sends.
   *
   * Usually somebody called it by hand, or an older release was deployed while runs were underway. Deploy the release that the runs were started with, or a newer one.
   *
   * Then redrive.
   */
  public static readonly INVALID_LEDGER_EVENT = PagedBatchEtlErrorName.INVALID_LEDGER_EVENT;
  /**
   * With `RunLedger.table`: `resume` in the input is not the ARN of an execution of the workflow, or something else than `batch_size` is beside it. Or that run was divided into several
   * ranges, and runs are not divided any more.
   *
   * Give `{ "resume": "<ARN>" }`, with a smaller `batch_size` if you like, and nothing else: the ledger knows the parameters. If `partitions` was removed, put it back.
   *
   * Then start another run: a redrive cannot help.
   */
  public static readonly INVALID_RESUME = PagedBatchEtlErrorName.INVALID_RESUME;
  /**
   * With `RunLedger.table`: the ledger does not know the run that `resume` in the input names. It is longer ago than `retention`, it is a run of another construct, or it never had its window.
   *
   * Look for its ARN in the table, or in the list of executions.
   *
   * Then start another run with the right ARN. If the run is too old, start one with its parameters, which begins at the beginning.
   */
  public static readonly UNKNOWN_RUN = PagedBatchEtlErrorName.UNKNOWN_RUN;
  /**
   * With `RunLedger.table`: the run that `resume` in the input names succeeded, another run goes on with it already or has processed its window since, it had not found out its ranges yet, or it is a replay of letters. `cause` says which.
   *
   * Nothing needs to be fixed. If another run goes on with it, `cause` has the ARN of that one.
   *
   * Then start another run that resumes that one, if it did not succeed, or one with the parameters of the first, if that had not begun.
   */
  public static readonly RUN_NOT_RESUMABLE = PagedBatchEtlErrorName.RUN_NOT_RESUMABLE;
  /**
   * With `RunLedger.table`: the input has `watermark`, but the run is not the one that a schedule with `RunWindow.sinceWatermark` starts for that time. Usually somebody copied the input of
   * such a run. Nothing was read.
   *
   * Leave `watermark` out. To go on with a run of the schedule in its place, give `{ "resume": "<ARN>" }` and nothing else.
   *
   * Then start another run: a redrive has the same input.
   */
  public static readonly INVALID_WATERMARK = PagedBatchEtlErrorName.INVALID_WATERMARK;

  private constructor() {}
}
