import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { QueryParameterBinding } from './binding';
import { CALENDAR_DATE } from './calendar-date';
import { literalIf } from './mapping';

/** Athena's timestamps have milliseconds. Source: Athena user guide, "Data types in Amazon Athena". */
const TIMESTAMP = `${CALENDAR_DATE}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,3})?`;

/** `CAST('2026-01-31 06:30:00.000' AS TIMESTAMP)`. */
export function timestampParameter(): QueryParameterBinding {
  return {
    schema: { type: JsonSchemaType.STRING, pattern: `^${TIMESTAMP}$` },
    literal: (parameter) => literalIf(parameter, TIMESTAMP, (value) => `CAST('${value}.replace('T', ' ')' AS TIMESTAMP)`),
  };
}
