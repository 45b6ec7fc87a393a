/** Options of `RunParameter.date`. */
export interface DateParameterOptions {
  /**
   * Value of runs that give none, written as a run would give it: `2026-11-24`, or `2026-11-24T06:30:00` with or without fractions of a second
   * and an offset such as `Z` or `+01:00`.
   *
   * @default - every run must give a value
   */
  readonly defaultValue?: string;

  /**
   * Time zone in which dates without an offset are read, as the IANA names it: `Europe/Berlin`.
   *
   * @default 'UTC'
   */
  readonly timeZone?: string;
}

/** Options of `RunParameter.text`. */
export interface TextParameterOptions {
  /**
   * Value of runs that give none.
   *
   * @default - every run must give a value
   */
  readonly defaultValue?: string;
}

/** Options of `RunParameter.integer`. */
export interface IntegerParameterOptions {
  /**
   * Value of runs that give none: a whole number that a JSON number can hold exactly.
   *
   * @default - every run must give a value
   */
  readonly defaultValue?: number;
}

/** Options of `RunParameter.objectId`. */
export interface ObjectIdParameterOptions {
  /**
   * Value of runs that give none: 24 hexadecimal digits.
   *
   * @default - every run must give a value
   */
  readonly defaultValue?: string;
}
