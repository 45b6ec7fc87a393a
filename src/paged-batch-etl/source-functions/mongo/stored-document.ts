import { BSON, Document } from 'mongodb';
import { decodeDocument } from './decode-document';
import { isRangeError } from './range-error';
import { SortKey, sortKeyOf } from './sort-key';
import { unreadable } from './unreadable';

/** A document of the source, every value with its type. */
export interface StoredDocument {
  /** As it was received. */
  readonly bytes: Uint8Array;
  readonly document: Document;
  readonly key: SortKey;
}

/**
 * @param bytes what a find with `raw: true` gives for a document
 * @throws DocumentFault
 */
export function readDocument(bytes: Uint8Array, sort: readonly string[]): StoredDocument {
  const document = decode(bytes);
  return { bytes, document, key: sortKeyOf(document, bytes, sort) };
}

function decode(bytes: Uint8Array): Document {
  try {
    return decodeDocument(bytes);
  } catch (error) {
    // More levels than the call stack holds are no valid document either.
    if (error instanceof BSON.BSONError || isRangeError(error)) throw unreadable(bytes, error.message);
    throw error;
  }
}
