import { ResultFiles, ResultLink } from './callback';
import { Outcome } from './deliver';

/** What the API and the management function agree on. Both sides import this file; a released event shape is never changed. */

/** Version of the event that this release's API sends. */
export const MANAGE_CONTRACT = 1;

/** Version of the event that it sends for a result, of which the caller may ask for the next page. */
export const PAGED_RESULT_CONTRACT = 2;

/** What a caller can do with a query, by the names of the API's operations. */
export const MANAGE_OPERATIONS = ['GetQuery', 'GetQueryResult', 'CancelQuery'] as const;

export type ManageOperation = typeof MANAGE_OPERATIONS[number];

/** The event of the management function, as the API renders it. */
export interface ManageEvent {
  readonly contract: typeof MANAGE_CONTRACT;
  readonly Operation: ManageOperation;
  /** As the caller wrote it in the path: anything. */
  readonly QueryId: string;
  readonly Caller: {
    /** Who asks, in the words in which the owner of a query is written down. */
    readonly Id: string;
    /** ARN of a user, or of the session of a role; empty where the way of access knows none. */
    readonly Arn: string;
  };
}

/** The event of `GetQueryResult`: as the other, and it says which page is asked for. */
export interface ManageEvent2 extends Omit<ManageEvent, 'contract' | 'Operation'> {
  readonly contract: typeof PAGED_RESULT_CONTRACT;
  readonly Operation: 'GetQueryResult';
  /** As the caller wrote it: anything; empty for the first page. */
  readonly NextToken: string;
}

/** What the management function answers; the API makes an HTTP answer of it. */
export interface ManageAnswer {
  readonly StatusCode: number;
  readonly Body: QueryStatus | QueryResultLink | CancelAccepted | ManageRefusal;
}

/** Whether the callback was delivered: not yet, yes, or it failed for good until somebody redrives it; or that nobody is to be called back. */
export type DeliveryState = 'PENDING' | 'DELIVERED' | 'FAILED' | 'NONE';

/** The answer to `GET /queries/{QueryId}`. Times are epoch milliseconds. */
export interface QueryStatus extends Omit<Partial<Outcome>, 'State'> {
  readonly QueryId: string;
  /** Of a query that Athena has not started yet: QUEUED. */
  readonly State: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  readonly Delivery: DeliveryState;
  readonly SubmissionDateTime: number;
  readonly CompletionDateTime?: number;
}

/** The answer to `GET /queries/{QueryId}/result`. */
export interface QueryResultLink {
  readonly QueryId: string;
  readonly QueryResult: ResultLink | ResultFiles;
}

/** The answer to `DELETE /queries/{QueryId}`: Athena was told to stop the query. */
export interface CancelAccepted {
  readonly QueryId: string;
}

/** The answer to what cannot be done. */
export interface ManageRefusal {
  readonly Code: ManageRefusalCode;
  readonly Message: string;
}

/** Every way in which the management function refuses, with the status of the answer. */
export const MANAGE_REFUSALS = {
  /** There is no such query, or it is another caller's, older than 90 days, or was never delivered and is older than the 45 days for which Athena remembers it. */
  NoSuchQuery: 404,
  /** Somebody who may read every query asked to cancel another caller's. */
  NotOwner: 403,
  /** The query has no result yet. */
  NotFinished: 409,
  /** The query has ended without a file, or its files are not known, or its result lies where no links are made to. */
  NoResult: 409,
  /** The next page was asked for with what no page of this query has told. */
  InvalidNextToken: 400,
  /** The result was deleted, or will be within a minute. */
  ResultExpired: 410,
  /** Athena has not started the query yet, so there is nothing to cancel. */
  NotStarted: 409,
  /** The query has ended, so there is nothing to cancel. */
  QueryEnded: 409,
  /** A service of AWS did not answer; the same request can be sent again. */
  TryAgain: 503,
  /** The function is not configured, or was asked what it does not know. */
  InternalError: 500,
} as const;

export type ManageRefusalCode = keyof typeof MANAGE_REFUSALS;

/** Environment variables of the management function, beside those of links. */
export const ManageEnvironment = {
  /** ARN of the workflow's state machine. */
  WORKFLOW_ARN: 'WORKFLOW_ARN',
  /** JSON list of the ARNs of roles and users that may read every query; absent if there is nobody. */
  QUERY_READERS: 'QUERY_READERS',
  /** How long Athena can take to accept a query at most, in seconds: every retry of its start. */
  LONGEST_START_SECONDS: 'LONGEST_START_SECONDS',
} as const;
