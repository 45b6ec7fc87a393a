import { RunParameterBinding } from './binding';
import type { ObjectIdParameterOptions } from './run-parameter-options';
import { checkParameterValue } from './value-check';

export function objectIdParameter({ defaultValue }: ObjectIdParameterOptions): RunParameterBinding {
  const rule = { type: 'objectId' } as const;
  if (defaultValue !== undefined) checkParameterValue('defaultValue of RunParameter.objectId', rule, defaultValue);
  return { rule, defaultValue };
}
