import { RunParameterBinding } from './binding';
import type { DateParameterOptions } from './run-parameter-options';
import { checkParameterValue } from './value-check';
import { checkTimeZone } from '../../private/synth/time-zone';
import { ParameterRule } from '../contracts/run-input';

export function dateParameter({ defaultValue, timeZone }: DateParameterOptions): RunParameterBinding {
  const rule: ParameterRule = { type: 'date', ...(timeZone !== undefined && { timeZone }) };
  if (defaultValue !== undefined) checkParameterValue('defaultValue of RunParameter.date', rule, defaultValue);
  if (timeZone !== undefined) checkTimeZone('timeZone of RunParameter.date', timeZone);
  return { rule, defaultValue };
}
