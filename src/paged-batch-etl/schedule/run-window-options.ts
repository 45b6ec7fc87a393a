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

/** Options of `RunWindow.lastHours`. */
export interface LastHoursOptions {
  /** Length of the window: a whole number of hours from 1 to 8,784, which is a leap year. */
  readonly hours: number;

  /** Name of the date parameter that gets the first moment of the window. */
  readonly begin: string;

  /** Name of the date parameter that gets the first moment after the window. */
  readonly end: string;
}
