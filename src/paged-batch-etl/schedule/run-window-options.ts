import { Duration } from 'aws-cdk-lib';

/** Options of `RunWindow.previousDay`. */
export interface PreviousDayOptions {
  /** Name of the date parameter that gets the first moment of the day. */
  readonly begin: string;

  /** Name of the date parameter that gets the first moment after the day. */
  readonly end: string;

  /**
   * Time zone of the days, by its IANA name: `Europe/Berlin`. If its clocks change, the expression of the schedule must have the same time zone, so
   * that the schedule is due on each day.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string;
}

/** Options of `RunWindow.sinceWatermark`. */
export interface SinceWatermarkOptions {
  /** Name of the date parameter that gets the end of the last window that was processed. */
  readonly begin: string;

  /** Name of the date parameter that gets the first moment after the window. */
  readonly end: string;

  /**
   * Where the first window begins: a date, or a date and a time in whole seconds, as ISO 8601 writes them. Without an offset it is read in UTC. It has no effect any more once a run of the schedule has
   * succeeded.
   */
  readonly startAt: string;

  /**
   * How long before the time at which the schedule is due a window ends, in whole seconds, from none to 366 days. Documents whose time is that recent may not be there yet: their writes, or the
   * clocks of those who write them, may be late. What comes later than that is read by no run.
   *
   * @default Duration.minutes(1)
   */
  readonly lag?: Duration;
}

/** Options of `RunWindow.lastHours`. */
export interface LastHoursOptions {
  /** Length of the window: a whole number of hours from 1 to 8,784, which is a leap year. */
  readonly hours: number;

  /** Name of the date parameter that gets the first moment of the window. */
  readonly begin: string;

  /** Name of the date parameter that gets the first moment after the window. */
  readonly end: string;
}
