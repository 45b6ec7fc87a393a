import { RunParameterBinding } from './binding';
import type { TextParameterOptions } from './run-parameter-options';

export function textParameter({ defaultValue }: TextParameterOptions): RunParameterBinding {
  return { rule: { type: 'text' }, defaultValue };
}
