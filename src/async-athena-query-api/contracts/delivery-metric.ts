/** Namespace and names of the metrics that the delivery function writes, with the dimension `Workflow`: the name of the state machine. */
export const DeliveryMetric = {
  NAMESPACE: 'AsyncAthenaQueryApi',
  DIMENSION: 'Workflow',
  /** With the first attempt for each query: 1 if it succeeded, else 0. */
  SUCCEEDED_QUERIES: 'SucceededQueries',
  /** Likewise, if it was started and failed. */
  FAILED_QUERIES: 'FailedQueries',
  /** Likewise, if it was cancelled, which the end of `queryTimeout` does too. */
  CANCELLED_QUERIES: 'CancelledQueries',
  /** Likewise, if it could not be started. Then with every further attempt too: rather twice than never, for nothing else tells it. */
  NOT_STARTED_QUERIES: 'NotStartedQueries',
  /** With the first attempt for each query of which Athena says it. */
  DATA_SCANNED: 'DataScannedInBytes',
  /** Likewise. */
  ENGINE_EXECUTION_TIME: 'EngineExecutionTime',
  /** 1 with every attempt to deliver a callback. */
  DELIVERY_ATTEMPTS: 'DeliveryAttempts',
} as const;

export type DeliveryMetricName = Exclude<typeof DeliveryMetric[keyof typeof DeliveryMetric], 'AsyncAthenaQueryApi' | 'Workflow'>;

/** Units, as CloudWatch names them. */
export const DELIVERY_METRIC_UNITS: Readonly<Record<DeliveryMetricName, 'Count' | 'Bytes' | 'Milliseconds'>> = {
  SucceededQueries: 'Count',
  FailedQueries: 'Count',
  CancelledQueries: 'Count',
  NotStartedQueries: 'Count',
  DataScannedInBytes: 'Bytes',
  EngineExecutionTime: 'Milliseconds',
  DeliveryAttempts: 'Count',
};
