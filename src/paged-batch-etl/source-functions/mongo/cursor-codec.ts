import { isBsonNumber } from './bson-number';
import { typeRank } from './bson-order';
import { decodeValue, encodeValue } from './canonical-ejson';
import { DocumentFault } from './document-fault';
import { documentNamed } from './document-name';
import { SortKey } from './sort-key';
import { sourceChanged, SourceIdentity } from './source-identity';
import { atLeast, flag, listOf, optional, Read, ShapeError, text } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { MAX_CURSOR_BYTES } from '../../contracts/read-page';
import { SourceError } from '../source-error';

/** Where a page ended. */
export interface PageEnd {
  /** Key of its last document. */
  readonly key: SortKey;
  /** Documents to ask the server for at once, from the size of those read. */
  readonly answerSize: number;
  /** What was read. Absent in cursors of releases that did not say. */
  readonly source?: SourceIdentity;
}

interface Cursor extends PageEnd {
  /** Fields of the key: another sort's cursor is told by them. */
  readonly sort: readonly string[];
}

const keyValue: Read<unknown> = (value, place) => {
  if (value === undefined || typeRank(value) < 0 || Array.isArray(value)) throw new ShapeError(place, 'a value that a sort field can have');
  return value;
};

const count: Read<number> = (value, place) => {
  const number = isBsonNumber(value) ? Number(value.valueOf()) : Number.NaN;
  if (!Number.isSafeInteger(number) || number < 1) throw new ShapeError(place, 'a whole number from 1');
  return number;
};

const sourceIdentity = atLeast<SourceIdentity>({
  namespace: text, uuid: optional(text), collated: flag, filter: listOf(text), collation: optional(text), hint: optional(text),
});

/** What it does not know is of a later release, which a deployment took back. */
const readCursor = atLeast<Cursor>({ sort: listOf(text), key: listOf(keyValue), answerSize: count, source: optional(sourceIdentity) });

/**
 * A cursor as canonical EJSON, which keeps the type of every value.
 *
 * @throws DocumentFault CURSOR_TOO_LARGE
 */
export function encodeCursor(sort: readonly string[], end: PageEnd): string {
  const cursor = textOf(sort, end);
  if (fits(cursor)) return cursor;
  throw new DocumentFault(
    PagedBatchEtlErrorName.CURSOR_TOO_LARGE,
    `The sort fields (${sort.join(', ')}) of ${documentNamed(encodeValue(end.key.at(-1)))} take ${Buffer.byteLength(cursor)} bytes as a cursor, `
    + `at most ${MAX_CURSOR_BYTES} are possible. Sort by shorter fields, or leave the document out by the filter`,
  );
}

/** The cursor of a page after which nothing is read: none, if it is too large. */
export function encodeLastCursor(sort: readonly string[], end: PageEnd): string | null {
  const cursor = textOf(sort, end);
  return fits(cursor) ? cursor : null;
}

/** @throws SourceError INVALID_CURSOR, or SOURCE_CHANGED for the cursor of another sort */
export function decodeCursor(sort: readonly string[], cursor: string): PageEnd {
  const { sort: its, key, answerSize, source } = parse(cursor);
  if (JSON.stringify(its) !== JSON.stringify(sort)) {
    throw sourceChanged(`its sort was (${its.join(', ')}) and is (${sort.join(', ')})`, 'Deploy the old sort and redrive');
  }
  if (key.length !== sort.length) throw invalidCursor('it has not one value for each field of the sort');
  return { key, answerSize, source };
}

/** EJSON makes null of what is undefined. */
function withoutAbsent(source: SourceIdentity): object {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined));
}

function textOf(sort: readonly string[], { key, answerSize, source }: PageEnd): string {
  return encodeValue({ sort, key, answerSize, ...(source && { source: withoutAbsent(source) }) });
}

function fits(cursor: string): boolean {
  return Buffer.byteLength(cursor) <= MAX_CURSOR_BYTES;
}

function parse(cursor: string): Cursor {
  try {
    return readCursor(decodeValue(cursor), 'the cursor');
  } catch (error) {
    throw invalidCursor(error instanceof ShapeError ? error.message : 'it is no EJSON');
  }
}

function invalidCursor(why: string): SourceError {
  return new SourceError(
    PagedBatchEtlErrorName.INVALID_CURSOR, `The cursor is no cursor of this source: ${why}. Start the run again, with the progress as it was reported or with none`,
  );
}
