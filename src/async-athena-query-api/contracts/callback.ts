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

/**
 * Statuses after which the same request cannot succeed. So is every 3xx, because redirects are not followed.
 *
 * RFC 9110, section 15.5, says of 400, 413, 415 and 422 that they are about the request, which is the same each time. 410 is the one status at
 * which Standard Webhooks tells a sender to stop. All others can pass: a 401 when the receiver gets the new secret, a 404 when it is deployed.
 */
export const FINAL_STATUSES: readonly number[] = [400, 410, 413, 415, 422];
