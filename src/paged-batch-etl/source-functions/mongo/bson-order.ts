import { Binary, BSONRegExp, BSONSymbol, Code, DBRef, Document, MaxKey, MinKey, ObjectId, Timestamp } from 'mongodb';
import { compareNumbers, isBsonNumber, isNaNNumber } from './bson-number';

/** Types that MongoDB compares with one another. `$gt` and the like find only values of the type of what they are given. */
interface Bracket {
  /** Name of the type for `$type`. */
  readonly name: string;
  has(value: unknown): boolean;
  /** Order of two values, both of this type, where texts are compared by their bytes. */
  compare(a: unknown, b: unknown): number;
}

/** Bytes of a length within a value. */
const LENGTH_BYTES = 4;

/** All types, in the order in which a sort gives them. */
const BRACKETS: readonly Bracket[] = [
  bracket('minKey', isInstanceOf(MinKey), same),
  bracket('undefined', (value): value is undefined => value === undefined, same),
  bracket('null', (value): value is null => value === null, same),
  bracket('number', isBsonNumber, compareNumbers),
  bracket('string', isText, (a, b) => compareTexts(a.valueOf(), b.valueOf())),
  bracket('object', isEmbedded, (a, b) => compareMembers(membersOf(a), membersOf(b))),
  bracket('array', (value): value is readonly unknown[] => Array.isArray(value), (a, b) => compareMembers({ ...a }, { ...b })),
  bracket('binData', isInstanceOf(Binary), compareBinaries),
  bracket('objectId', isInstanceOf(ObjectId), (a, b) => Buffer.compare(a.id, b.id)),
  bracket('bool', (value): value is boolean => typeof value === 'boolean', (a, b) => Number(a) - Number(b)),
  bracket('date', isInstanceOf(Date), (a, b) => a.getTime() - b.getTime()),
  bracket('timestamp', isInstanceOf(Timestamp), (a, b) => a.t - b.t || a.i - b.i),
  bracket('regex', isInstanceOf(BSONRegExp), (a, b) => compareTexts(a.pattern, b.pattern) || compareTexts(a.options, b.options)),
  bracket('javascript', (value): value is Code => value instanceof Code && isBare(value), (a, b) => compareTexts(a.code, b.code)),
  bracket('javascriptWithScope', isInstanceOf(Code), (a, b) => compareTexts(a.code, b.code) || compareMembers(a.scope ?? {}, b.scope ?? {})),
  bracket('maxKey', isInstanceOf(MaxKey), same),
];

/** Where the type of a value comes in the order of types: equal for types that are compared with one another. */
export function typeRank(value: unknown): number {
  return BRACKETS.findIndex((each) => each.has(value));
}

/** Name of the type of a value as `$type` knows it. */
export function typeName(value: unknown): string {
  return BRACKETS[typeRank(value)].name;
}

/** Order of two values as MongoDB sorts them without a collation. */
export function compareBson(a: unknown, b: unknown): number {
  const rank = typeRank(a);
  return rank - typeRank(b) || BRACKETS[rank].compare(a, b);
}

/** Whether a collation has a say in the order of this value. */
export function isCollated(value: unknown): boolean {
  return isText(value) || isEmbedded(value);
}

export function isNaNValue(value: unknown): boolean {
  return isBsonNumber(value) && isNaNNumber(value);
}

/** An embedded document: what has no BSON type of its own. The driver makes a class of those with `$ref` and `$id`. */
export function isEmbedded(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return value instanceof DBRef || [Object.prototype, null].includes(Object.getPrototypeOf(value));
}

export function membersOf(document: Document): Document {
  return document instanceof DBRef ? document.toJSON() : document;
}

function bracket<T>(name: string, has: (value: unknown) => value is T, compare: (a: T, b: T) => number): Bracket {
  return { name, has, compare: (a, b) => (has(a) && has(b) ? compare(a, b) : Number.NaN) };
}

function isInstanceOf<T>(type: abstract new (...parameters: never[]) => T): (value: unknown) => value is T {
  return (value): value is T => value instanceof type;
}

function isText(value: unknown): value is string | BSONSymbol {
  return typeof value === 'string' || value instanceof BSONSymbol;
}

function isBare({ scope }: Code): boolean {
  return scope === null || scope === undefined;
}

function same(): number {
  return 0;
}

function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Shorter ones first, then by subtype, then by bytes. */
function compareBinaries(a: Binary, b: Binary): number {
  return storedLength(a) - storedLength(b) || a.sub_type - b.sub_type || Buffer.compare(a.value(), b.value());
}

/** The old subtype has its length within its value once more. */
function storedLength(value: Binary): number {
  return value.length() + (value.sub_type === Binary.SUBTYPE_BYTE_ARRAY ? LENGTH_BYTES : 0);
}

/** Member by member: first by type, then by name, then by value. */
function compareMembers(a: Document, b: Document): number {
  const [left, right] = [Object.entries(a), Object.entries(b)];
  for (const [index, [name, value]] of left.entries()) {
    if (index >= right.length) return 1;
    const [otherName, otherValue] = right[index];
    const result = typeRank(value) - typeRank(otherValue) || compareTexts(name, otherName) || compareBson(value, otherValue);
    if (result !== 0) return result;
  }
  return left.length - right.length;
}
