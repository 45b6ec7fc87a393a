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
