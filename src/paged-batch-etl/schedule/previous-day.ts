import { RunWindowBinding } from './binding';
import { checkTimeZone } from '../../private/synth/time-zone';

/** The calendar day before the one in which the schedule was due. */
export function previousDay(options: { readonly begin: string; readonly end: string; readonly timeZone?: string }): RunWindowBinding {
  const { begin, end, timeZone = 'UTC' } = options;
  checkTimeZone('timeZone of RunWindow.previousDay', timeZone);
  return { config: { kind: 'previousDay', begin, end, timeZone } };
}
