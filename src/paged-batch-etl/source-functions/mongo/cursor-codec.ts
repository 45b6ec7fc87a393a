import { isBsonNumber } from './bson-number';
import { typeRank } from './bson-order';
import { decodeValue, encodeValue } from './canonical-ejson';
import { DocumentFault } from './document-fault';
import { documentNamed } from './document-name';
import { KeyBounds, keyBounds } from './key-bounds';
import { SortKey } from './sort-key';
import { sourceChanged, SourceIdentity } from './source-identity';
import { atLeast, flag, listOf, optional, Read, ShapeError, text } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { MAX_CURSOR_BYTES, MAX_RANGE_CURSOR_BYTES } from '../../contracts/read-page';
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

/** Where a run, or a worker of it, goes on. */
export interface Place {
  /** Where the page before ended; absent at the beginning. */
  readonly end?: PageEnd;
  /** What is read, where that is a part of all. */
  readonly range?: KeyBounds;
  /** What was read before, or was looked at when the ranges were made. */
  readonly source?: SourceIdentity;
}

interface Cursor extends PageEnd {
  /** Fields of the key: another sort's cursor is told by them. */
  readonly sort: readonly string[];
}

/**
 * A cursor within a range says so around all the rest: a release that knows no ranges, to which a deployment may go back, must not take it for one of the
 * whole collection.
 */
interface RangeCursor {
  readonly range: KeyBounds;
  /** Where the page before ended; absent at the beginning of the range. */
  readonly page?: Cursor;
  /** Of the beginning. */
  readonly start?: Pick<Cursor, 'sort' | 'source'>;
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

const readRangeCursor = atLeast<RangeCursor>({
  range: keyBounds,
  page: optional(readCursor),
  start: optional(atLeast<Pick<Cursor, 'sort' | 'source'>>({ sort: listOf(text), source: optional(sourceIdentity) })),
});

/**
 * A cursor as canonical EJSON, which keeps the type of every value.
 *
 * @param range absent where all is read
 * @throws DocumentFault CURSOR_TOO_LARGE
 */
export function encodeCursor(sort: readonly string[], end: PageEnd, range?: KeyBounds): string {
  const cursor = textOf(sort, end, range);
  if (fits(cursor, range)) return cursor;
  const [bytes, most] = range === undefined ? [Buffer.byteLength(cursor), MAX_CURSOR_BYTES] : [bytesInState(cursor), MAX_RANGE_CURSOR_BYTES];
  throw new DocumentFault(
    PagedBatchEtlErrorName.CURSOR_TOO_LARGE,
    `The sort fields (${sort.join(', ')}) of ${documentNamed(encodeValue(end.key.at(-1)))} take ${bytes} bytes as a cursor, `
    + `at most ${most} are possible${range === undefined ? '' : ' with partitions'}. Sort by shorter fields, or leave the document out by the filter`,
  );
}

/** The cursor of a page after which nothing is read: none, if it is too large. */
export function encodeLastCursor(sort: readonly string[], end: PageEnd, range?: KeyBounds): string | null {
  const cursor = textOf(sort, end, range);
  return fits(cursor, range) ? cursor : null;
}

/** The cursor that a range begins with. */
export function encodeStart(sort: readonly string[], range: KeyBounds, source: SourceIdentity): string {
  return encodeValue({ range, start: { sort, source: withoutAbsent(source) } });
}

/** Whether the state of a run has room for as many cursors of this size as there can be ranges. */
export function fitsRange(cursor: string): boolean {
  return bytesInState(cursor) <= MAX_RANGE_CURSOR_BYTES;
}

/**
 * Whether a cursor is one within a range.
 *
 * @throws SourceError INVALID_CURSOR
 */
export function isOfRange(cursor: string): boolean {
  return hasRange(valueOf(cursor));
}

function hasRange(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'range' in value;
}

/** @throws SourceError INVALID_CURSOR, or SOURCE_CHANGED for the cursor of another sort */
export function decodePlace(sort: readonly string[], cursor: string | null): Place {
  if (cursor === null) return {};
  const value = valueOf(cursor);
  if (!hasRange(value)) return placeAfter(decode(sort, shaped(readCursor, value)));
  const { range, page, start } = shaped(readRangeCursor, value);
  if (page !== undefined) return { ...placeAfter(decode(sort, page)), range };
  if (start === undefined) throw invalidCursor('it does not say where it is in its range');
  checkSort(sort, start.sort);
  return { range, source: start.source };
}

/** The same for the end of a page. */
export function decodeCursor(sort: readonly string[], cursor: string): PageEnd {
  return decode(sort, shaped(readCursor, valueOf(cursor)));
}

function placeAfter(end: PageEnd): Place {
  return { end, source: end.source };
}

function decode(sort: readonly string[], { sort: its, key, answerSize, source }: Cursor): PageEnd {
  checkSort(sort, its);
  if (key.length !== sort.length) throw invalidCursor('it has not one value for each field of the sort');
  return { key, answerSize, source };
}

function checkSort(sort: readonly string[], its: readonly string[]): void {
  if (JSON.stringify(its) === JSON.stringify(sort)) return;
  throw sourceChanged(`its sort was (${its.join(', ')}) and is (${sort.join(', ')})`, 'Deploy the old sort and redrive');
}

/** EJSON makes null of what is undefined. */
function withoutAbsent(source: SourceIdentity): object {
  return Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined));
}

function textOf(sort: readonly string[], { key, answerSize, source }: PageEnd, range: KeyBounds | undefined): string {
  const page = { sort, key, answerSize, ...(source && { source: withoutAbsent(source) }) };
  return encodeValue(range === undefined ? page : { range, page });
}

function fits(cursor: string, range: KeyBounds | undefined): boolean {
  return range === undefined ? Buffer.byteLength(cursor) <= MAX_CURSOR_BYTES : fitsRange(cursor);
}

/** In the state of a run it is a string, in which quotation marks take two bytes. */
function bytesInState(cursor: string): number {
  return Buffer.byteLength(JSON.stringify(cursor));
}

function valueOf(cursor: string): unknown {
  try {
    return decodeValue(cursor);
  } catch {
    throw invalidCursor('it is no EJSON');
  }
}

function shaped<T>(read: Read<T>, value: unknown): T {
  try {
    return read(value, 'the cursor');
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw invalidCursor(error.message);
  }
}

function invalidCursor(why: string): SourceError {
  return new SourceError(
    PagedBatchEtlErrorName.INVALID_CURSOR, `The cursor is no cursor of this source: ${why}. Start the run again, with the progress as it was reported or with none`,
  );
}
