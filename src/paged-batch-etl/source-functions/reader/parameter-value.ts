import { Temporal } from '@js-temporal/polyfill';
import { DATE_TEXT, ParameterRule } from '../../contracts/run-input';
import type { JsonValue } from '../../mongo-filter/structure/json-value';

/** A value is not of its parameter's type. */
export class InvalidValueError extends Error {
  /** @param expected what it has to be, in words */
  constructor(readonly expected: string) {
    super(`The value must be ${expected}`);
    this.name = 'InvalidValueError';
  }
}

/** Largest value of MongoDB's smaller integer type. */
const INT32_MOST = 2 ** 31 - 1;

const DATE_WORDS = 'an ISO 8601 date such as 2026-11-24, 2026-11-24T08:30:00, 2026-11-24T08:30:00.250Z or 2026-11-24T08:30:00+01:00, with milliseconds at most';

/**
 * The value of a parameter with its type, as canonical EJSON.
 *
 * @throws InvalidValueError
 */
export function typedValue(value: unknown, { type, timeZone }: ParameterRule): JsonValue {
  switch (type) {
    case 'date': return { $date: { $numberLong: `${epochMilliseconds(value, timeZone ?? 'UTC')}` } };
    case 'text': return textOf(value);
    case 'integer': return integerOf(value);
    case 'objectId': return { $oid: objectIdOf(value) };
  }
}

/** A date without an offset is read in the time zone; a time that its clocks skip is later by what they skip, one that they repeat is the first. */
function epochMilliseconds(value: unknown, timeZone: string): number {
  const [text, day, offset] = (typeof value === 'string' ? DATE_TEXT.exec(value) : null) ?? [];
  if (text === undefined) throw new InvalidValueError(DATE_WORDS);
  // Outside of what can throw for the date's sake: a time zone that is none is not the run's fault.
  const zone = Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
  try {
    if (offset !== undefined) return Temporal.Instant.from(text).epochMilliseconds;
    // Not 00:00 but the start of the day: where clocks go forward at midnight, there is no 00:00.
    if (text === day) return Temporal.PlainDate.from(text, { overflow: 'reject' }).toZonedDateTime(zone.timeZoneId).epochMilliseconds;
    return Temporal.PlainDateTime.from(text, { overflow: 'reject' }).toZonedDateTime(zone.timeZoneId, { disambiguation: 'compatible' }).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) throw new InvalidValueError(`a date that exists: ${DATE_WORDS}`);
    throw error;
  }
}

/** Half of a pair of surrogates has no bytes: the driver would send another character, which is in other documents. */
function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new InvalidValueError('a string');
  if (/\p{Surrogate}/u.test(value)) throw new InvalidValueError('a string of whole characters');
  return value;
}

/** MongoDB compares numbers across its types; the small one is what nearly all data has. */
function integerOf(value: unknown): JsonValue {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new InvalidValueError(`a whole number from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`);
  }
  const fits = value >= -INT32_MOST - 1 && value <= INT32_MOST;
  return fits ? { $numberInt: `${value}` } : { $numberLong: `${value}` };
}

function objectIdOf(value: unknown): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{24}$/i.test(value)) throw new InvalidValueError('an ObjectId: a string of 24 hexadecimal digits');
  return value.toLowerCase();
}
