import { isObject, JsonValue } from '../mongo-filter/structure/json-value';
import { findMalformedValues } from '../mongo-filter/structure/malformed-values';

/** A value by which a source is divided, as far as its place among others of its type is known before a run. */
export interface Boundary {
  readonly type: 'a number' | 'a text' | 'a date' | 'an ObjectId';
  /** In the order of the values, but for whole numbers beyond 2^53 that are next to each other. */
  readonly order: number | string;
}

/** The value that an EJSON text says; undefined for what is none, or of a type that divides nothing. */
export function boundaryOf(text: string): Boundary | undefined {
  const value = parse(text);
  if (value === undefined || findMalformedValues(value).length > 0) return undefined;
  if (typeof value === 'number') return { type: 'a number', order: value };
  // In hexadecimal digits, texts have the order of their bytes.
  if (typeof value === 'string') return { type: 'a text', order: Buffer.from(value).toString('hex') };
  if (!isObject(value)) return undefined;
  const [[name, content] = ['', null], ...others] = Object.entries(value);
  if (others.length > 0) return undefined;
  if (name === '$oid' && typeof content === 'string') return { type: 'an ObjectId', order: content.toLowerCase() };
  if (name === '$date') return finite('a date', typeof content === 'string' ? Date.parse(content) : numberIn(content));
  return NUMBERS.includes(name) ? finite('a number', Number(content)) : undefined;
}

/** Whether one value of a type comes before another one, or may do so: whole numbers beyond 2^53 that are next to each other look the same here. */
export function isBefore(one: Boundary, other: Boundary): boolean {
  return one.order < other.order || (one.order === other.order && Math.abs(Number(one.order)) > Number.MAX_SAFE_INTEGER && one.type === 'a number');
}

const NUMBERS = ['$numberInt', '$numberLong', '$numberDouble', '$numberDecimal'];

function numberIn(value: JsonValue): number {
  return isObject(value) ? Number(value.$numberLong) : Number(value);
}

function finite(type: Boundary['type'], order: number): Boundary | undefined {
  return Number.isFinite(order) ? { type, order } : undefined;
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
