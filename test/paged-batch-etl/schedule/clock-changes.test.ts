import { Temporal } from '@js-temporal/polyfill';
import { TimeZone } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { parseRecurrence } from '../../../local/scheduler/recurrence';
import { FixedWindowConfig } from '../../../src/paged-batch-etl/contracts/plan-run';
import { windowOf } from '../../../src/paged-batch-etl/schedule/function/window';
import { checkClocks } from '../../../src/paged-batch-etl/schedule/schedule-clock-check';
import { clockChangesOf } from '../../../src/private/synth/time-zone';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** Zones that skip different hours, whole or half ones, at several times of the year, and zones that never do. */
const ZONES = [
  'UTC', 'Asia/Kolkata', 'Europe/Berlin', 'Europe/London', 'America/New_York', 'America/Havana', 'America/Santiago', 'America/Nuuk', 'Africa/Casablanca',
  'Asia/Beirut', 'Atlantic/Azores', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Antarctica/Troll',
];

/** Moments in 2027 at which clocks change. */
function changesIn(timeZone: string): Temporal.Instant[] {
  const changes: Temporal.Instant[] = [];
  let next = Temporal.ZonedDateTime.from(`2027-01-01T00:00:00[${timeZone}]`).getTimeZoneTransition('next');
  while (next !== null && next.year === 2027) {
    changes.push(next.toInstant());
    next = next.getTimeZoneTransition('next');
  }
  return changes;
}

/** Whether the schedule, as the local Scheduler runs it, leaves time between two windows around a change of clocks. */
function leavesGap(expression: string, timeZone: string, window: FixedWindowConfig): boolean {
  return changesIn(timeZone).some((change) => {
    const createdAt = change.subtract({ hours: 72 }).epochMilliseconds;
    const due = parseRecurrence({ expression, timeZone, createdAt });
    let end: Temporal.Instant | undefined;
    for (let moment = due(createdAt); moment !== undefined && moment < change.add({ hours: 72 }).epochMilliseconds; moment = due(moment + 1)) {
      const next = windowOf(Temporal.Instant.fromEpochMilliseconds(moment), window);
      if (end !== undefined && Temporal.Instant.compare(next.begin, end) > 0) return true;
      end = next.end;
    }
    return false;
  });
}

function isRefused(expression: string, timeZone: string, window: FixedWindowConfig): boolean {
  try {
    checkClocks('Nightly', ScheduleExpression.expression(expression, TimeZone.of(timeZone)), window);
    return false;
  } catch {
    return true;
  }
}

const names = { begin: 'from', end: 'to' };

test.each(ZONES)('exactly those hours are refused at which a schedule would miss a day: %s', (timeZone) => {
  const window: FixedWindowConfig = { kind: 'previousDay', timeZone, ...names };
  const expressions = (hour: number) => [15, 59].map((minute) => `cron(${minute} ${hour} * * ? *)`);
  const missing = HOURS.filter((hour) => expressions(hour).some((expression) => leavesGap(expression, timeZone, window)));
  expect(HOURS.filter((hour) => expressions(hour).every((expression) => isRefused(expression, timeZone, window)))).toEqual(missing);
  expect([...clockChangesOf(timeZone).skippedHours].sort((a, b) => a - b)).toEqual(missing);
});

test.each(ZONES)('a schedule of hours is refused where it would miss one: %s', (timeZone) => {
  const window: FixedWindowConfig = { kind: 'lastHours', hours: 1, ...names };
  expect(isRefused('cron(5 * * * ? *)', timeZone, window)).toBe(leavesGap('cron(5 * * * ? *)', timeZone, window));
});
