import type { PageRequest } from './page-request';
import { exactly, flag, listOf, Read, ShapeError } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { FailedItem, MAX_CURSOR_BYTES, MAX_PASSED_OVER_BYTES, Page, PageItem, PassedOver, SourceItem, SourcePage } from '../../contracts/read-page';
import { SourceError } from '../source-error';

/** Identifiers stand in messages and logs of others; longer ones are content. */
export const MAX_IDENTIFIER_LENGTH = 1_024;

const identifier: Read<string> = (value, place) => {
  if (typeof value !== 'string' || value === '' || value.length > MAX_IDENTIFIER_LENGTH) {
    throw new ShapeError(place, `a string of 1 to ${MAX_IDENTIFIER_LENGTH} characters`);
  }
  return value;
};

const anything: Read<unknown> = (value, place) => {
  if (value === undefined) throw new ShapeError(place, 'there');
  return value;
};

/** Not empty, because many a source takes an empty cursor for none, and would begin again. */
const cursor: Read<string | null> = (value, place) => {
  if (value === null || (typeof value === 'string' && value !== '')) return value;
  throw new ShapeError(place, 'null or a string that is not empty');
};

const sourcePage = exactly<SourcePage>({ items: listOf(exactly<SourceItem>({ itemIdentifier: identifier, item: anything })), cursor, done: flag });

/** What was asked of a source function. */
type Asked = Pick<PageRequest, 'cursor' | 'batchSize'>;

/**
 * Makes a page of what a custom source function answered, after making sure that the run comes to an end with it and loses nothing.
 *
 * @throws SourceError InvalidSourcePage, CursorTooLarge, CursorDidNotAdvance or ItemTooLarge
 */
export function checkCustomPage(answer: unknown, request: PageRequest): Page & Partial<PassedOver> {
  const read = checkSourcePage(answer, request);
  const all = read.items.map(({ itemIdentifier, item }) => ({ itemIdentifier, idempotencyKey: request.idempotencyKeyOf(itemIdentifier), item }));
  const { items, failed } = fittingItems(all, request);
  const page = { items, cursor: read.cursor, done: read.done };
  checkBytes(page, request.pageBytes);
  return { ...page, ...failed.length > 0 && { failed } };
}

/**
 * The same of an answer that is only a part of a page, and of any size.
 *
 * @throws SourceError InvalidSourcePage, CursorTooLarge or CursorDidNotAdvance
 */
export function checkSourcePage(answer: unknown, { cursor: previous, batchSize }: Asked): SourcePage {
  const read = shapeOf(answer);
  checkItems(read, batchSize);
  checkCursor(read, previous);
  return read;
}

function shapeOf(answer: unknown): SourcePage {
  try {
    return sourcePage(answer, '');
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw invalid(`must be { items: [{ itemIdentifier, item }], cursor, done }: ${error.message}`);
  }
}

function checkItems({ items, done }: SourcePage, batchSize: number): void {
  if (items.length > batchSize) throw invalid(`has ${items.length} items, and ${batchSize} were asked for`);
  if (items.length === 0 && !done) throw invalid('has no items, which only the last page may have: done must be true');
  const identifiers = new Set<string>();
  items.forEach(({ itemIdentifier }, index) => {
    if (identifiers.has(itemIdentifier)) throw invalid(`has an itemIdentifier twice, in items[${index}] for the second time`);
    identifiers.add(itemIdentifier);
  });
}

function checkCursor({ cursor: next, done }: SourcePage, previous: string | null): void {
  if (next === null && !done) throw invalid('has no cursor, which only the last page may lack: done must be true');
  if (next !== null && Buffer.byteLength(next) > MAX_CURSOR_BYTES) {
    throw new SourceError(PagedBatchEtlErrorName.CURSOR_TOO_LARGE, `The cursor is ${Buffer.byteLength(next)} bytes, and may be ${MAX_CURSOR_BYTES}`);
  }
  if (!done && next === previous) {
    throw new SourceError(PagedBatchEtlErrorName.CURSOR_DID_NOT_ADVANCE, 'The source function answered the cursor that it was called with');
  }
}

/** Items that fit into a page. The others are told of beside it, or fail it; so does the first of more than can be told of. */
function fittingItems(all: readonly PageItem[], { pageBytes, passesOver }: PageRequest): Pick<Page, 'items'> & PassedOver {
  const items: PageItem[] = [];
  const failed: FailedItem[] = [];
  for (const item of all) {
    const bytes = bytesOf(item);
    if (bytes <= pageBytes) {
      items.push(item);
      continue;
    }
    const { itemIdentifier, idempotencyKey } = item;
    const cause = `The item ${itemIdentifier} is ${bytes} bytes of JSON, and a page may be ${pageBytes}: pass where its data is`;
    failed.push({ itemIdentifier, idempotencyKey, error: PagedBatchEtlErrorName.ITEM_TOO_LARGE, cause });
    const hasRoom = failed.length === 1 || bytesOf(failed) <= MAX_PASSED_OVER_BYTES;
    if (!passesOver || !hasRoom) throw new SourceError(PagedBatchEtlErrorName.ITEM_TOO_LARGE, cause);
  }
  return { items, failed };
}

function checkBytes(page: Page, most: number): void {
  const bytes = bytesOf(page);
  if (bytes > most) throw invalid(`is ${bytes} bytes of JSON with its idempotency keys, and may be ${most}: answer fewer items`);
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

export function invalid(why: string): SourceError {
  return new SourceError(PagedBatchEtlErrorName.INVALID_SOURCE_PAGE, `The answer of the source function ${why}`);
}
