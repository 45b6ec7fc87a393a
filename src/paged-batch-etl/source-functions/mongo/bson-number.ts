import { Decimal128, Double, Int32, Long, Timestamp } from 'mongodb';

/** A number as BSON has it, or as JavaScript does. */
export type BsonNumber = number | bigint | Int32 | Long | Double | Decimal128;

/** A number without rounding: `numerator / denominator`, the denominator positive. */
interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function isBsonNumber(value: unknown): value is BsonNumber {
  // A timestamp is built on Long, and is no number.
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Int32 || value instanceof Double
    || value instanceof Decimal128 || (value instanceof Long && !(value instanceof Timestamp));
}

export function isNaNNumber(value: BsonNumber): boolean {
  return Number.isNaN(approximate(value));
}

/**
 * Order of two numbers of any types by their exact values, as MongoDB has it: NaN comes first, and -0 equals 0. A result below 0 says that
 * the first one comes first.
 */
export function compareNumbers(a: BsonNumber, b: BsonNumber): number {
  const [x, y] = [approximate(a), approximate(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(y)) - Number(Number.isNaN(x));
  if (isDouble(a) && isDouble(b)) return order(x, y);
  if (isInfinite(a) || isInfinite(b)) return order(isInfinite(a) ? x : 0, isInfinite(b) ? y : 0);
  const [left, right] = [fractionOf(a), fractionOf(b)];
  return order(left.numerator * right.denominator, right.numerator * left.denominator);
}

/** As JavaScript's number, rounded; a decimal can round to infinity. */
function approximate(value: BsonNumber): number {
  if (typeof value === 'object') return value instanceof Decimal128 ? Number(value.toString()) : Number(value.valueOf());
  return Number(value);
}

function isDouble(value: BsonNumber): boolean {
  return typeof value === 'number' || value instanceof Double || value instanceof Int32;
}

function isInfinite(value: BsonNumber): boolean {
  return value instanceof Decimal128 ? value.toString().endsWith('Infinity') : !Number.isFinite(approximate(value));
}

function fractionOf(value: BsonNumber): Fraction {
  if (typeof value === 'bigint') return { numerator: value, denominator: 1n };
  if (value instanceof Long) return { numerator: value.toBigInt(), denominator: 1n };
  if (value instanceof Decimal128) return fractionOfDecimal(value.toString());
  return fractionOfDouble(approximate(value));
}

/** A double is a whole number times a power of two. */
function fractionOfDouble(value: number): Fraction {
  let numerator = value;
  let denominator = 1n;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    denominator *= 2n;
  }
  return { numerator: BigInt(numerator), denominator };
}

/** `-12.50` and `1.25E+3`: the driver's text of a decimal is exact. */
function fractionOfDecimal(text: string): Fraction {
  const [, sign, whole, fraction = '', exponentText = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]\d+))?$/.exec(text) ?? [];
  const exponent = BigInt(exponentText) - BigInt(fraction.length);
  const digits = BigInt(`${sign}${whole}${fraction}`);
  if (exponent >= 0n) return { numerator: digits * 10n ** exponent, denominator: 1n };
  return { numerator: digits, denominator: 10n ** -exponent };
}

function order<T extends number | bigint>(a: T, b: T): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}
