import { RunParameterBinding } from './binding';
import type { ObjectIdParameterOptions } from './run-parameter-options';
import { checkText } from '../../private/synth/validation';

export function objectIdParameter({ defaultValue }: ObjectIdParameterOptions): RunParameterBinding {
  if (defaultValue !== undefined) {
    checkText('defaultValue of RunParameter.objectId', defaultValue, /^[0-9a-fA-F]{24}$/, '24 hexadecimal digits', 'leave out ObjectId( and quotes');
  }
  return { rule: { type: 'objectId' }, defaultValue };
}
