import { types } from 'node:util';

/**
 * Tells a RangeError, which is what too many levels of calls end with, from other errors. By its name, because `instanceof` does not know
 * the errors of Node's own functions where code runs in a context of its own, as it does in Jest.
 */
export function isRangeError(error: unknown): error is RangeError {
  return types.isNativeError(error) && error.name === 'RangeError';
}
