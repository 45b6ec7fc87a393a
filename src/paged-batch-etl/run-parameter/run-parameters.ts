import { Token } from 'aws-cdk-lib';
import { RunParameterBinding } from './binding';
import { checkTimeZone } from '../../private/synth/time-zone';
import { checkText, InvalidPropError } from '../../private/synth/validation';
import { DATE_TEXT } from '../contracts/run-input';

export function dateParameter({ defaultValue, timeZone }: { readonly defaultValue?: string; readonly timeZone?: string }): RunParameterBinding {
  if (defaultValue !== undefined && !Token.isUnresolved(defaultValue) && !isDate(defaultValue)) {
    throw new InvalidPropError(
      'defaultValue of RunParameter.date', defaultValue, 'a date, or a date and a time, as ISO 8601 writes them', 'such as 2026-11-24 or 2026-11-24T06:30:00',
    );
  }
  if (timeZone !== undefined) checkTimeZone('timeZone of RunParameter.date', timeZone);
  return { rule: { type: 'date', ...(timeZone !== undefined && { timeZone }) }, defaultValue };
}

export function textParameter({ defaultValue }: { readonly defaultValue?: string }): RunParameterBinding {
  return { rule: { type: 'text' }, defaultValue };
}

export function integerParameter({ defaultValue }: { readonly defaultValue?: number }): RunParameterBinding {
  if (defaultValue !== undefined && !Token.isUnresolved(defaultValue) && !Number.isSafeInteger(defaultValue)) {
    throw new InvalidPropError(
      'defaultValue of RunParameter.integer', defaultValue, `a whole number from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`,
      'a JSON number cannot carry a larger one exactly',
    );
  }
  return { rule: { type: 'integer' }, defaultValue };
}

export function objectIdParameter({ defaultValue }: { readonly defaultValue?: string }): RunParameterBinding {
  if (defaultValue !== undefined) {
    checkText('defaultValue of RunParameter.objectId', defaultValue, /^[0-9a-fA-F]{24}$/, '24 hexadecimal digits', 'leave out ObjectId( and quotes');
  }
  return { rule: { type: 'objectId' }, defaultValue };
}

/** Whether the date is written as it should be and exists: JavaScript would take 30 February for 1 March. */
function isDate(text: string): boolean {
  const day = DATE_TEXT.exec(text)?.[1];
  if (day === undefined || Number.isNaN(Date.parse(text)) || Number.isNaN(Date.parse(day))) return false;
  return new Date(day).toISOString().startsWith(day);
}
