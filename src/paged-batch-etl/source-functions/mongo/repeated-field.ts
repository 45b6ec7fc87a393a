import { BSON } from 'mongodb';
import { DocumentFault } from './document-fault';
import { documentName } from './document-name';
import { BsonType, viewOf } from './stored-value';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';

/** Bytes of ASCII that can be written; the numbers of types lie outside. */
const FIRST_CHARACTER = 0x20;
const LAST_CHARACTER = 0x7e;

/**
 * BSON lets a document have a field twice. The server sorts by the first one and the driver reads the last one, so that a page would end at a
 * place where no document is, and what lies before it would be left out.
 *
 * @param bytes the document as it was received
 * @param path dotted path of a sort field
 * @throws DocumentFault DUPLICATE_FIELD
 */
export function checkNotRepeated(bytes: Uint8Array, path: string): void {
  const document = viewOf(bytes);
  const names = path.split('.');
  if (!names.some((name) => mayRepeat(document, name))) return;
  let within = document;
  for (const [level, name] of names.entries()) {
    const [value, ...others] = membersNamed(within, name);
    if (others.length > 0) throw repeated(bytes, names.slice(0, level + 1).join('.'));
    if (value === undefined) return;
    within = value;
  }
}

/**
 * Whether there is a member of this name twice, wherever that is: nearly no document needs another look, and to search for a text takes less time
 * than to go through all members.
 */
function mayRepeat(document: Buffer, name: string): boolean {
  const ended = `${name}\0`;
  let found = 0;
  for (let at = document.indexOf(ended); at >= 0 && found < 2; at = document.indexOf(ended, at + 1)) {
    // Before a name there is the number of a type; otherwise this is the end of a longer name, or of a text.
    if (document[at - 1] < FIRST_CHARACTER || document[at - 1] > LAST_CHARACTER) found += 1;
  }
  return found > 1;
}

/** Embedded documents of this name, and nothing in the place of other values. */
function membersNamed(document: Buffer, name: string): (Buffer | undefined)[] {
  const wanted = Buffer.from(name);
  const found: (Buffer | undefined)[] = [];
  for (const [type, nameOffset, nameLength, offset, length] of BSON.onDemand.parseToElements(document)) {
    if (nameLength !== wanted.length || document.compare(wanted, 0, nameLength, nameOffset, nameOffset + nameLength) !== 0) continue;
    found.push(type === BsonType.DOCUMENT ? document.subarray(offset, offset + length) : undefined);
  }
  return found;
}

function repeated(bytes: Uint8Array, path: string): DocumentFault {
  return new DocumentFault(
    PagedBatchEtlErrorName.DUPLICATE_FIELD,
    `The sort field ${path} is there more than once in ${documentName(bytes)}: the server sorts by the first one, and drivers read the last one. `
    + 'Write the document again with one of them, or leave it out by the filter',
    bytes,
  );
}
