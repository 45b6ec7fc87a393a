import { QueryParameterBinding } from './binding';
import { dateParameter } from './date-parameter';
import { decimalNumberParameter } from './decimal-number-parameter';
import { integerParameter } from './integer-parameter';
import { TEXT_KINDS } from './option-kinds';
import { TextQueryParameterOptions } from './query-parameter-options';
import { textParameter } from './text-parameter';
import { timestampParameter } from './timestamp-parameter';
import { trueOrFalseParameter } from './true-or-false-parameter';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * A value that the caller gives to a named query. In the SQL, `:name` stands for it, in a `WHERE` clause and as often as needed.
 *
 * A request with a value of another type is answered 400. Athena gets each value as one literal, which nothing in the value can leave.
 */
export class QueryParameter {
  /**
   * A text, which may be empty. Athena compares it byte for byte.
   *
   * Choose it for columns of texts, such as a name or a code.
   *
   * @example
   * QueryParameter.text({ maxLength: 3 });
   */
  public static text(options: TextQueryParameterOptions = {}): QueryParameter {
    return new QueryParameter(textParameter(checkOptions('QueryParameter.text', options, TEXT_KINDS)));
  }

  /**
   * A whole number from -9007199254740991 to 9007199254740991, in the request a number without a point.
   *
   * Choose it for counts and numeric ids. For larger ids take `decimalNumber`.
   */
  public static integer(): QueryParameter {
    return new QueryParameter(integerParameter());
  }

  /**
   * A decimal number of up to 20 digits before the point and 18 after it, in the request a text such as `"12.50"`, so that no program rounds it.
   *
   * Choose it for money and other exact numbers.
   */
  public static decimalNumber(): QueryParameter {
    return new QueryParameter(decimalNumberParameter());
  }

  /**
   * A day that exists, in the request a text such as `"2026-01-31"`.
   *
   * Choose it for columns of the type `date`. A partition column that holds days as texts takes `text`.
   */
  public static date(): QueryParameter {
    return new QueryParameter(dateParameter());
  }

  /**
   * A day and a time without a time zone, in the request a text such as `"2026-01-31T06:30:00"`, with up to three digits of a second after a point.
   *
   * Choose it for columns of the type `timestamp`.
   */
  public static timestamp(): QueryParameter {
    return new QueryParameter(timestampParameter());
  }

  /**
   * `true` or `false`, in the request without quotes.
   *
   * Choose it for columns of the type `boolean`.
   */
  public static trueOrFalse(): QueryParameter {
    return new QueryParameter(trueOrFalseParameter());
  }

  /** @internal */
  public readonly _binding: QueryParameterBinding;

  private constructor(binding: QueryParameterBinding) {
    this._binding = binding;
  }
}
