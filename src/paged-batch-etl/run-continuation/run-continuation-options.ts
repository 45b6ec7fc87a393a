/** Options of `RunContinuation.supervised`. */
export interface SupervisedOptions {
  /**
   * Pages that a segment walks. A segment that is stopped is repeated from its start, so fewer pages mean less to repeat, and fewer items in a
   * run.
   *
   * @default - as many as fit into the history of an execution with every retry used
   */
  readonly pagesPerSegment?: number;
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
