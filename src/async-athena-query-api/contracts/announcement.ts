import { ResultKind } from './callback';

/** What the workflow announces of a query, and its receivers read. Members are added to it, never changed or taken away. */

/** `source` of the events. */
export const ANNOUNCEMENT_SOURCE = 'async-athena-query-api';

/** `detail-type` of the events. */
export const ANNOUNCEMENT_DETAIL_TYPE = 'Athena Query Finished';

/** Names of errors and codes of Athena that are longer are cut off, in characters. */
export const MAX_REASON_LENGTH = 256;

/**
 * The announcement of a query that has ended. Every member is always there, since the States Language cannot leave one out: a text that does not exist is
 * empty. Times are epoch milliseconds. No link, no URL and no SQL is in it.
 */
export interface Announcement {
  /** The id the caller got with the 202. */
  readonly QueryId: string;
  /** What the caller called the request. */
  readonly ClientReference: string;
  readonly State: 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  /** Why the query did not succeed, as a code: the callback says more, and may quote the SQL. */
  readonly Reason: string;
  readonly ResultKind: ResultKind;
  /** Where the result lies: bucket and key of the object, or of the list of files, where Athena has written one. */
  readonly Bucket: string;
  readonly Key: string;
  readonly SubmissionDateTime: number;
  readonly CompletionDateTime: number;
}
