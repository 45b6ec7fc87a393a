import { Token } from 'aws-cdk-lib';
import { checkText, InvalidPropError } from '../../private/synth/validation';
import { DATE_TEXT, ParameterRule } from '../contracts/run-input';

/** Refuses a value that no run could give for the parameter. One that is not known until deployment is left alone, but for its type in JSON. */
export function checkParameterValue(what: string, { type }: ParameterRule, value: string | number): void {
  if (type === 'integer') {
    if (Token.isUnresolved(value) && typeof value === 'number') return;
    if (Number.isSafeInteger(value)) return;
    throw new InvalidPropError(
      what, value, `a whole number from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`, 'a JSON number cannot carry a larger one exactly',
    );
  }
  if (typeof value !== 'string') throw new InvalidPropError(what, value, 'a text', 'put it in quotes');
  if (Token.isUnresolved(value)) return;
  if (type === 'objectId') checkText(what, value, /^[0-9a-fA-F]{24}$/, '24 hexadecimal digits', 'leave out ObjectId( and quotes');
  if (type === 'date' && !isDate(value)) {
    throw new InvalidPropError(what, value, 'a date, or a date and a time, as ISO 8601 writes them', 'such as 2026-11-24 or 2026-11-24T06:30:00');
  }
}

/** Whether the date is written as it should be and exists: JavaScript would take 30 February for 1 March. */
function isDate(text: string): boolean {
  const day = DATE_TEXT.exec(text)?.[1];
  if (day === undefined || Number.isNaN(Date.parse(text)) || Number.isNaN(Date.parse(day))) return false;
  return new Date(day).toISOString().startsWith(day);
}
