import { AthenaError } from './workflow-state';

/** What the receiver gets. The first two keys are the published contract; times are epoch milliseconds. */
export interface CallbackBody {
  readonly State: {
    readonly CompletionDateTime: number;
    readonly State: 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
    readonly SubmissionDateTime: number;
  };
  /** Present only when the query succeeded and wrote one object. */
  readonly QueryResult?: ResultLink;
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

/** What a query left behind: one object (a link is given), several files or a table, or nothing. */
export type ResultKind = 'OBJECT' | 'FILES' | 'NONE';
