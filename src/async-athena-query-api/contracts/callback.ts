import { AthenaError } from './workflow-state';

/** What the receiver gets. The first two keys are the published contract; times are epoch milliseconds. */
export interface CallbackBody {
  readonly State: {
    readonly CompletionDateTime: number;
    readonly State: 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
    readonly SubmissionDateTime: number;
  };
  /** Present only when the query succeeded: a link where it wrote one object, a list of links where it wrote files and they are known. */
  readonly QueryResult?: ResultLink | ResultFiles;
  readonly QueryId: string;
  /** What the caller called the request; absent if that is nothing. */
  readonly ClientReference?: string;
  readonly QueryExecutionId?: string;
  readonly ResultKind: ResultKind;
  /** True when Athena took the result of a former query, which lies under the name of that one; absent otherwise. */
  readonly ReusedPreviousResult?: boolean;
  readonly Reason?: string;
  readonly AthenaError?: AthenaError;
  readonly Statistics?: Readonly<Record<string, unknown>>;
}

/** A link to the result. */
export interface ResultLink {
  readonly PresignedUrl: string;
  /** Seconds from the moment of signing until the link stops working. */
  readonly ExpiredIn: number;
  readonly ExpiresAt: number;
}

/** Links to the files that a query wrote, or to as many as are told at once. */
export interface ResultFiles {
  /** In no order that means anything. Files without a row are not among them, nor those that lie where no links are made to. */
  readonly Files: readonly ResultFile[];
  /** How many files the query wrote, with those that have no link; `MOST_COUNTED_FILES` stands for that many or more. */
  readonly FileCount: number;
  /** With what the API tells the next files; absent where these are the last. */
  readonly NextToken?: string;
  /** Seconds from the moment of signing until the links stop working; absent, as is the other, where there are no links. */
  readonly ExpiredIn?: number;
  readonly ExpiresAt?: number;
}

export interface ResultFile {
  readonly PresignedUrl: string;
  /** Absent where only Athena's list of files is known, which does not say it. */
  readonly SizeInBytes?: number;
}

/** Files that are told at once at most. */
export const MOST_FILES_AT_ONCE = 100;

/** How far files are counted. */
export const MOST_COUNTED_FILES = 20_000;

/** Bytes of a body with links to files at most. */
export const LARGEST_FILES_BODY = 262_144;

/** What a query left behind: one object (a link is given), several files or a table, or nothing. */
export type ResultKind = 'OBJECT' | 'FILES' | 'NONE';

/**
 * Statuses after which the same request cannot succeed. So is every 3xx, because redirects are not followed.
 *
 * RFC 9110, section 15.5, says of 400, 413, 415 and 422 that they are about the request, which is the same each time. 410 is the one status at
 * which Standard Webhooks tells a sender to stop. All others can pass: a 401 when the receiver gets the new secret, a 404 when it is deployed.
 */
export const FINAL_STATUSES: readonly number[] = [400, 410, 413, 415, 422];
