/** Options of `RunWindow.previousDay`. */
export interface PreviousDayOptions {
  /** Name of the date parameter that gets the first moment of the day. */
  readonly begin: string;

  /** Name of the date parameter that gets the first moment after the day. */
  readonly end: string;

  /**
   * Time zone whose days are meant, as the IANA names it: `Europe/Berlin`. Where clocks change, the expression of the schedule must have the
   * same one, so that no day passes without the schedule being due.
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
