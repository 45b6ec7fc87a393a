import { Item } from 'dynalite/db';
import { ServiceError } from '../aws/service';

/** Digits of a number, and its exponents. Source: developer guide, "Supported data types and naming rules". */
export const MAX_DIGITS = 38;
const MAX_EXPONENT = 125;
const MIN_EXPONENT = -130;

/**
 * Looks at what sums have come to. Numbers of requests are checked before; of sums, the engine takes any. DynamoDB says the same of too many digits as of
 * too large a number. Source: the tests of ScyllaDB Alternator, which also run against DynamoDB.
 */
export function assertNumbers(item: Item): void {
  for (const [, digits] of JSON.stringify(item).matchAll(/"N":"-?([\d.]+)"/g)) {
    const [whole, fraction = ''] = digits.split('.');
    const significant = `${whole}${fraction}`.replace(/^0+|0+$/g, '');
    if (significant.length > MAX_DIGITS || whole.length > MAX_EXPONENT + 1) {
      throw new ServiceError('ValidationException', 'Number overflow. Attempting to store a number with magnitude larger than supported range');
    }
    const [zeros] = /^0*/.exec(fraction) ?? [''];
    if (whole === '0' && significant !== '' && zeros.length >= -MIN_EXPONENT) {
      throw new ServiceError('ValidationException', 'Number underflow. Attempting to store a number with magnitude smaller than supported range');
    }
  }
}
