import { Token } from 'aws-cdk-lib';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { QueryParameterBinding } from './binding';
import { given, jsonInText } from './mapping';
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
    // The value itself, and not its JSON text, which may spell a quote in another way.
    literal: (parameter) => `${given('value', `Parameters.${parameter}`)}\\"'${jsonInText(jsonInText('$value.replaceAll("\'", "\'\'")'))}'\\"`,
  };
}
