import { BSON, Document } from 'mongodb';
import { SortKey, sortKeyOf } from './sort-key.lambda-shared';
import { PagedBatchEtlErrorName } from '../contract';
import { SourceError } from '../source-error.lambda-shared';

/** A document of the source, every value with its type. */
export interface StoredDocument {
  readonly document: Document;
  readonly key: SortKey;
}

/** @param bytes what a find with `raw: true` gives for a document */
export function readDocument(bytes: unknown, sort: readonly string[]): StoredDocument {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('The driver answered no raw document');
  const document = deserialize(bytes);
  return { document, key: sortKeyOf(document, bytes, sort) };
}

function deserialize(bytes: Uint8Array): Document {
  try {
    return BSON.deserialize(bytes, { promoteValues: false, promoteBuffers: false, bsonRegExp: true });
  } catch (error) {
    if (!(error instanceof BSON.BSONError)) throw error;
    throw new SourceError(
      PagedBatchEtlErrorName.UNSUPPORTED_COLLECTION,
      `A document cannot be read (${error.message}). Leave the field out by the projection, or the document by the filter`,
    );
  }
}
