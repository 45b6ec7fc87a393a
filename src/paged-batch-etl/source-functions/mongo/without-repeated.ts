import { BsonType, documentOfMembers, rawMembers, scopeOf, StoredValue, viewOf } from './stored-value';

/**
 * A document in which no member has the name of another one: as readers have it, the value is the last one, at the place of the first one. In
 * embedded documents as well, and in the scopes of code.
 */
export function withoutRepeated(document: Uint8Array): Uint8Array {
  const members = new Map<string, readonly [name: Uint8Array, value: StoredValue]>();
  for (const [name, value] of rawMembers(document)) members.set(viewOf(name).toString('latin1'), [name, valueWithout(value)]);
  return documentOfMembers(members.values());
}

function listWithout(list: Uint8Array): Uint8Array {
  return documentOfMembers(Array.from(rawMembers(list), ([name, value]) => [name, valueWithout(value)]));
}

function valueWithout(value: StoredValue): StoredValue {
  const { type, bytes } = value;
  if (type === BsonType.DOCUMENT) return { type, bytes: withoutRepeated(bytes) };
  if (type === BsonType.ARRAY) return { type, bytes: listWithout(bytes) };
  const scope = scopeOf(value);
  return scope === undefined ? value : { type, bytes: withScope(bytes.subarray(0, bytes.byteLength - scope.byteLength), withoutRepeated(scope)) };
}

/** The length of the whole is at the beginning. */
function withScope(code: Uint8Array, scope: Uint8Array): Buffer {
  const bytes = Buffer.concat([code, scope]);
  bytes.writeInt32LE(bytes.byteLength);
  return bytes;
}
