import { BSON } from 'mongodb';

/** A value as it is stored: the number of its BSON type, and its bytes. */
export interface StoredValue {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Number of the type of embedded documents. */
export const DOCUMENT_TYPE = 3;

/** Number of the type of arrays, whose members have the names 0, 1, 2, … */
export const ARRAY_TYPE = 4;

/** Number of the type of code with a scope, a document that has its variables. */
const CODE_WITH_SCOPE_TYPE = 15;

/** Bytes of a length. */
const LENGTH_BYTES = 4;

/** Members of a document, or of an array, in the order in which they are stored: the driver puts those named by numbers first. */
export function* storedMembers(document: Uint8Array): Generator<readonly [name: string, value: StoredValue]> {
  for (const [type, nameOffset, nameLength, offset, length] of BSON.onDemand.parseToElements(document)) {
    const name = viewOf(document.subarray(nameOffset, nameOffset + nameLength)).toString('utf8');
    yield [name, { type, bytes: document.subarray(offset, offset + length) }];
  }
}

/** The value at a dotted path that leads through embedded documents only; undefined where there is none. */
export function storedAt(document: Uint8Array, path: string): StoredValue | undefined {
  let value: StoredValue | undefined = { type: DOCUMENT_TYPE, bytes: document };
  for (const name of path.split('.')) {
    if (value?.type !== DOCUMENT_TYPE) return undefined;
    value = memberNamed(value.bytes, name);
  }
  return value;
}

/** The scope of a value that is code with one; undefined for any other. */
export function scopeOf({ type, bytes }: StoredValue): Uint8Array | undefined {
  if (type !== CODE_WITH_SCOPE_TYPE || bytes.byteLength < 3 * LENGTH_BYTES) return undefined;
  // The length of the whole and that of the code are before the code.
  const start = 2 * LENGTH_BYTES + viewOf(bytes).readInt32LE(LENGTH_BYTES);
  return start > 2 * LENGTH_BYTES && start < bytes.byteLength ? bytes.subarray(start) : undefined;
}

/** A document that has nothing but this value, under the empty name. */
export function documentOf({ type, bytes }: StoredValue): Buffer {
  // Length, type, the end of the name, and the end of the document.
  const document = Buffer.alloc(LENGTH_BYTES + 1 + 1 + bytes.byteLength + 1);
  document.writeInt32LE(document.byteLength);
  document.writeUInt8(type, 4);
  document.set(bytes, 6);
  return document;
}

/** The same bytes as a buffer. */
export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function memberNamed(document: Uint8Array, wanted: string): StoredValue | undefined {
  for (const [name, value] of storedMembers(document)) if (name === wanted) return value;
  return undefined;
}
