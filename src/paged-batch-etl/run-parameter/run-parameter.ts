import { RunParameterBinding } from './binding';
import { dateParameter } from './date';
import { integerParameter } from './integer';
import { objectIdParameter } from './object-id';
import { DATE_KINDS, INTEGER_KINDS, OBJECT_ID_KINDS, TEXT_KINDS } from './option-kinds';
import { DateParameterOptions, IntegerParameterOptions, ObjectIdParameterOptions, TextParameterOptions } from './run-parameter-options';
import { textParameter } from './text';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * A value that a run is started with, under its name in the run's input.
 *
 * A run that lacks one without a default, or gives one of another type, fails before anything is read. A filter binds the value of a parameter
 * where it has the text `$$name`; processors and custom sources get all of them as they were given.
 */
export class RunParameter {
  /** A date. One without an offset is read in `timeZone`; one without a time is midnight there. */
  public static date(options: DateParameterOptions = {}): RunParameter {
    return new RunParameter(dateParameter(checkOptions('RunParameter.date', options, DATE_KINDS)));
  }

  /** A text. */
  public static text(options: TextParameterOptions = {}): RunParameter {
    return new RunParameter(textParameter(checkOptions('RunParameter.text', options, TEXT_KINDS)));
  }

  /** A whole number. */
  public static integer(options: IntegerParameterOptions = {}): RunParameter {
    return new RunParameter(integerParameter(checkOptions('RunParameter.integer', options, INTEGER_KINDS)));
  }

  /** A MongoDB ObjectId, as its 24 hexadecimal digits. */
  public static objectId(options: ObjectIdParameterOptions = {}): RunParameter {
    return new RunParameter(objectIdParameter(checkOptions('RunParameter.objectId', options, OBJECT_ID_KINDS)));
  }

  /** @internal */
  public readonly _binding: RunParameterBinding;

  private constructor(binding: RunParameterBinding) {
    this._binding = binding;
  }
}
