import { Token } from 'aws-cdk-lib';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { QueryParameterBinding } from './binding';
import { field, NO_VALUE } from './mapping';
import type { TextQueryParameterOptions } from './query-parameter-options';
import { checkInteger, refuseToken, theDefaultIs } from '../../private/synth/validation';

/** An execution parameter has up to 1,024 characters, two of which are the quotes; a quote in the text counts twice. Source: Athena API reference, StartQueryExecution. */
export const MAX_TEXT_LENGTH = (1_024 - 2) / 2;

/** A text in single quotes, those in it doubled: nothing else ends a text in Athena's SQL. */
export function textParameter({ maxLength = MAX_TEXT_LENGTH }: TextQueryParameterOptions): QueryParameterBinding {
  const what = 'maxLength of QueryParameter.text';
  refuseToken(what, Token.isUnresolved(maxLength), 'the request model is made from it');
  checkInteger(what, maxLength, { min: 1, max: MAX_TEXT_LENGTH }, theDefaultIs(MAX_TEXT_LENGTH));
  return {
    schema: { type: JsonSchemaType.STRING, maxLength },
    literal: (parameter) => (
      // JSON text of a text begins and ends with a quote, which is two characters here.
      `#set($value = ${field(`Parameters.${parameter}`)})#if($value.startsWith('\\"'))#set($end = $value.length() - 2)`
      + `\\"'$value.substring(2, $end).replaceAll("'", "''")'\\"#{else}${NO_VALUE}#end`
    ),
  };
}
