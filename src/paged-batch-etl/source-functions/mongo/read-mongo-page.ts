import { CheckedCollection } from './checked-collection';
import { CollectionFacts } from './collection-facts';
import { decodeCursor, encodeCursor, PageEnd } from './cursor-codec';
import { checkHint } from './hint-check';
import { IndexCheck } from './index-check';
import { KeyOrder } from './key-order';
import { KeyProof } from './key-proof';
import { MongoPageRequest } from './mongo-page-request';
import { MongoQueries } from './mongo-queries';
import { PageItems, readItems } from './page-items';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { Page } from '../../contracts/read-page';
import { SourceError } from '../source-error';

export type { MongoPageRequest } from './mongo-page-request';

export interface MongoPage extends Page {
  /** First sort key of the last item, where that is a date. */
  readonly lastKey?: Date;
}

/**
 * Reads the page after a cursor: at least one item, and `done` only with the proof that nothing comes after it.
 *
 * @throws SourceError with the name of what makes it impossible to read every document once; errors of the driver as they are.
 */
export async function readMongoPage(request: MongoPageRequest): Promise<MongoPage> {
  checkEngine(request);
  const { cursor, source: { sort } } = request;
  const end = cursor === null ? undefined : decodeCursor(sort, cursor);
  const collection = await CheckedCollection.open(request, end?.source, end === undefined);
  if (collection === undefined) return { items: [], cursor: null, done: true };
  const reading = new Reading(request, collection.identity.collated);
  const { items, keys, answerSize, done } = collection.facts === undefined
    ? await readProvenPage(reading, end)
    : await readFirstPage(reading, collection.facts, end);
  if (end?.source !== undefined) await collection.checkStillTheSame(end.source);
  const last = keys.at(-1) ?? end?.key;
  if (last === undefined) return { items, cursor: null, done: true };
  const [firstValue] = last;
  return {
    items,
    cursor: encodeCursor(sort, { key: last, answerSize, source: collection.identity }),
    done,
    ...(items.length > 0 && firstValue instanceof Date ? { lastKey: firstValue } : {}),
  };
}

/** What all steps of reading a page need. */
class Reading {
  readonly queries: MongoQueries;
  readonly order: KeyOrder;
  readonly proof: KeyProof;

  constructor(readonly request: MongoPageRequest, collated: boolean) {
    this.queries = new MongoQueries(request);
    this.order = new KeyOrder(collated);
    this.proof = new KeyProof(request, this.queries, this.order);
  }
}

interface ProvenPage extends PageItems {
  readonly done: boolean;
}

/** The first page that is asked for in this way: of a run, or after a deployment that changed what is asked. */
async function readFirstPage(reading: Reading, facts: CollectionFacts, end: PageEnd | undefined): Promise<ProvenPage> {
  const { request, queries } = reading;
  await checkHint(request, facts);
  const indexes = request.source.indexCheck ? new IndexCheck(request, queries, facts) : undefined;
  await indexes?.checkFirstPage();
  const page = await readProvenPage(reading, end);
  const last = page.keys.at(-1);
  if (!page.done && last !== undefined) await indexes?.checkNextPage(last);
  return page;
}

async function readProvenPage(reading: Reading, end: PageEnd | undefined): Promise<ProvenPage> {
  const { proof } = reading;
  const page = await readCheckedPage(reading, end);
  if (page.next !== undefined) return { ...page, done: false };
  const last = page.keys.at(-1) ?? end?.key;
  const beyond = last === undefined ? undefined : await proof.keyBeyond(last);
  if (last === undefined || beyond === undefined) return { ...page, done: true };
  // What has just been added is for the next page; but a page without items would end where the one before it did.
  if (page.items.length > 0) return { ...page, done: false };
  const again = await readCheckedPage(reading, end);
  if (again.items.length === 0) throw proof.unreachable(last, beyond);
  return { ...again, done: false };
}

async function readCheckedPage({ request, queries, order, proof }: Reading, end: PageEnd | undefined): Promise<PageItems> {
  const page = await readItems(request, queries, order, end);
  const { keys, next } = page;
  if (end !== undefined) await proof.checkLeftBehind(end.key, page);
  else if (keys.length > 0) await proof.checkTypes(keys[0]);
  if (keys.length > 0 && next !== undefined) await proof.checkPageEnd(keys[keys.length - 1], next);
  return page;
}

function checkEngine({ source: { engine, mixedIdTypes } }: MongoPageRequest): void {
  if (engine !== 'documentDb' || !mixedIdTypes) return;
  throw new SourceError(
    PagedBatchEtlErrorName.UNSUPPORTED_COLLECTION, 'Values of _id of several types can be read from MongoDB 5.0 or newer only: DocumentDB has no such comparison',
  );
}
