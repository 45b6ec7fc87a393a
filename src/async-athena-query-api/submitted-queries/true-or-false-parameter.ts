import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { QueryParameterBinding } from './binding';
import { literalIf } from './mapping';

export function trueOrFalseParameter(): QueryParameterBinding {
  return { schema: { type: JsonSchemaType.BOOLEAN }, literal: (parameter) => literalIf(parameter, 'true|false') };
}
