import { Duration } from 'aws-cdk-lib';

/** Options of `PagedBatchEtl.addBackfill`. */
export interface AddBackfillOptions {
  /**
   * The first moment of the first window, as ISO 8601 writes it: `2025-01-01`, or a date and a time in whole seconds, with or without an offset. One without an
   * offset is read in `timeZone`.
   */
  readonly begin: string;

  /** The first moment after the last window, written as `begin`. It may be in the future: start the backfill when it is over. */
  readonly end: string;

  /**
   * Length of a window: whole hours, or whole days. Days are those of the calendar in `timeZone`, 23 or 25 hours long where clocks change; any multiple of
   * 24 hours counts as days. The last window ends at `end`, and may be shorter.
   *
   * There is room for some hundred windows: for each day of a leap year. The error names how many.
   */
  readonly step: Duration;

  /** Name of the date parameter that gets the first moment of a window. */
  readonly beginParameter: string;

  /** Name of the date parameter that gets the first moment after a window. */
  readonly endParameter: string;

  /**
   * Time zone of `begin`, `end` and of days, by its IANA name: `Europe/Berlin`.
   *
   * @default - that of the parameter `beginParameter`, which is UTC unless it was given another
   */
  readonly timeZone?: string;

  /**
   * How many windows are processed at the same time, a whole number from 1 to 40. Each reads from the source and calls the processor as any run does. One at a
   * time, windows are processed in the order of time.
   *
   * @default 1
   */
  readonly concurrency?: number;

  /**
   * Other parameters of the runs, by their names, each as a text; an integer is written in digits. If you change a value, all windows are processed again.
   *
   * @default - the default values of the parameters
   */
  readonly parameters?: { [name: string]: string };
}
