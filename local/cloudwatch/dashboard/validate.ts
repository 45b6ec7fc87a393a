import Ajv from 'ajv';
import { JsonObject, JsonValue } from '../../json';

export interface ValidationProblem {
  /** `/widgets/0/properties/metrics/0`. */
  readonly path: string;
  readonly message: string;
}

/** What is wrong with a value by a schema, in words like those of CloudWatch. */
export function problemsOf(schema: JsonObject, value: JsonValue, path: string): ValidationProblem[] {
  const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false }).compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = 'is not valid', params }) => {
    const detail: unknown = params.additionalProperty ?? params.allowedValues;
    return { path: path + instancePath, message: `${message.replace(/^must/, 'Should')}${detail === undefined ? '' : `: ${JSON.stringify(detail)}`}` };
  });
}
