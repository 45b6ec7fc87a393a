import { Token } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { clockChangesOf } from '../../private/synth/time-zone';
import { InvalidPropError } from '../../private/synth/validation';
import { WindowConfig } from '../contracts/plan-run';

/**
 * Refuses a recurring schedule that would miss a window when clocks change.
 *
 * Scheduler leaves out what is due at a time that clocks skip, and does not repeat what is due at a time that clocks show twice. Source:
 * EventBridge Scheduler user guide, "Schedule types", on daylight saving time.
 */
export function checkClocks(id: string, schedule: ScheduleExpression, window: WindowConfig): void {
  const { expressionString: expression, timeZone: { timezoneName: timeZone } = { timezoneName: 'UTC' } } = schedule;
  if (Token.isUnresolved(expression) || Token.isUnresolved(timeZone) || expression.startsWith('at(')) return;
  // What one window leaves out, the next one has.
  if (window.kind === 'sinceWatermark') return;
  const changes = clockChangesOf(timeZone);
  if (window.kind === 'lastHours') {
    if (!changes.changing) return;
    throw new InvalidPropError(
      `the time zone of schedule ${id}`, timeZone, 'one whose clocks never change, for a window of hours',
      'Scheduler leaves hours out when clocks change, and their windows would be missed: use a rate, or UTC',
    );
  }
  if (window.timeZone !== timeZone && (changes.changing || clockChangesOf(window.timeZone).changing)) {
    throw new InvalidPropError(
      `the time zone of schedule ${id}`, timeZone, `that of its window, ${window.timeZone}`,
      'where clocks change, a day could pass there without the schedule being due: use cron with that time zone, or give the window the other',
    );
  }
  const hours = hoursOf(expression);
  if (hours.length > 0 && hours.every((hour) => changes.skippedHours.has(hour))) {
    throw new InvalidPropError(
      `the hour of schedule ${id}`, hours.join(), `one that every day has in ${timeZone}`,
      'Scheduler leaves out what is due while clocks skip it, and the window would be missed: choose a later hour',
    );
  }
}

/** Hours of the day at which a cron expression is due, if it lists them; one with a range or a step has many. */
function hoursOf(expression: string): number[] {
  const [, hours = ''] = /^cron\(\S+ (\d+(?:,\d+)*) /.exec(expression) ?? [];
  return hours.split(',').filter((hour) => hour !== '').map(Number);
}
