import { BSON, BSONRegExp, Decimal128 } from 'mongodb';
import { isNaNValue, typeName } from './bson-order';
import { decodeValue, encodeValue } from './canonical-ejson';
import { decodeStored } from './decode-stored';
import { DocumentFault } from './document-fault';
import { documentName } from './document-name';
import { checkNotRepeated } from './repeated-field';
import { BsonType, documentOf, memberNamed, storedAt, StoredValue } from './stored-value';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';

/** Values of the sort fields of a document, in the order of the sort. A field that is missing sorts as null does, and is null here. */
export type SortKey = readonly unknown[];

/** Types of which the driver, or EJSON, does not keep every value as it is: names that are numbers, old subtypes, several ways to write one number. */
const CHECKED_TYPES: readonly string[] = ['object', 'binData', 'javascript', 'javascriptWithScope'];

/**
 * The key of a document that can be read.
 *
 * @param bytes the document as it was received: every value must be what a later page can send back, byte for byte
 * @throws DocumentFault
 */
export function sortKeyOf(bytes: Uint8Array, sort: readonly string[]): SortKey {
  return sort.map((path) => {
    checkNotRepeated(bytes, path);
    const value = valueAt(bytes, path);
    checkComparable(value, path, bytes);
    return value;
  });
}

function valueAt(bytes: Uint8Array, path: string): unknown {
  let value: StoredValue | undefined = { type: BsonType.DOCUMENT, bytes };
  for (const name of path.split('.')) {
    if (value.type !== BsonType.DOCUMENT) return null;
    value = memberNamed(value.bytes, name);
    if (value === undefined) return null;
    if (value.type === BsonType.ARRAY) throw isArray(path, bytes);
  }
  return decodeStored(value);
}

function isArray(path: string, bytes: Uint8Array): DocumentFault {
  return new DocumentFault(
    PagedBatchEtlErrorName.SORT_KEY_IS_ARRAY,
    `The sort field ${path} holds an array, or is within one, in ${documentName(bytes)}: it has several places in the order. `
    + 'Leave the document out by the filter, or sort by another field',
    bytes,
  );
}

function checkComparable(value: unknown, path: string, bytes: Uint8Array): void {
  const type = typeName(value);
  if (value === undefined || value instanceof BSONRegExp) throw unpageable(bytes, path, `a value of type ${type}, which cannot be compared`);
  if (value instanceof Date && Number.isNaN(value.getTime())) throw unpageable(bytes, path, 'a date that is farther from 1970 than JavaScript can count');
  const isChecked = CHECKED_TYPES.includes(type) || (value instanceof Decimal128 && !isNaNValue(value));
  if (isChecked && !isSentAsStored(value, path, bytes)) {
    throw unpageable(bytes, path, `a value of type ${type} that the driver cannot send back as it is, such as a document with fields named by numbers`);
  }
}

/** Whether the value, sent as a page's cursor would send it, is the stored one byte for byte. */
function isSentAsStored(value: unknown, path: string, document: Uint8Array): boolean {
  const stored = storedAt(document, path);
  if (stored === undefined) return false;
  try {
    return documentOf(stored).equals(BSON.serialize({ '': decodeValue(encodeValue(value)) }));
  } catch (error) {
    if (error instanceof BSON.BSONError) return false;
    throw error;
  }
}

function unpageable(bytes: Uint8Array, path: string, holds: string): DocumentFault {
  return new DocumentFault(
    PagedBatchEtlErrorName.DOCUMENT_UNREADABLE, `No page can end with ${documentName(bytes)}: its sort field ${path} holds ${holds}. Leave it out by the filter`, bytes,
  );
}
