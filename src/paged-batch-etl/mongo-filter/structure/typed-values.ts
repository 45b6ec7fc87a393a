import { JsonObject } from './json-value';

/** Keys of the objects by which EJSON says the type of a value, in its canonical and relaxed form. */
export const TYPE_KEYS: ReadonlySet<string> = new Set([
  '$oid', '$date', '$numberInt', '$numberLong', '$numberDouble', '$numberDecimal', '$binary', '$uuid', '$regularExpression', '$timestamp',
  '$symbol', '$code', '$minKey', '$maxKey', '$undefined', '$dbPointer',
]);

export function isTypedValue(value: JsonObject): boolean {
  const [first] = Object.keys(value);
  return first !== undefined && TYPE_KEYS.has(first);
}
