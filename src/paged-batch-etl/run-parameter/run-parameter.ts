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
 * A run fails before anything is read if a parameter without a default is missing, or if a value has another type. In a filter, the text `$$name`
 * stands for the value of the parameter. Processors and custom sources get all parameters as they were given.
 */
export class RunParameter {
  /**
   * A date. One without an offset is read in `timeZone`; one without a time is midnight there.
   *
   * Choose it for both ends of a window, and wherever the field holds a BSON date: a text matches no date.
   *
   * @example
   * RunParameter.date({ timeZone: 'Europe/Berlin' });
   */
  public static date(options: DateParameterOptions = {}): RunParameter {
    return new RunParameter(dateParameter(checkOptions('RunParameter.date', options, DATE_KINDS)));
  }

  /**
   * A text.
   *
   * Choose it for a field that holds texts, such as the name of a tenant. A schedule can give it a value of its own.
   *
   * @example
   * RunParameter.text({ defaultValue: 'north' });
   */
  public static text(options: TextParameterOptions = {}): RunParameter {
    return new RunParameter(textParameter(checkOptions('RunParameter.text', options, TEXT_KINDS)));
  }

  /**
   * A whole number.
   *
   * Choose it for a field that holds numbers. It matches int32, int64 and double alike, as MongoDB compares numbers by their value.
   *
   * @example
   * RunParameter.integer({ defaultValue: 1024 });
   */
  public static integer(options: IntegerParameterOptions = {}): RunParameter {
    return new RunParameter(integerParameter(checkOptions('RunParameter.integer', options, INTEGER_KINDS)));
  }

  /**
   * A MongoDB ObjectId, as its 24 hexadecimal digits.
   *
   * Choose it for a reference to another document, or for a place in the order of `_id`: a text matches no ObjectId.
   *
   * @example
   * RunParameter.objectId({ defaultValue: '65a1f0c2e4b0a1b2c3d4e5f7' });
   */
  public static objectId(options: ObjectIdParameterOptions = {}): RunParameter {
    return new RunParameter(objectIdParameter(checkOptions('RunParameter.objectId', options, OBJECT_ID_KINDS)));
  }

  /** @internal */
  public readonly _binding: RunParameterBinding;

  private constructor(binding: RunParameterBinding) {
    this._binding = binding;
  }
}
