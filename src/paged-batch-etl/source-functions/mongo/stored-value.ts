import { BSON } from 'mongodb';

/** A value as it is stored: the number of its BSON type, and its bytes. */
export interface StoredValue {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Numbers of types. */
export const BsonType = {
  DOUBLE: 1,
  TEXT: 2,
  DOCUMENT: 3,
  /** Its members have the names 0, 1, 2, … */
  ARRAY: 4,
  BINARY: 5,
  UNDEFINED: 6,
  OBJECT_ID: 7,
  BOOLEAN: 8,
  DATE: 9,
  NULL: 10,
  PATTERN: 11,
  /** A reference of old servers. */
  POINTER: 12,
  CODE: 13,
  SYMBOL: 14,
  /** The scope is a document that has the variables of the code. */
  CODE_WITH_SCOPE: 15,
  INT32: 16,
  TIMESTAMP: 17,
  INT64: 18,
  DECIMAL: 19,
  MAX_KEY: 127,
  MIN_KEY: 255,
} as const;

const NO_NAME = new Uint8Array(0);

/** Bytes of a length. */
const LENGTH_BYTES = 4;

/** Members of a document, or of an array, in the order in which they are stored: the driver puts those named by numbers first. */
export function* storedMembers(document: Uint8Array): Generator<readonly [name: string, value: StoredValue]> {
  for (const [name, value] of rawMembers(document)) yield [viewOf(name).toString('utf8'), value];
}

/** The same with the bytes of their names, which may be no text. */
export function* rawMembers(document: Uint8Array): Generator<readonly [name: Uint8Array, value: StoredValue]> {
  for (const [type, nameOffset, nameLength, offset, length] of BSON.onDemand.parseToElements(document)) {
    yield [document.subarray(nameOffset, nameOffset + nameLength), { type, bytes: document.subarray(offset, offset + length) }];
  }
}

/** The value at a dotted path that leads through embedded documents only; undefined where there is none. */
export function storedAt(document: Uint8Array, path: string): StoredValue | undefined {
  let value: StoredValue | undefined = { type: BsonType.DOCUMENT, bytes: document };
  for (const name of path.split('.')) {
    if (value?.type !== BsonType.DOCUMENT) return undefined;
    value = memberNamed(value.bytes, name);
  }
  return value;
}

/** The scope of a value that is code with one; undefined for any other. */
export function scopeOf({ type, bytes }: StoredValue): Uint8Array | undefined {
  if (type !== BsonType.CODE_WITH_SCOPE || bytes.byteLength < 3 * LENGTH_BYTES) return undefined;
  // The length of the whole and that of the code are before the code.
  const start = 2 * LENGTH_BYTES + viewOf(bytes).readInt32LE(LENGTH_BYTES);
  return start > 2 * LENGTH_BYTES && start < bytes.byteLength ? bytes.subarray(start) : undefined;
}

/** A document that has nothing but this value, under the empty name. */
export function documentOf(value: StoredValue): Buffer {
  return documentOfMembers([[NO_NAME, value]]);
}

/** @param members their names as bytes, which may be no text */
export function documentOfMembers(members: Iterable<readonly [name: Uint8Array, value: StoredValue]>): Buffer {
  const body = Array.from(members, ([name, { type, bytes }]) => [Buffer.of(type), name, Buffer.of(0), bytes]).flat();
  const document = Buffer.concat([Buffer.alloc(LENGTH_BYTES), ...body, Buffer.of(0)]);
  document.writeInt32LE(document.byteLength);
  return document;
}

/** The same bytes as a buffer. */
export function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The first member of a name; undefined where there is none. */
export function memberNamed(document: Uint8Array, wanted: string): StoredValue | undefined {
  for (const [name, value] of storedMembers(document)) if (name === wanted) return value;
  return undefined;
}
