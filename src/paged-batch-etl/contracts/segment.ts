/** How the progress of a run is written: in its state, in the cause of `RunTooLong`, and in the input key `progress`. */
export interface Progress {
  /** ARN of the execution that began the run. */
  readonly root: string;
  readonly cursor: string | null;
  readonly pages: number;
  readonly items: number;
  readonly segments: number;
}

/** The same where failures are tolerated. Of a run that began before they were, nothing has failed; segments of a policy that tolerates none leave it out. */
export interface ToleratedProgress extends Progress {
  /** Items that failed, unreadable documents included. */
  readonly failed: number;
}

/**
 * What the run hands to a segment, beside what `StartedSegmentInput` adds. A redriven run keeps its
 * old definition and starts the new segment: nothing here is ever renamed or removed, and a new segment works without what is added later.
 */
export interface SegmentInput {
  /** The run's flat input with defaults filled in, `batch_size` among them. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly progress: Progress;
  /** How the segment before this one failed at a page: this one then fails likewise, at once. */
  readonly failure: PageFailure | null;
  /** How many executions there were for this segment before, all of them stopped, or failed as they were told to. */
  readonly attempt: number;
  /** What the run knows of an outage. Segments hand it back and look at nothing in it; a run of an older release has none. */
  readonly outage: Outage;
}

/** The waits of a run for the end of outages. */
export interface Outage {
  /** The page that the last wait was for; -1: none yet. */
  readonly page: number;
  /** Waits for that page. */
  readonly waits: number;
  /** Waits for any page. */
  readonly total: number;
  /** How long the last wait was. */
  readonly seconds: number;
}

/** What a segment of a range has beside a `SegmentInput`. Segments hand it back and look at nothing in it: their cursors say which range they read. */
export interface RangeInput {
  /** Of the range, within its run. */
  readonly number: number;
  /** The last segment of the range in this round, counted from 1. */
  readonly lastSegment: number;
}

/** The input of a segment as its execution gets it. */
export interface StartedSegmentInput extends SegmentInput {
  /** ARN of the run's execution, by which the console shows who started the segment. */
  readonly AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: string;
}

/** What a segment answers; additive only, like its input. */
export interface SegmentOutput {
  /** Where the next segment begins: with `failure`, at the page that failed. */
  readonly progress: Progress;
  /** Whether no page is left. */
  readonly done: boolean;
  readonly failure: PageFailure | null;
}

/** How a page failed, as a Catch reports it. */
export interface PageFailure {
  readonly Error: string;
  readonly Cause: string;
}
