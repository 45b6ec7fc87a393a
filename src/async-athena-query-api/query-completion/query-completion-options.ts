import { Duration } from 'aws-cdk-lib';

/** Options of `QueryCompletion.polling`. */
export interface PollingOptions {
  /**
   * Time between two polls, in whole seconds from 1 second to 5 minutes.
   *
   * @default Duration.seconds(15)
   */
  readonly interval?: Duration;
}

/** Options of `QueryCompletion.adaptivePolling`. */
export interface AdaptivePollingOptions {
  /**
   * The next wait as a percentage of the time already waited, from 1 to 100. A query is noticed at most that share of its duration after its end.
   *
   * @default 25
   */
  readonly percentage?: number;

  /**
   * Longest time between two polls, in whole seconds from 1 second to 5 minutes.
   *
   * @default Duration.seconds(30)
   */
  readonly maxInterval?: Duration;
}
