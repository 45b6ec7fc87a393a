import { Cron } from 'croner';
import { startOfWallTime, wallTimeAt } from './wall-time';

const NUMBER = String.raw`\d{1,4}`;
const MONTH = `(?:${NUMBER}|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)`;
const WEEKDAY = '(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)';

/** A list of values, ranges and steps. */
const values = (value: string) => String.raw`(?:(?:\*|${value}(?:-${value})?)(?:\/\d{1,4})?)(?:,(?:\*|${value}(?:-${value})?)(?:\/\d{1,4})?)*`;

/** What each field may be. Source: EventBridge Scheduler user guide, "Cron-based schedules". */
const FIELDS: readonly { readonly name: string; readonly form: RegExp }[] = [
  { name: 'minutes', form: new RegExp(`^${values(NUMBER)}$`) },
  { name: 'hours', form: new RegExp(`^${values(NUMBER)}$`) },
  { name: 'day of month', form: new RegExp(String.raw`^(?:\?|${values(NUMBER)}|L|LW|\d{1,2}W)$`) },
  { name: 'month', form: new RegExp(`^${values(MONTH)}$`) },
  { name: 'day of week', form: new RegExp(String.raw`^(?:\?|${values(WEEKDAY)}|${WEEKDAY}L|${WEEKDAY}#[1-5])$`) },
  { name: 'year', form: new RegExp(`^${values(NUMBER)}$`) },
];

/** Years that Scheduler takes. */
const YEARS = { first: 1970, last: 2199 };

const SECOND = 1000;

/** Reads the six fields of a cron expression; answers the first moment it names at or after another one, in epoch milliseconds. */
export function parseCron(text: string, timeZone: string): (moment: number) => number | undefined {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) throw new Error(`cron(${text}): expected minutes, hours, day of month, month, day of week and year`);
  FIELDS.forEach(({ name, form }, index) => {
    if (!form.test(fields[index])) throw new Error(`cron(${text}): the local cloud does not implement the ${name} ${fields[index]}`);
  });
  if ((fields[2] === '?') === (fields[4] === '?')) throw new Error(`cron(${text}): one of day of month and day of week must be ?, the other must not`);
  const years = fields[5].match(/\d{4}/g) ?? [];
  if (years.some((year) => Number(year) < YEARS.first || Number(year) > YEARS.last)) {
    throw new Error(`cron(${text}): years go from ${YEARS.first} to ${YEARS.last}`);
  }
  const cron = new Cron(`0 ${fields.join(' ')}`, {
    paused: true,
    mode: '7-part',
    // Wall time is computed as if it were UTC: what a change to or from summer time does to it is decided below, as Scheduler documents it.
    timezone: 'UTC',
    // As in Quartz, Sunday is 1; both day fields must fit; a step may follow a single number.
    alternativeWeekdays: true,
    domAndDow: true,
    sloppyRanges: true,
  });
  return (moment) => {
    const wallSecond = Math.ceil(wallTimeAt(moment, timeZone) / SECOND) * SECOND;
    for (let wall = cron.nextRun(new Date(wallSecond - SECOND)); wall !== null; wall = cron.nextRun(wall)) {
      if (wall.getUTCFullYear() > YEARS.last) return undefined;
      const start = startOfWallTime(wall.getTime(), timeZone);
      // A time that summer time leaves out is skipped; one that comes twice counts once, the first time.
      if (start !== undefined && start >= moment) return start;
    }
    return undefined;
  };
}
