import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { QueryParameterBinding } from './binding';
import { literalIf } from './mapping';

/** A whole number, as far as every JSON reader keeps it exactly. */
export function integerParameter(): QueryParameterBinding {
  return {
    schema: { type: JsonSchemaType.INTEGER, minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
    literal: (parameter) => literalIf(parameter, '-?[0-9]{1,16}'),
  };
}
