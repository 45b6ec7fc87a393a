import { BSON, Document } from 'mongodb';
import { SortKey, sortKeyOf } from './sort-key';
import { ARRAY_TYPE, DOCUMENT_TYPE, documentOf, StoredValue, storedMembers, viewOf } from './stored-value';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** A document of the source, every value with its type. */
export interface StoredDocument {
  readonly document: Document;
  readonly key: SortKey;
}

/** The name by which the driver knows a reference. */
const REFERENCE = '$ref\0';

/** @param bytes what a find with `raw: true` gives for a document */
export function readDocument(bytes: unknown, sort: readonly string[]): StoredDocument {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('The driver answered no raw document');
  const document = deserialize(bytes);
  return { document, key: sortKeyOf(document, bytes, sort) };
}

function deserialize(bytes: Uint8Array): Document {
  try {
    // The driver makes a class of a reference, which takes `fs.files` for the collection `files` of the database `fs`.
    return viewOf(bytes).includes(REFERENCE) ? deserializeMembers(bytes) : deserializeWhole(bytes);
  } catch (error) {
    if (!(error instanceof BSON.BSONError)) throw error;
    throw new SourceError(
      PagedBatchEtlErrorName.UNSUPPORTED_COLLECTION,
      `A document cannot be read (${error.message}). Leave the field out by the projection, or the document by the filter`,
    );
  }
}

function deserializeWhole(bytes: Uint8Array): Document {
  return BSON.deserialize(bytes, { promoteValues: false, promoteBuffers: false, bsonRegExp: true });
}

/** One value after the other, so that embedded documents are that and nothing else; this takes several times as long. */
function deserializeMembers(bytes: Uint8Array): Document {
  return Object.fromEntries(Array.from(storedMembers(bytes), ([name, value]) => [name, deserializeValue(value)]));
}

function deserializeValue(value: StoredValue): unknown {
  if (value.type === DOCUMENT_TYPE) return deserializeMembers(value.bytes);
  if (value.type === ARRAY_TYPE) return Array.from(storedMembers(value.bytes), ([, entry]) => deserializeValue(entry));
  return deserializeWhole(documentOf(value))[''];
}
