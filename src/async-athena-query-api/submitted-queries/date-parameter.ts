import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { QueryParameterBinding } from './binding';
import { CALENDAR_DATE } from './calendar-date';
import { literalIf } from './mapping';

/** `CAST('2026-01-31' AS DATE)`. Source: Athena user guide, "Use parameterized queries". */
export function dateParameter(): QueryParameterBinding {
  return {
    schema: { type: JsonSchemaType.STRING, pattern: `^${CALENDAR_DATE}$` },
    literal: (parameter) => literalIf(parameter, CALENDAR_DATE, (value) => `CAST('${value}' AS DATE)`),
  };
}
