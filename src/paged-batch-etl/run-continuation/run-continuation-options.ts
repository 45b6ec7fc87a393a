import { Duration } from 'aws-cdk-lib';

/** Options of `RunContinuation.supervised`. */
export interface SupervisedOptions {
  /**
   * Pages that a segment walks. A segment that is stopped is repeated from its start. With fewer pages there is less to repeat, but fewer items fit
   * into a run.
   *
   * @default - as many as fit into the history of an execution with every retry used
   */
  readonly pagesPerSegment?: number;

  /**
   * How long an outage may last before the run fails. In an outage, the source cannot be reached, times out or lags behind, or AWS cannot run a
   * function or start an execution. A custom source reports an outage by an error called `SourceUnavailable`. All other errors fail the run at once.
   *
   * The run waits 1, 2, 5, 10 and then 15 minutes at a time until this is used up, at most 100 times in all, and goes on at the page that failed. The
   * time is counted from the first failure of a page. Whole seconds, up to 24 hours. With zero, an outage fails the run at once too.
   *
   * After a time-out of Amazon DocumentDB, each wait is at least 5 minutes: as long as the read may go on inside the cluster.
   *
   * @default Duration.minutes(30)
   */
  readonly outageTolerance?: Duration;
}

/** Options of `RunContinuation.selfRestart`. */
export interface SelfRestartOptions {
  /**
   * Pages that an execution walks before it starts the next one.
   *
   * @default - as many as fit into the history of an execution with every retry used and ten redrives
   */
  readonly pagesPerSegment?: number;
}
