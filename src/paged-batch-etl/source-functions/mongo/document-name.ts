import { BSON } from 'mongodb';
import { encodeValue } from './canonical-ejson';
import { decodeStored } from './decode-stored';
import { documentOf, StoredValue, storedAt, viewOf } from './stored-value';
import { unreadablePlace } from './unreadable-place';

/** Messages are read by people: a longer `_id` is cut off, and is still found by its beginning. */
const MOST_CHARACTERS = 1_000;

/** Half of that, because a byte is two digits. */
const MOST_BYTES = 500;

/** Names a document, whatever is in it: by its `_id` as canonical EJSON, or by the bytes of an `_id` that cannot be read. */
export function documentName(document: Uint8Array): string {
  const id = idOf(document);
  if (id === undefined) return 'a document without _id';
  const text = textOf(id);
  return text === undefined ? `the document whose _id, of BSON type ${id.type}, has the bytes ${hexOf(id.bytes)}` : documentNamed(text);
}

/** @param identifier canonical EJSON of its `_id` */
export function documentNamed(identifier: string): string {
  return `the document ${identifier.length > MOST_CHARACTERS ? `${identifier.slice(0, MOST_CHARACTERS)}…` : identifier}`;
}

function idOf(document: Uint8Array): StoredValue | undefined {
  return orUndefined(() => storedAt(document, '_id'));
}

function textOf(id: StoredValue): string | undefined {
  if (unreadablePlace(documentOf(id)) !== undefined) return undefined;
  return orUndefined(() => encodeValue(decodeStored(id)));
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof BSON.BSONError) return undefined;
    throw error;
  }
}

function hexOf(bytes: Uint8Array): string {
  const hex = viewOf(bytes.subarray(0, MOST_BYTES)).toString('hex');
  return bytes.byteLength > MOST_BYTES ? `${hex}…` : hex;
}
