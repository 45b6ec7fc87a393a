import { Token } from 'aws-cdk-lib';
import { WindowConfig } from '../contracts/plan-run';

const DAY_MINUTES = 24 * 60;

const UNIT_MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: DAY_MINUTES };

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** What no window of the schedule is for, as a phrase, where that is certain from the expression. Undefined where the windows may meet. */
export function gapsOf(expression: string, window: WindowConfig): string | undefined {
  if (Token.isUnresolved(expression) || window.kind === 'sinceWatermark') return undefined;
  const covered = window.kind === 'lastHours' ? window.hours * 60 : DAY_MINUTES;
  const [, amount, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (unit !== undefined) return Number(amount) * UNIT_MINUTES[unit] > covered ? `what lies between windows, for it is due with ${expression}` : undefined;
  // On a day that is left out nothing is due, so more than a day lies between two windows.
  if (covered > DAY_MINUTES || !leavesDaysOut(expression)) return undefined;
  return `some days, for it is not due on every day with ${expression}`;
}

/** Whether a cron expression names days of the month or of the week, or months, and not all of them. */
function leavesDaysOut(expression: string): boolean {
  const [, days, months, weekdays] = /^cron\(\S+ \S+ (\S+) (\S+) (\S+)(?: \S+)?\)$/.exec(expression) ?? [];
  if (days === undefined) return false;
  return !isEvery(days, 31, []) || !isEvery(months, 12, MONTHS) || !isEvery(weekdays, 7, WEEKDAYS);
}

/** Whether a field of a cron expression has all values from 1 on. Values such as `L`, `15W` or `2#1` are single days. */
function isEvery(field: string, last: number, names: readonly string[]): boolean {
  if (field === '*' || field === '?') return true;
  return new Set(field.split(',').flatMap((part) => valuesOf(part, last, names))).size === last;
}

function valuesOf(part: string, last: number, names: readonly string[]): number[] {
  const [, from, to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
  const numberOf = (value: string) => (names.includes(value.toUpperCase()) ? names.indexOf(value.toUpperCase()) + 1 : Number(value));
  const first = from === undefined || from === '*' ? 1 : numberOf(from);
  const end = to === undefined ? (from === '*' || step !== undefined ? last : first) : numberOf(to);
  // A range may go over the end of the week: FRI-MON.
  const length = end >= first ? end - first + 1 : end + last - first + 1;
  if (from === undefined || !(first >= 1 && first <= last && end >= 1 && end <= last)) return [];
  const steps = Array.from({ length }, (_, index) => index).filter((index) => index % Number(step ?? 1) === 0);
  return steps.map((index) => ((first - 1 + index) % last) + 1);
}
