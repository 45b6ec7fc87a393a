import { CheckedCollection } from './checked-collection';
import { CollectionFacts } from './collection-facts';
import { decodePlace, encodeCursor, encodeLastCursor, PageEnd } from './cursor-codec';
import { DocumentFault } from './document-fault';
import { PageItems } from './growing-page';
import { checkHint } from './hint-check';
import { IndexCheck } from './index-check';
import type { ItemForm, SizedItem } from './item-form';
import { KeyBounds } from './key-bounds';
import { KeyOrder } from './key-order';
import { KeyProof } from './key-proof';
import { MongoPageRequest } from './mongo-page-request';
import { MongoQueries } from './mongo-queries';
import { readItems } from './page-items';
import { isItem, PassedOverItem } from './passed-over';
import { SortKey } from './sort-key';
import { withSoundEnd } from './sound-end';
import { SourceIdentity } from './source-identity';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { FailedItem } from '../../contracts/read-page';
import { SourceError } from '../source-error';

export type { MongoPageRequest } from './mongo-page-request';

export interface MongoPage<T> {
  readonly items: readonly T[];
  /** What was passed over. */
  readonly failed: readonly FailedItem[];
  /** Bytes of the items as JSON, each as `{"itemIdentifier":…,"idempotencyKey":…,"item":…}`, without what is between them. */
  readonly itemBytes: number;
  readonly cursor: string | null;
  readonly done: boolean;
  /** First sort key of the last item, where that is a date. */
  readonly lastKey?: Date;
}

/**
 * Reads the page after a cursor: at least one item, and `done` only with the proof that nothing comes after it. It ends before a document that
 * can be in no page, so that only the page which would begin with that document fails.
 *
 * @param form as what the items are made: `valueItems()` or `textItems()`
 * @throws SourceError with the name of what makes it impossible to read every document once; errors of the driver as they are.
 */
export async function readMongoPage<T extends SizedItem>(request: MongoPageRequest, form: ItemForm<T>): Promise<MongoPage<T>> {
  checkEngine(request);
  const { cursor, source: { sort } } = request;
  const { end, range, source: began } = decodePlace(sort, cursor);
  const collection = await CheckedCollection.open(request, began, end === undefined);
  if (collection === undefined) return NOTHING;
  const reading = new Reading(request, form, collection.identity, range);
  const { items: read, passedOver, keys, answerSize, done } = collection.facts === undefined
    ? await readProvenPage(reading, end)
    : await readFirstPage(reading, collection.facts, end);
  if (began !== undefined) await collection.checkStillTheSame(began);
  const last = keys.at(-1)?.values ?? end?.key;
  if (last === undefined) return NOTHING;
  const items = read.filter((item) => isItem(item));
  const failed = [...passedOver, ...read.filter((item) => item instanceof PassedOverItem)].map(({ told }) => told);
  const [firstValue] = last;
  const encode = done ? encodeLastCursor : encodeCursor;
  return {
    items,
    failed,
    itemBytes: items.reduce((bytes, { lineBytes }) => bytes + lineBytes, 0),
    cursor: encode(sort, { key: last, answerSize, source: collection.identity }, range),
    done,
    ...(keys.length > 0 && firstValue instanceof Date ? { lastKey: firstValue } : {}),
  };
}

const NOTHING = { items: [], failed: [], itemBytes: 0, cursor: null, done: true };

/** What all steps of reading a page need. */
class Reading<T extends SizedItem> {
  readonly queries: MongoQueries;
  readonly order: KeyOrder;
  readonly proof: KeyProof;

  constructor(
    readonly request: MongoPageRequest, readonly form: ItemForm<T>, readonly identity: SourceIdentity, readonly range: KeyBounds | undefined,
  ) {
    this.queries = new MongoQueries(request, range);
    this.order = new KeyOrder(identity.collated);
    this.proof = new KeyProof(request, this.queries, this.order);
  }
}

interface ProvenPage<T> extends PageItems<T> {
  readonly done: boolean;
}

/** The first page that is asked for in this way: of a run, or after a deployment that changed what is asked. */
async function readFirstPage<T extends SizedItem>(reading: Reading<T>, facts: CollectionFacts, end: PageEnd | undefined): Promise<ProvenPage<T>> {
  const { request, queries } = reading;
  await checkHint(request, facts);
  const indexes = request.source.indexCheck ? new IndexCheck(request, queries, facts) : undefined;
  await indexes?.checkFirstPage();
  const page = await readProvenPage(reading, end);
  const last = page.keys.at(-1)?.values;
  if (!page.done && last !== undefined) await indexes?.checkNextPage(last);
  return page;
}

async function readProvenPage<T extends SizedItem>(reading: Reading<T>, end: PageEnd | undefined): Promise<ProvenPage<T>> {
  const { proof, range } = reading;
  const page = await readCheckedPage(reading, end);
  if (page.next !== undefined) return { ...page, done: false };
  const last = page.keys.at(-1)?.values ?? end?.key;
  if (last === undefined && range !== undefined) return readEmptyRange(reading, page);
  const beyond = last === undefined ? undefined : await proof.keyBeyond(last);
  if (last === undefined || beyond === undefined) return { ...page, done: true };
  // What has just been added is for the next page; but a page without items would end where the one before it did.
  if (page.keys.length > 0) return { ...page, done: false };
  const again = await readCheckedPage(reading, end);
  if (again.keys.length === 0) throw proof.unreachable(last, beyond);
  return { ...again, done: false };
}

/** A range in which nothing was found, unless a member of the server lags behind. */
async function readEmptyRange<T extends SizedItem>(reading: Reading<T>, page: PageItems<T>): Promise<ProvenPage<T>> {
  const { proof, queries } = reading;
  if (await queries.isEmpty()) return { ...page, done: true };
  const again = await readCheckedPage(reading, undefined);
  if (again.keys.length === 0 && !await queries.isEmpty()) throw proof.lagging();
  return { ...again, done: again.keys.length === 0 };
}

async function readCheckedPage<T extends SizedItem>(reading: Reading<T>, end: PageEnd | undefined): Promise<PageItems<T>> {
  const { request, form, identity, queries, order, proof, range } = reading;
  const encode = (key: SortKey, answerSize: number) => encodeCursor(request.source.sort, { key, answerSize, source: identity }, range);
  const page = await readItems(request, form, queries, order, end, (last, next) => (
    !order.mayTakeForEqual(last.values, next.values) && isEncoded(() => encode(last.values, request.batchSize + 1))
  ));
  if (end !== undefined) await proof.checkLeftBehind(end.key, page);
  else await checkBeginning(reading, page);
  return withSoundEnd(page, proof, encode);
}

async function checkBeginning<T extends SizedItem>({ proof, range }: Reading<T>, { keys }: PageItems<T>): Promise<void> {
  if (range !== undefined) await proof.checkBounds(range);
  if (keys.length > 0) await proof.checkTypes(keys[0].values);
}

function isEncoded(encode: () => unknown): boolean {
  try {
    encode();
    return true;
  } catch (error) {
    if (error instanceof DocumentFault) return false;
    throw error;
  }
}

function checkEngine({ source: { engine, mixedIdTypes } }: MongoPageRequest): void {
  if (engine !== 'documentDb' || !mixedIdTypes) return;
  throw new SourceError(
    PagedBatchEtlErrorName.UNSUPPORTED_COLLECTION, 'Values of _id of several types can be read from MongoDB 5.0 or newer only: DocumentDB has no such comparison',
  );
}
