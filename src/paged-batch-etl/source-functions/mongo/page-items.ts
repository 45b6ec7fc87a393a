import { encodeValue } from './canonical-ejson';
import { PageEnd } from './cursor-codec';
import { formatDocument } from './item-format';
import { KeyOrder } from './key-order';
import { MongoPageRequest } from './mongo-page-request';
import { MongoQueries } from './mongo-queries';
import { PageBudget } from './page-budget';
import { pickFields } from './projection';
import { SortKey } from './sort-key';
import { StoredDocument } from './stored-document';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { PageItem } from '../../contracts/read-page';
import { SourceError } from '../source-error';

/** What was read for a page. */
export interface PageItems {
  readonly items: readonly PageItem[];
  /** Key of every item. */
  readonly keys: readonly SortKey[];
  /** Key of the first document that is not in the page anymore; undefined when nothing was left. */
  readonly next?: SortKey;
  /** Documents to ask the server for at once when it goes on. */
  readonly answerSize: number;
}

/** Reads the items after the end of the page before, up to the bounds of the page: at least one, unless nothing is left. */
export async function readItems(
  request: MongoPageRequest, queries: MongoQueries, order: KeyOrder, end: PageEnd | undefined,
): Promise<PageItems> {
  const start = end?.key;
  const budget = new PageBudget(request.batchSize, request.pageBytes, end?.answerSize);
  const items: PageItem[] = [];
  const keys: SortKey[] = [];
  for await (const stored of queries.readAfter(start, budget)) {
    const { key } = stored;
    if (keys.length > 0) checkNeighbours(order, keys[keys.length - 1], key);
    else if (start !== undefined) checkAdvance(order, start, key);
    if (!budget.hasRoom()) return { items, keys, next: key, answerSize: budget.nextAnswerSize() };
    const item = itemOf(stored, request);
    const bytes = Buffer.byteLength(JSON.stringify(item));
    if (!budget.fits(bytes)) {
      if (budget.isEmpty) throw itemTooLarge(item, bytes, request.pageBytes);
      return { items, keys, next: key, answerSize: budget.nextAnswerSize() };
    }
    budget.use(bytes);
    items.push(item);
    keys.push(key);
  }
  return { items, keys, answerSize: budget.nextAnswerSize() };
}

function itemOf({ document, key }: StoredDocument, { source: { projection, itemFormat }, idempotencyKeyOf }: MongoPageRequest): PageItem {
  const itemIdentifier = encodeValue(key.at(-1));
  const shown = projection === undefined ? document : pickFields(document, projection);
  return { itemIdentifier, idempotencyKey: idempotencyKeyOf(itemIdentifier), item: formatDocument(shown, itemFormat) };
}

function checkAdvance(order: KeyOrder, start: SortKey, first: SortKey): void {
  const comparison = order.compare(start, first);
  if (comparison === undefined || comparison < 0) return;
  throw new SourceError(
    PagedBatchEtlErrorName.CURSOR_DID_NOT_ADVANCE, `After ${identifier(start)} the source gave ${identifier(first)}, which does not come after it`,
  );
}

function checkNeighbours(order: KeyOrder, before: SortKey, after: SortKey): void {
  const comparison = order.compare(before, after);
  if (comparison === undefined || comparison < 0) return;
  if (comparison === 0) throw duplicateKey(before, after);
  throw new SourceError(
    PagedBatchEtlErrorName.CURSOR_DID_NOT_ADVANCE, `The source gave ${identifier(after)} after ${identifier(before)}, which does not come before it`,
  );
}

export function duplicateKey(before: SortKey, after: SortKey): SourceError {
  return new SourceError(
    PagedBatchEtlErrorName.DUPLICATE_KEY,
    `${identifier(before)} and ${identifier(after)} have the same key, so that a page cannot end between them. `
    + 'Values of _id have to be different across all shards, and in the collation of the source',
  );
}

function itemTooLarge({ itemIdentifier }: PageItem, bytes: number, pageBytes: number): SourceError {
  return new SourceError(
    PagedBatchEtlErrorName.ITEM_TOO_LARGE,
    `The item ${itemIdentifier} takes ${bytes} bytes of JSON, and a page has at most ${pageBytes}. Leave fields out by the projection, or the document by the filter`,
  );
}

function identifier(key: SortKey): string {
  return `the document ${encodeValue(key.at(-1))}`;
}
