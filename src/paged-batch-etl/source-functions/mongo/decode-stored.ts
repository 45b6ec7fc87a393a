import { BSON, Code, Document } from 'mongodb';
import { BsonType, documentOf, scopeOf, StoredValue, storedMembers } from './stored-value';

/**
 * A value as the class of its type. Of what the driver makes references, only pointers (`DBPointer`) are: an embedded document with the members
 * of one stays a document, for the class takes `fs.files` for the collection `files` of the database `fs`.
 *
 * @throws BSONError where the driver cannot read it
 */
export function decodeStored(value: StoredValue): unknown {
  if (value.type === BsonType.DOCUMENT) return decodeMembers(value.bytes);
  if (value.type === BsonType.ARRAY) return Array.from(storedMembers(value.bytes), ([, entry]) => decodeStored(entry));
  const decoded: unknown = decodeLeaf(value);
  const scope = scopeOf(value);
  return decoded instanceof Code && scope !== undefined ? new Code(decoded.code, decodeMembers(scope)) : decoded;
}

function decodeMembers(bytes: Uint8Array): Document {
  return Object.fromEntries(Array.from(storedMembers(bytes), ([name, value]) => [name, decodeStored(value)]));
}

function decodeLeaf(value: StoredValue): unknown {
  return BSON.deserialize(documentOf(value), { promoteValues: false, promoteBuffers: false, bsonRegExp: true })[''];
}
