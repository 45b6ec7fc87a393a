import { Token } from 'aws-cdk-lib';
import { RunWindowBinding } from './binding';
import type { LastHoursOptions } from './run-window-options';
import { checkInteger, refuseToken } from '../../private/synth/validation';

/** Hours of a leap year: longer windows are runs that somebody starts by hand. */
export const MOST_HOURS = 366 * 24;

/** The last hours that were complete when the schedule was due. */
export function lastHours({ hours, begin, end }: LastHoursOptions): RunWindowBinding {
  refuseToken('hours of RunWindow.lastHours', Token.isUnresolved(hours), 'write the number out');
  checkInteger('hours of RunWindow.lastHours', hours, { min: 1, max: MOST_HOURS }, 'such as 1 for a schedule that is due every hour');
  return { config: { kind: 'lastHours', begin, end, hours } };
}
