import { Token } from 'aws-cdk-lib';
import { RunParameterBinding } from './binding';
import type { DateParameterOptions } from './run-parameter-options';
import { checkTimeZone } from '../../private/synth/time-zone';
import { InvalidPropError } from '../../private/synth/validation';
import { DATE_TEXT } from '../contracts/run-input';

export function dateParameter({ defaultValue, timeZone }: DateParameterOptions): RunParameterBinding {
  if (defaultValue !== undefined && !Token.isUnresolved(defaultValue) && !isDate(defaultValue)) {
    throw new InvalidPropError(
      'defaultValue of RunParameter.date', defaultValue, 'a date, or a date and a time, as ISO 8601 writes them', 'such as 2026-11-24 or 2026-11-24T06:30:00',
    );
  }
  if (timeZone !== undefined) checkTimeZone('timeZone of RunParameter.date', timeZone);
  return { rule: { type: 'date', ...(timeZone !== undefined && { timeZone }) }, defaultValue };
}

/** Whether the date is written as it should be and exists: JavaScript would take 30 February for 1 March. */
function isDate(text: string): boolean {
  const day = DATE_TEXT.exec(text)?.[1];
  if (day === undefined || Number.isNaN(Date.parse(text)) || Number.isNaN(Date.parse(day))) return false;
  return new Date(day).toISOString().startsWith(day);
}
