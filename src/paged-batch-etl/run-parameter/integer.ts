import { RunParameterBinding } from './binding';
import type { IntegerParameterOptions } from './run-parameter-options';
import { checkParameterValue } from './value-check';

export function integerParameter({ defaultValue }: IntegerParameterOptions): RunParameterBinding {
  const rule = { type: 'integer' } as const;
  if (defaultValue !== undefined) checkParameterValue('defaultValue of RunParameter.integer', rule, defaultValue);
  return { rule, defaultValue };
}
