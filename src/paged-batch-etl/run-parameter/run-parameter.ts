import { RunParameterBinding } from './binding';
import { dateParameter } from './date';
import { integerParameter } from './integer';
import { objectIdParameter } from './object-id';
import { textParameter } from './text';

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

/**
 * A value that a run is started with, under its name in the run's input.
 *
 * A run that lacks one without a default, or gives one of another type, fails before anything is read. A filter binds the value of a parameter
 * where it has the text `$$name`; processors and custom sources get all of them as they were given.
 */
export class RunParameter {
  /** A date. One without an offset is read in `timeZone`; one without a time is midnight there. */
  public static date(options: DateParameterOptions = {}): RunParameter {
    return new RunParameter(dateParameter(options));
  }

  /** A text. */
  public static text(options: TextParameterOptions = {}): RunParameter {
    return new RunParameter(textParameter(options));
  }

  /** A whole number. */
  public static integer(options: IntegerParameterOptions = {}): RunParameter {
    return new RunParameter(integerParameter(options));
  }

  /** A MongoDB ObjectId, as its 24 hexadecimal digits. */
  public static objectId(options: ObjectIdParameterOptions = {}): RunParameter {
    return new RunParameter(objectIdParameter(options));
  }

  /** @internal */
  public readonly _binding: RunParameterBinding;

  private constructor(binding: RunParameterBinding) {
    this._binding = binding;
  }
}
