import { Token } from 'aws-cdk-lib';
import { momentOf } from '../../private/synth/time-zone';
import { InvalidPropError, refuseToken } from '../../private/synth/validation';
import { DATE_TEXT } from '../contracts/run-input';

/**
 * Epoch milliseconds of a moment that the user names, in whole seconds.
 *
 * @param timeZone in which it is read if it has no offset
 */
export function checkMoment(what: string, text: string, timeZone: string): number {
  refuseToken(what, Token.isUnresolved(text), 'the windows are computed from it');
  const moment = readMoment(text, timeZone);
  if (moment !== undefined) return moment;
  throw new InvalidPropError(
    what, text, 'a date, or a date and a time in whole seconds, as ISO 8601 writes them', 'such as 2026-11-24 or 2026-11-24T06:00:00+01:00',
  );
}

function readMoment(text: string, timeZone: string): number | undefined {
  const [, day, offset] = DATE_TEXT.exec(text) ?? [];
  if (day === undefined || !exists(day)) return undefined;
  const moment = Date.parse(offset === undefined ? `${text.length === day.length ? `${day}T00:00` : text}Z` : text);
  if (Number.isNaN(moment) || moment % 1_000 !== 0) return undefined;
  return offset === undefined ? momentOf(moment, timeZone) : moment;
}

/** JavaScript would take 30 February for 1 March. */
function exists(day: string): boolean {
  return !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
}
