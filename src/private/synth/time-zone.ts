import { Token } from 'aws-cdk-lib';
import { InvalidPropError, refuseToken } from './validation';

/** Refuses what is no time zone of the IANA database, as far as this Node.js knows it. */
export function checkTimeZone(what: string, timeZone: string): void {
  refuseToken(what, Token.isUnresolved(timeZone), 'write the name out');
  if (!isTimeZone(timeZone)) throw new InvalidPropError(what, timeZone, 'a time zone of the IANA database', 'such as `Europe/Berlin` or `UTC`');
}

function isTimeZone(name: string): boolean {
  // Newer versions of Node.js take offsets too, such as `+01:00`, which are no names and know no summer time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** How the clocks of a time zone change, as far as it is known today. */
export interface ClockChanges {
  readonly changing: boolean;
  /** Hours of the day, 0 to 23, that on some days do not exist or are not whole. */
  readonly skippedHours: ReadonlySet<number>;
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** Ten years show every rule there is. They are fixed, so that what synthesises today synthesises tomorrow. */
const [FIRST_DAY, LAST_DAY] = [Date.UTC(2026), Date.UTC(2036)];

const known = new Map<string, ClockChanges>();

/** Found once for each zone: it takes a while. */
export function clockChangesOf(timeZone: string): ClockChanges {
  const changes = known.get(timeZone) ?? findClockChanges(timeZone);
  known.set(timeZone, changes);
  return changes;
}

/** Looks at every day, and at the minutes of those on which the offset changes. */
function findClockChanges(timeZone: string): ClockChanges {
  const offsetAt = offsetsOf(timeZone);
  const skippedHours = new Set<number>();
  let changing = false;
  for (let day = FIRST_DAY; day < LAST_DAY; day += DAY) {
    const [before, after] = [offsetAt(day), offsetAt(day + DAY)];
    if (before === after) continue;
    changing = true;
    let moment = day;
    while (offsetAt(moment) === before) moment += 15 * MINUTE;
    // What clocks show, as the moment at which they would show it in UTC.
    for (let skipped = moment + before; skipped < moment + after; skipped += 15 * MINUTE) skippedHours.add(new Date(skipped).getUTCHours());
  }
  return { changing, skippedHours };
}

/** Milliseconds by which the clocks of a zone are ahead of UTC at a moment. */
function offsetsOf(timeZone: string): (moment: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (moment) => {
    const name = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
    const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE;
    return sign === '-' ? -size : size;
  };
}
