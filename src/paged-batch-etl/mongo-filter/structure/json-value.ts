/** A filter as plain JSON: EJSON that nobody has decoded, because synthesis has no driver. What is in this folder imports nothing from outside of it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Also right for a member called `__proto__`, which an assignment would make the prototype. */
export function mapMembers(value: JsonObject, map: (key: string, member: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(key, member)]));
}

/** Whether the value has members: no list, not null. */
export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
