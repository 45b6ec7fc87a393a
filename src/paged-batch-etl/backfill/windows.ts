import { Duration } from 'aws-cdk-lib';
import { localTimeOf, momentOf } from '../../private/synth/time-zone';
import { InvalidPropError, refuseToken } from '../../private/synth/validation';
import { checkMoment } from '../run-parameter/moment';

/** A half-open stretch of time, in epoch milliseconds. */
export interface BackfillWindow {
  readonly begin: number;
  readonly end: number;
}

export interface WindowsOptions {
  readonly begin: string;
  readonly end: string;
  readonly step: Duration;
  readonly timeZone: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * The windows of a backfill, in the order of time: each begins where the one before it ends.
 *
 * @param most how many there may be
 */
export function windowsOf(id: string, { begin, end, step, timeZone }: WindowsOptions, most: number): readonly BackfillWindow[] {
  const of = `of backfill ${id}`;
  const first = checkMoment(`begin ${of}`, begin, timeZone);
  const last = checkMoment(`end ${of}`, end, timeZone);
  if (last <= first) throw new InvalidPropError(`end ${of}`, end, `after begin, ${begin}`, 'a backfill goes from begin to end');
  const length = checkStep(`step ${of}`, step);
  const tooMany = (windows: number) => new InvalidPropError(
    `step ${of}`, step.toHumanString(), `long enough for at most ${most} windows`,
    `there would be ${windows}, and the history of an execution has room for ${most}: take a longer step, or several backfills, one after another`,
  );
  // A list of millions is not even made. That a day may have an hour more or less changes nothing about it.
  const about = Math.ceil((last - first) / length);
  if (about > 2 * most) throw tooMany(about);
  const windows = cut(first, last, length, timeZone);
  if (windows.length > most) throw tooMany(windows.length);
  return windows;
}

/** Where a whole day is missing, as at the date line, the window of that day would be empty: it is left out. */
function cut(first: number, last: number, length: number, timeZone: string): BackfillWindow[] {
  const startOfNext = startsOf(first, length, timeZone);
  const windows: BackfillWindow[] = [];
  for (let number = 1, begin = first; begin < last; number++) {
    const end = Math.min(startOfNext(number), last);
    if (end > begin) windows.push({ begin, end });
    begin = end;
  }
  return windows;
}

/** When the window with that number begins. Hours are those of UTC, which are all alike; days are those of the calendar. */
function startsOf(first: number, length: number, timeZone: string): (number: number) => number {
  if (length % DAY !== 0) return (number) => first + number * length;
  const local = localTimeOf(first, timeZone);
  return (number) => momentOf(local + number * length, timeZone);
}

function checkStep(what: string, step: Duration): number {
  refuseToken(what, step.isUnresolved(), 'the windows are computed from it');
  const length = step.toMilliseconds({ integral: false });
  if (length >= HOUR && length % HOUR === 0) return length;
  throw new InvalidPropError(what, step.toHumanString(), 'whole hours, or whole days', 'such as Duration.days(1)');
}
