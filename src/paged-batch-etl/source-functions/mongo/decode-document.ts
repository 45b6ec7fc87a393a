import { BSON, Code, Document } from 'mongodb';
import { ARRAY_TYPE, DOCUMENT_TYPE, documentOf, scopeOf, StoredValue, storedMembers, viewOf } from './stored-value';

/** The name by which the driver knows a reference. */
const REFERENCE = '$ref\0';

/**
 * A document with every value as the class of its type. Of what the driver makes references, only pointers (`DBPointer`) are: an embedded
 * document with the members of one stays a document.
 *
 * @throws BSONError where the driver cannot read it
 */
export function decodeDocument(bytes: Uint8Array): Document {
  // The driver makes a class of a reference, which takes `fs.files` for the collection `files` of the database `fs`.
  return viewOf(bytes).includes(REFERENCE) ? decodeMembers(bytes) : decodeWhole(bytes);
}

/** @throws BSONError where the driver cannot read it */
export function decodeStored(value: StoredValue): unknown {
  if (value.type === DOCUMENT_TYPE) return decodeMembers(value.bytes);
  if (value.type === ARRAY_TYPE) return Array.from(storedMembers(value.bytes), ([, entry]) => decodeStored(entry));
  const decoded: unknown = decodeWhole(documentOf(value))[''];
  const scope = scopeOf(value);
  return decoded instanceof Code && scope !== undefined ? new Code(decoded.code, decodeMembers(scope)) : decoded;
}

/** One value after the other, so that embedded documents are that and nothing else; this takes several times as long. */
function decodeMembers(bytes: Uint8Array): Document {
  return Object.fromEntries(Array.from(storedMembers(bytes), ([name, value]) => [name, decodeStored(value)]));
}

function decodeWhole(bytes: Uint8Array): Document {
  return BSON.deserialize(bytes, { promoteValues: false, promoteBuffers: false, bsonRegExp: true });
}
