import { Token } from 'aws-cdk-lib';
import { RunParameterBinding } from './binding';
import type { IntegerParameterOptions } from './run-parameter-options';
import { InvalidPropError } from '../../private/synth/validation';

export function integerParameter({ defaultValue }: IntegerParameterOptions): RunParameterBinding {
  if (defaultValue !== undefined && !Token.isUnresolved(defaultValue) && !Number.isSafeInteger(defaultValue)) {
    throw new InvalidPropError(
      'defaultValue of RunParameter.integer', defaultValue, `a whole number from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}`,
      'a JSON number cannot carry a larger one exactly',
    );
  }
  return { rule: { type: 'integer' }, defaultValue };
}
