import { BSON, Document, FindCursor } from 'mongodb';
import { BsonType } from './stored-value';

/** What the driver keeps of the server's last answer: its bytes, and where in them the documents are that it has not given yet. */
interface KeptAnswer {
  readonly response: object;
  readonly bytes: Uint8Array;
  readonly elements: readonly BSON.OnDemand['BSONElement'][];
  readonly given: number;
}

/**
 * Takes what is left of the server's last answer from the driver, all documents at once, as they lie in it; undefined where the driver keeps its
 * answers in another way than this knows, and has to be asked for one after the other.
 *
 * By itself the driver takes each of them apart into its members first. They are read here once more in any case, and that takes as long.
 */
export function takeAnswer(cursor: FindCursor<Document>): Uint8Array[] | undefined {
  const kept = keptAnswer(cursor);
  if (kept === undefined) return undefined;
  const { response, bytes, elements, given } = kept;
  if (!Reflect.set(response, 'iterated', elements.length)) return undefined;
  return elements.slice(given).map(([, , , offset, length]) => bytes.subarray(offset, offset + length));
}

/** Undefined where anything is not as this knows it, or as the driver says itself. */
function keptAnswer(cursor: FindCursor<Document>): KeptAnswer | undefined {
  const response = memberOf(cursor, 'documents');
  const batch = memberOf(response, 'batch');
  const [bytes, elements, given] = [memberOf(batch, 'bson'), memberOf(batch, 'elements'), memberOf(response, 'iterated')];
  if (typeof response !== 'object' || response === null || !(bytes instanceof Uint8Array) || typeof given !== 'number' || !isElements(elements)) return undefined;
  return elements.length - given === cursor.bufferedCount() ? { response, bytes, elements, given } : undefined;
}

function isElements(value: unknown): value is KeptAnswer['elements'] {
  return Array.isArray(value) && value.every((each: unknown) => (
    Array.isArray(each) && each[0] === BsonType.DOCUMENT && Number.isSafeInteger(each[3]) && Number.isSafeInteger(each[4])
  ));
}

function memberOf(owner: unknown, name: string): unknown {
  return typeof owner === 'object' && owner !== null ? Reflect.get(owner, name) : undefined;
}
