import { BSON, BSONRegExp, Decimal128, Document } from 'mongodb';
import { isEmbedded, isNaNValue, membersOf, typeName } from './bson-order';
import { decodeValue, encodeValue } from './canonical-ejson';
import { DocumentFault } from './document-fault';
import { documentName } from './document-name';
import { checkNotRepeated } from './repeated-field';
import { documentOf, storedAt } from './stored-value';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';

/** Values of the sort fields of a document, in the order of the sort. A field that is missing sorts as null does, and is null here. */
export type SortKey = readonly unknown[];

/** Types of which the driver, or EJSON, does not keep every value as it is: names that are numbers, old subtypes, several ways to write one number. */
const CHECKED_TYPES: readonly string[] = ['object', 'binData', 'javascript', 'javascriptWithScope'];

/**
 * The key of a document.
 *
 * @param bytes the document as it was received: every value must be what a later page can send back, byte for byte
 * @throws DocumentFault
 */
export function sortKeyOf(document: Document, bytes: Uint8Array, sort: readonly string[]): SortKey {
  return sort.map((path) => {
    checkNotRepeated(bytes, path);
    const value = valueAt(document, path, bytes);
    checkComparable(value, path, bytes);
    return value;
  });
}

function valueAt(document: Document, path: string, bytes: Uint8Array): unknown {
  let value: unknown = document;
  for (const name of path.split('.')) {
    checkNoArray(value, path, bytes);
    if (!isEmbedded(value)) return null;
    const members = membersOf(value);
    if (!Object.hasOwn(members, name)) return null;
    value = members[name];
  }
  checkNoArray(value, path, bytes);
  return value;
}

function checkNoArray(value: unknown, path: string, bytes: Uint8Array): void {
  if (!Array.isArray(value)) return;
  throw new DocumentFault(
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
