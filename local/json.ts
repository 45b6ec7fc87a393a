/** JSON, as templates, requests and answers are made of it. Every service reads it with the functions here; this file imports nothing. */

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** Whether a value is a JSON object: no list, not null. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an object has under the name; undefined for everything that is no object. */
export function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isObject(value) ? value[name] : undefined;
}

/** The value that a text is the JSON of; undefined for a text that is no JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A value as AWS puts it into messages: strings as they are, everything else as JSON. */
export function printJson(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The value as an object; an error that names the place otherwise. */
export function expectObject(value: JsonValue | undefined, path: string): JsonObject {
  return isObject(value) ? value : wrong(value, 'an object', path);
}

/** The value as a list; an error that names the place otherwise. */
export function expectList(value: JsonValue | undefined, path: string): JsonValue[] {
  return Array.isArray(value) ? value : wrong(value, 'a list', path);
}

/** The value as a string; an error that names the place otherwise. */
export function expectString(value: JsonValue | undefined, path: string): string {
  return typeof value === 'string' ? value : wrong(value, 'a string', path);
}

/** The value as a number; an error that names the place otherwise. */
export function expectNumber(value: JsonValue | undefined, path: string): number {
  return typeof value === 'number' ? value : wrong(value, 'a number', path);
}

/** The value as text, as CloudFormation takes numbers and booleans for strings. */
export function expectText(value: JsonValue | undefined, path: string): string {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : expectString(value, path);
}

/** Fails unless every key is one of those known. */
export function expectKeys(value: JsonObject, known: readonly string[], path: string): void {
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0) throw new Error(`${path}: the local cloud does not implement ${unknown.sort().join(', ')}`);
}

function wrong(value: JsonValue | undefined, expected: string, path: string): never {
  throw new Error(`${path}: expected ${expected}, got ${JSON.stringify(value) ?? 'nothing'}`);
}
