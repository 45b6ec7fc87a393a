import { RunWindowBinding } from './binding';
import type { PreviousDayOptions } from './run-window-options';
import { checkTimeZone } from '../../private/synth/time-zone';

/** The calendar day before the one in which the schedule was due. */
export function previousDay({ begin, end, timeZone = 'UTC' }: PreviousDayOptions): RunWindowBinding {
  checkTimeZone('timeZone of RunWindow.previousDay', timeZone);
  return { config: { kind: 'previousDay', begin, end, timeZone } };
}
