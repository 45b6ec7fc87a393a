import { JsonObject, JsonValue } from '../aws/service';

/** Whether a value is a JSON object (no list, not null). */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as AWS puts it into messages: strings as they are, everything else as JSON. */
export function printJson(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
