/**
 * What the workflow and the delivery function agree on. Both sides import this file; it imports nothing.
 *
 * Executions outlive deployments: a running one keeps its definition and calls the new function. So a released event shape is never changed;
 * a new one gets the next number, and the function accepts every number ever released.
 */

/** Version of the event that this release's workflow sends. */
export const DELIVERY_CONTRACT = 1;

/** The event of the delivery function, as the workflow's Deliver Result state renders it. Names follow the Athena API. */
export interface DeliveryEvent {
  readonly contract: typeof DELIVERY_CONTRACT;
  /** Name of the execution: the id the caller got with the 202, and the `webhook-id`. */
  readonly QueryId: string;
  /** When the execution started, ISO 8601. */
  readonly StartTime: string;
  /** When the Deliver Result state was entered, ISO 8601; the same in every retry. */
  readonly DeliveryTime: string;
  /** Where the caller wants the result announced. */
  readonly CallbackUrl: string;
  /** The whole state of the workflow. */
  readonly State: WorkflowState;
}

/** The state of the workflow: every concern in an object of its own. The SQL is not among them once the query is started. */
export interface WorkflowState {
  readonly AthenaRequest?: { readonly QueryExecutionId: string };
  readonly AthenaResult?: { readonly QueryExecution: QueryExecution };
  /** Present when the query could not be started. */
  readonly StartError?: { readonly Error: string; readonly Cause?: string };
  /** Present when the query was told to stop because it took longer than the time-out; with `Error` where even that failed. */
  readonly StopRequest?: { readonly Reason?: string; readonly Error?: string; readonly Cause?: string };
}

/** What Athena says of a query; times are epoch milliseconds, as the Step Functions integration renders them. */
export interface QueryExecution {
  readonly QueryExecutionId: string;
  readonly StatementType?: string;
  readonly SubstatementType?: string;
  readonly ResultConfiguration?: { readonly OutputLocation?: string };
  readonly Status: {
    readonly State: string;
    readonly StateChangeReason?: string;
    readonly SubmissionDateTime?: number;
    readonly CompletionDateTime?: number;
    readonly AthenaError?: AthenaError;
  };
  readonly Statistics?: Readonly<Record<string, unknown>>;
}

/** Athena's own classification of a failure. */
export interface AthenaError {
  readonly ErrorCategory?: number;
  readonly ErrorType?: number;
  readonly Retryable?: boolean;
  readonly ErrorMessage?: string;
}

/** What the receiver gets. The first two keys are the published contract; times are epoch milliseconds. */
export interface CallbackBody {
  readonly State: {
    readonly CompletionDateTime: number;
    readonly State: 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
    readonly SubmissionDateTime: number;
  };
  /** Present only when the query succeeded and wrote one object. */
  readonly QueryResult?: {
    readonly PresignedUrl: string;
    /** Seconds from the moment of signing until the link stops working. */
    readonly ExpiredIn: number;
    readonly ExpiresAt: number;
  };
  readonly QueryId: string;
  readonly QueryExecutionId?: string;
  readonly ResultKind: ResultKind;
  readonly Reason?: string;
  readonly AthenaError?: AthenaError;
  readonly Statistics?: Readonly<Record<string, unknown>>;
}

/** What a query left behind: one object (a link is given), several files or a table, or nothing. */
export type ResultKind = 'OBJECT' | 'FILES' | 'NONE';

/** What the delivery function answers; it becomes the output of the execution. */
export interface DeliveryResult {
  /** HTTP status the receiver answered with, 200 to 299. */
  readonly CallbackStatusCode: number;
}

/** Names of the errors of the delivery function: the execution's `error`, and what its Retry matches. */
export const DeliveryErrorName = {
  /** The event is not of a shape this function accepts. Final. */
  INVALID_DELIVERY_EVENT: 'InvalidDeliveryEvent',
  /** The callback URL is malformed, not https, or its host is not allowed or not public. Final. */
  CALLBACK_URL_NOT_ALLOWED: 'CallbackUrlNotAllowed',
  /** The receiver answered 3xx or a 4xx other than 408 and 429. Final. */
  CALLBACK_REFUSED: 'CallbackRefused',
  /** The result object is gone, or about to go, before it could be delivered. Final. */
  RESULT_EXPIRED: 'ResultExpired',
  /** The result lies outside the construct's own prefix, or is not readable as one object. Final. */
  RESULT_NOT_DELIVERABLE: 'ResultNotDeliverable',
  /** The receiver answered 408, 429 or 5xx. Retried. */
  CALLBACK_UNAVAILABLE: 'CallbackUnavailable',
  /** The receiver could not be reached: name resolution, connection, TLS or time-out. Retried. */
  CALLBACK_UNREACHABLE: 'CallbackUnreachable',
  /** An AWS service the delivery depends on failed, or the signing secret is unusable. Retried. */
  DELIVERY_DEPENDENCY_FAILED: 'DeliveryDependencyFailed',
} as const;

/** Errors after which another attempt cannot succeed. */
export const FINAL_DELIVERY_ERRORS: readonly string[] = [
  DeliveryErrorName.INVALID_DELIVERY_EVENT,
  DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED,
  DeliveryErrorName.CALLBACK_REFUSED,
  DeliveryErrorName.RESULT_EXPIRED,
  DeliveryErrorName.RESULT_NOT_DELIVERABLE,
];

/** Results are kept so long at the least, because a failed delivery can be redriven for 14 days: a younger one that cannot be read is not gone. */
export const SHORTEST_RESULT_RETENTION_DAYS = 15;

/** Environment variables of the delivery function. */
export const DeliveryEnvironment = {
  /** ARN of the secret that signs callbacks. */
  SIGNING_SECRET_ARN: 'SIGNING_SECRET_ARN',
  /** Where results lie: `s3://bucket/prefix/`, ending in a slash. */
  RESULT_LOCATION: 'RESULT_LOCATION',
  /** Account that must own the result bucket. */
  RESULT_BUCKET_OWNER: 'RESULT_BUCKET_OWNER',
  /** ARN of the customer key of the results; absent for S3-managed encryption. */
  RESULT_KEY_ARN: 'RESULT_KEY_ARN',
  /** ARN of the role assumed to sign a link. */
  LINK_ROLE_ARN: 'LINK_ROLE_ARN',
  /** Life of a link in seconds, 60 to 3600. */
  LINK_EXPIRY_SECONDS: 'LINK_EXPIRY_SECONDS',
  /** JSON of `CallbackRules`. */
  CALLBACK_RULES: 'CALLBACK_RULES',
  /** Time-out of one POST to the receiver, in seconds. */
  CALLBACK_TIMEOUT_SECONDS: 'CALLBACK_TIMEOUT_SECONDS',
} as const;

/** Which hosts may be called back: any public one when `hosts` is absent. `*.example.com` stands for every subdomain. */
export interface CallbackRules {
  readonly hosts?: readonly string[];
}
