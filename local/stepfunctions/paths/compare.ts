import { Inapplicable } from './problems';
import { JsonValue } from '../../json';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * How the two sides of a comparison in a filter are ordered, as in Jayway 2.0: below, at or above zero; undefined for values that cannot be
 * compared, such as lists. The text "null" is null, and an expected text is read as whatever it is compared with.
 */
export function compare(expected: JsonValue, model: JsonValue): number | undefined {
  if (expected === model) return 0;
  const [nothing, nothingToo] = [isNullish(expected), isNullish(model)];
  if (nothing || nothingToo) return Number(nothingToo) - Number(nothing);
  if (typeof expected === 'string') return compareText(expected, model);
  if (typeof expected === 'number' && typeof model === 'number') return expected - model;
  if (typeof expected === 'boolean' && typeof model === 'boolean') return Number(expected) - Number(model);
  return undefined;
}

function compareText(expected: string, model: JsonValue): number | undefined {
  switch (typeof model) {
    case 'string': {
      const text = expected.replaceAll('\\\'', '\'');
      return text < model ? -1 : Number(text > model);
    }
    case 'number':
      if (!NUMBER.test(expected)) throw new Inapplicable(`'${expected}' is no number`);
      return Number(expected) - model;
    case 'boolean':
      return Number(expected.toLowerCase() === 'true') - Number(model);
    default:
      return undefined;
  }
}

function isNullish(value: JsonValue): boolean {
  return value === null || value === 'null';
}
