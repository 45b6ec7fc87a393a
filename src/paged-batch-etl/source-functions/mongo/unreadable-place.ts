import { isUtf8 } from 'node:buffer';
import { BSON } from 'mongodb';
import { decodeStored } from './decode-stored';
import { DEEPEST } from './document-json';
import { isTypeName } from './extended-json-names';
import { BsonType, documentOf, scopeOf, StoredValue, viewOf } from './stored-value';

/** What in a document cannot be read, or cannot be written as Extended JSON such that it can be read again. */
export interface UnreadablePlace {
  /** Names of members and places in arrays on the way to it, with dots between them; undefined for the document itself. */
  readonly path?: string;
  /** A noun phrase: what is there. */
  readonly found: string;
}

/** Paths are shown to people: of a longer one the beginning and the end. */
const MOST_PATH_CHARACTERS = 500;

const NOT_UTF8 = 'a text that is not valid UTF-8';

interface Member {
  readonly name: Uint8Array;
  readonly value: StoredValue;
}

/** The first such place in the order in which a document is stored; undefined where all of it can be read. */
export function unreadablePlace(document: Uint8Array): UnreadablePlace | undefined {
  return placeInDocument(document, []);
}

function placeInDocument(document: Uint8Array, path: readonly string[]): UnreadablePlace | undefined {
  return placeInMembers(document, path, ({ name }) => {
    const text = viewOf(name).toString('utf8');
    if (!isUtf8(name)) return { text, wrong: `a member whose name is not valid UTF-8 (bytes ${viewOf(name.subarray(0, 100)).toString('hex')})` };
    if (isTypeName(text)) return { text, wrong: `a member ${text}, by which readers of Extended JSON would take the document for a value of another type` };
    return { text };
  });
}

/** Arrays are lists, whatever names their members have. */
function placeInArray(array: Uint8Array, path: readonly string[]): UnreadablePlace | undefined {
  return placeInMembers(array, path, (_, index) => ({ text: `${index}` }));
}

function placeInMembers(
  bytes: Uint8Array, path: readonly string[], nameOf: (member: Member, index: number) => { readonly text: string; readonly wrong?: string },
): UnreadablePlace | undefined {
  if (path.length > DEEPEST) return placeAt(path, `documents within one another, deeper than ${DEEPEST} levels`);
  const members = membersOf(bytes);
  if (members instanceof BSON.BSONError) return placeAt(path, `a document that is not valid BSON (${members.message})`);
  for (const [index, member] of members.entries()) {
    const { text, wrong } = nameOf(member, index);
    const place = wrong === undefined ? placeInValue(member.value, [...path, text]) : placeAt(path, wrong);
    if (place !== undefined) return place;
  }
  return undefined;
}

function membersOf(document: Uint8Array): Member[] | BSON.BSONError {
  const elements = orError(() => BSON.onDemand.parseToElements(document));
  if (elements instanceof BSON.BSONError) return elements;
  return Array.from(elements, ([type, nameOffset, nameLength, offset, length]) => ({
    name: document.subarray(nameOffset, nameOffset + nameLength), value: { type, bytes: document.subarray(offset, offset + length) },
  }));
}

function placeInValue(value: StoredValue, path: readonly string[]): UnreadablePlace | undefined {
  if (value.type === BsonType.DOCUMENT) return placeInDocument(value.bytes, path);
  if (value.type === BsonType.ARRAY) return placeInArray(value.bytes, path);
  const scope = scopeOf(value);
  const place = scope && placeInDocument(scope, [...path, '$scope']);
  if (place !== undefined) return place;
  const found = unreadableLeaf(value);
  return found === undefined ? undefined : placeAt(path, found);
}

function unreadableLeaf(value: StoredValue): string | undefined {
  const decoded = orError(() => decodeStored(value));
  if (decoded instanceof BSON.BSONError) return isReadableButForUtf8(value) ? NOT_UTF8 : `a value that is not valid BSON (${decoded.message})`;
  if (decoded instanceof Date && Number.isNaN(decoded.getTime())) {
    return 'a date that is farther from 1970 than JavaScript can count (271,821 years)';
  }
  // The driver checks no pattern.
  return value.type === BsonType.PATTERN && !isUtf8(value.bytes) ? NOT_UTF8 : undefined;
}

function isReadableButForUtf8(value: StoredValue): boolean {
  return !(orError(() => BSON.deserialize(documentOf(value), { bsonRegExp: true, validation: { utf8: false } })) instanceof BSON.BSONError);
}

function placeAt(path: readonly string[], found: string): UnreadablePlace {
  if (path.length === 0) return { found };
  const whole = path.join('.');
  const half = MOST_PATH_CHARACTERS / 2;
  return { path: whole.length > MOST_PATH_CHARACTERS ? `${whole.slice(0, half)}…${whole.slice(-half)}` : whole, found };
}

function orError<T>(read: () => T): T | BSON.BSONError {
  try {
    return read();
  } catch (error) {
    if (error instanceof BSON.BSONError) return error;
    throw error;
  }
}
