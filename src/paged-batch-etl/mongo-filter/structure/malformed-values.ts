import { isObject, JsonObject, JsonValue } from './json-value';
import { isTypedValue, TYPE_KEYS } from './typed-values';
import { VARIABLE } from './variables';

/** Typed values that are none, and numbers that are not what was written, as phrases with what to write; empty for a good filter. */
export function findMalformedValues(filter: JsonValue): string[] {
  if (typeof filter === 'number') return checkNumber(filter);
  if (Array.isArray(filter)) return filter.flatMap(findMalformedValues);
  if (!isObject(filter)) return [];
  const mixed = checkAlone(filter);
  if (mixed.length > 0 || isTypedValue(filter)) return [...mixed, ...checkTypedValue(filter)];
  return [...checkReference(filter), ...Object.values(filter).flatMap(findMalformedValues)];
}

/** The driver takes an object for a typed value wherever the key of the type stands, and drops what stands beside it. */
function checkAlone(value: JsonObject): string[] {
  const keys = Object.keys(value);
  const type = keys.find((key) => TYPE_KEYS.has(key));
  const isAlone = keys.length === 1 || (type === '$code' && keys.length === 2 && '$scope' in value);
  return type === undefined || isAlone ? [] : [`${shorten(JSON.stringify(value))}: ${type} has to be alone in its object`];
}

/** The driver takes what stands before the only dot for the name of a database, and would look for another reference. */
function checkReference({ $ref, $id }: JsonObject): string[] {
  if ($id === undefined || typeof $ref !== 'string' || $ref.split('.').length !== 2) return [];
  return [`{"$ref": "${shorten($ref)}", …}: write a condition on the field with .$ref after its name, and one with .$id`];
}

function checkNumber(value: number): string[] {
  if (!Number.isFinite(value)) return ['a number beyond those of JSON: write {"$numberDouble": "Infinity"} if that was meant'];
  if (!Number.isInteger(value) || Number.isSafeInteger(value) || Math.abs(value) > 2 ** 63) return [];
  return [`${value}, which JSON cannot hold exactly: write {"$numberLong": "…"}, or {"$numberDouble": "…"} if that was meant`];
}

const INT64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

const INT32 = { least: -(2n ** 31n), most: 2n ** 31n - 1n };

function checkTypedValue(value: JsonObject): string[] {
  const [key] = Object.keys(value).filter((name) => TYPE_KEYS.has(name));
  const content = value[key];
  const variable = Object.values(value).find((part) => typeof part === 'string' && VARIABLE.test(part));
  if (variable !== undefined) return [`{"${key}": "${variable}"}: write "${variable}" alone, for its type is that of the parameter`];
  const complaint = (expected: string) => [`${shorten(JSON.stringify(value))}: ${key} has to be ${expected}`];
  if (key === '$oid') return /^[0-9a-f]{24}$/i.test(String(content)) ? [] : complaint('24 hexadecimal digits');
  if (key === '$numberLong') return isInteger(content, INT64) ? [] : complaint('the text of a whole number of 64 bits');
  if (key === '$numberInt') return isInteger(content, INT32) ? [] : complaint('the text of a whole number of 32 bits');
  if (key === '$numberDouble') return isDouble(content) ? [] : complaint('the text of a number');
  if (key === '$binary') return isBinary(content) ? [] : complaint('{"base64": "…", "subType": "two hexadecimal digits"}');
  if (key === '$undefined') return complaint('null, which is all that can be asked for');
  if (key === '$date') return isInstant(content) ? [] : complaint('an ISO 8601 date with time and offset, or {"$numberLong": "…"} milliseconds');
  return [];
}

function isInteger(value: JsonValue, range: { readonly least: bigint; readonly most: bigint }): boolean {
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) return false;
  return BigInt(value) >= range.least && BigInt(value) <= range.most;
}

function isDouble(value: JsonValue): boolean {
  return typeof value === 'string' && /^(-?\d+(\.\d+)?(e[+-]?\d+)?|-?Infinity|NaN)$/i.test(value);
}

/** Nothing else: the driver would drop what it cannot decode. */
function isBinary(value: JsonValue): boolean {
  if (!isObject(value) || Object.keys(value).length !== 2) return false;
  const { base64, subType } = value;
  return typeof base64 === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(base64) && base64.length % 4 === 0
    && typeof subType === 'string' && /^[0-9a-f]{1,2}$/i.test(subType);
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)$/;

/** Nothing else: what the driver cannot parse it would take for 1970, and 30 February for 2 March. */
function isInstant(value: JsonValue): boolean {
  if (isObject(value)) return Object.keys(value).length === 1 && isInteger(value.$numberLong ?? null, INT64);
  const [, year, month, day] = (typeof value === 'string' ? INSTANT.exec(value) : null) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(String(value)))) return false;
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
