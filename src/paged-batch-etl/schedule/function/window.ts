import { Temporal } from '@js-temporal/polyfill';
import { FixedWindowConfig } from '../../contracts/plan-run';

/** A half-open stretch of time: `begin` is in it, `end` is not. */
export interface TimeWindow {
  readonly begin: Temporal.Instant;
  readonly end: Temporal.Instant;
}

/** The window of a schedule that was due at that time, where it hangs on nothing else. */
export function windowOf(scheduledTime: Temporal.Instant, config: FixedWindowConfig): TimeWindow {
  switch (config.kind) {
    case 'previousDay': return previousDay(scheduledTime, config.timeZone);
    case 'lastHours': return lastHours(scheduledTime, config.hours);
  }
}

/**
 * The day that ended when this one began. It is found by its last moment and not by its date: where a zone crossed the date line, a date is
 * missing, and the day before lies two dates back.
 */
function previousDay(scheduledTime: Temporal.Instant, timeZone: string): TimeWindow {
  const end = startOfDay(scheduledTime, timeZone);
  return { begin: startOfDay(end.subtract({ nanoseconds: 1 }), timeZone), end };
}

/** Not always midnight: where clocks go forward at midnight, the day begins at one. */
function startOfDay(instant: Temporal.Instant, timeZone: string): Temporal.Instant {
  return instant.toZonedDateTimeISO(timeZone).startOfDay().toInstant();
}

/** Instants are rounded in UTC. */
function lastHours(scheduledTime: Temporal.Instant, hours: number): TimeWindow {
  const end = scheduledTime.round({ smallestUnit: 'hour', roundingMode: 'floor' });
  return { begin: end.subtract({ hours }), end };
}
