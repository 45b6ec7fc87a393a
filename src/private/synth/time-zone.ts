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
/** Offsets of all zones are less than that. */
const DAY = 1_440 * MINUTE;
/** All offsets are multiples of it, and all changes happen at one. */
const QUARTER = 15 * MINUTE;

/** No zone changes its clocks twice within a week. */
const WEEK = 7 * 1_440 * MINUTE;

/** Ten years show every rule there is. They are fixed, so that what synthesises today synthesises tomorrow. */
const [FIRST, LAST] = [Date.UTC(2026), Date.UTC(2036)];

/** Looks at every week, and for the quarter of an hour at which the offset changes in it. */
export function clockChangesOf(timeZone: string): ClockChanges {
  const offsetAt = offsetsOf(timeZone);
  const skippedHours = new Set<number>();
  let changing = false;
  for (let week = FIRST; week < LAST; week += WEEK) {
    const [before, after] = [offsetAt(week), offsetAt(week + WEEK)];
    if (before === after) continue;
    changing = true;
    const change = firstMoment(week, week + WEEK, (moment) => offsetAt(moment) !== before);
    // What clocks show, as the moment at which they would show it in UTC.
    for (let shown = change + before; shown < change + after; shown += QUARTER) skippedHours.add(new Date(shown).getUTCHours());
  }
  return { changing, skippedHours };
}

/** The first quarter of an hour for which something is so, where it is so for all after it and for the last one. */
function firstMoment(first: number, last: number, isSo: (moment: number) => boolean): number {
  let [before, after] = [first, last];
  while (after - before > QUARTER) {
    const middle = before + Math.floor((after - before) / QUARTER / 2) * QUARTER;
    if (isSo(middle)) after = middle;
    else before = middle;
  }
  return after;
}

/** What the clocks of a zone show at a moment: the moment at which they would show it in UTC. */
export function localTimeOf(moment: number, timeZone: string): number {
  return moment + offsetsOf(timeZone)(moment);
}

/**
 * The moment at which the clocks of a zone show something, which is given as the moment at which they would show it in UTC. Of two such moments it is the first. What clocks skip is later by
 * as much as they skip: so where they go forward at midnight, midnight is the first moment of the day. Temporal calls that `compatible`.
 */
export function momentOf(shown: number, timeZone: string): number {
  const offsetAt = offsetsOf(timeZone);
  const [before, after] = [offsetAt(shown - DAY), offsetAt(shown + DAY)];
  const moments = [shown - before, shown - after].filter((moment) => moment + offsetAt(moment) === shown);
  return moments.length === 0 ? shown - before : Math.min(...moments);
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
