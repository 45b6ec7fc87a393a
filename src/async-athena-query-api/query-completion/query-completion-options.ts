import { Duration } from 'aws-cdk-lib';

/** Options of `QueryCompletion.polling`. */
export interface PollingOptions {
  /**
   * Time between two looks at the query, in whole seconds from 1 second to 5 minutes.
   *
   * @default Duration.seconds(15)
   */
  readonly interval?: Duration;
}

/** Options of `QueryCompletion.adaptivePolling`. */
export interface AdaptivePollingOptions {
  /**
   * The next wait as a percentage of the time already waited, from 1 to 100. A query is noticed at most that much later than it finished.
   *
   * @default 25
   */
  readonly percentage?: number;

  /**
   * Longest time between two looks at the query, in whole seconds from 1 second to 5 minutes.
   *
   * @default Duration.seconds(30)
   */
  readonly maxInterval?: Duration;
}
