import { Temporal } from '@js-temporal/polyfill';

/**
 * Wall time is what the clocks of a time zone show, written as the epoch milliseconds at which clocks in UTC show the same.
 */
export function wallTimeAt(moment: number, timeZone: string): number {
  return asUtc(Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(timeZone).toPlainDateTime());
}

/** The first moment at which the clocks of the zone show this wall time; undefined when they leave it out. */
export function startOfWallTime(wallTime: number, timeZone: string): number | undefined {
  const wanted = Temporal.Instant.fromEpochMilliseconds(wallTime).toZonedDateTimeISO('UTC').toPlainDateTime();
  const zoned = wanted.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  return zoned.toPlainDateTime().equals(wanted) ? zoned.epochMilliseconds : undefined;
}

/** Fails for a name that is none of a time zone. */
export function assertTimeZone(timeZone: string): void {
  try {
    wallTimeAt(0, timeZone);
  } catch {
    throw new Error(`Invalid ScheduleExpressionTimezone ${timeZone}.`);
  }
}

function asUtc(dateTime: Temporal.PlainDateTime): number {
  return dateTime.toZonedDateTime('UTC').epochMilliseconds;
}
