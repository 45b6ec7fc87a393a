import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { QueryParameterBinding } from './binding';
import { literalIf } from './mapping';

/** At most 38 digits, which is what a decimal of Athena holds. Source: Athena user guide, "Data types in Amazon Athena". */
const DECIMAL = '-?[0-9]{1,20}(?:[.][0-9]{1,18})?';

/** A decimal number, in JSON a text: many programs read a number of JSON into a float, which would change it. */
export function decimalNumberParameter(): QueryParameterBinding {
  return { schema: { type: JsonSchemaType.STRING, pattern: `^${DECIMAL}$` }, literal: (parameter) => literalIf(parameter, DECIMAL) };
}
