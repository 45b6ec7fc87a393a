import { Collection, Document, FindCursor, FindOptions } from 'mongodb';
import { Page } from '../../../../src/paged-batch-etl/contracts/read-page';
import { MongoSourceConfig } from '../../../../src/paged-batch-etl/contracts/source-function';
import { valueItems } from '../../../../src/paged-batch-etl/source-functions/mongo/item-form';
import { MongoPageRequest, readMongoPage } from '../../../../src/paged-batch-etl/source-functions/mongo/read-mongo-page';
import { ReadingTime } from '../../../../src/paged-batch-etl/source-functions/mongo/reading-time';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { TimeLeft } from '../../../../src/paged-batch-etl/source-functions/time-left';
import { withTimeLeft } from '../harness';

/** What differs from a request for the first page by `_id`: of the request, and of the configuration of its source. */
export type PageRequestChanges = Partial<Omit<MongoPageRequest, 'source'> & Omit<MongoSourceConfig, 'filter' | 'collection'>>;

export function pageRequest(given: Collection<Document>, changes: PageRequestChanges = {}): MongoPageRequest {
  const {
    collection = given, filter = {}, cursor = null, batchSize = 100, pageBytes = 180 * 1024, idempotencyKeyOf = (identifier) => `key of ${identifier}`,
    maxTimeMS = () => 5 * 60_000, readingTime = new ReadingTime(new TimeLeft(withTimeLeft(5 * 60_000)), 0), warn = (message) => { throw new Error(`Warned: ${message}`); }, hasTime,
    ...source
  } = changes;
  return {
    source: {
      engine: 'mongo',
      tls: false,
      database: collection.dbName,
      collection: collection.collectionName,
      readPreference: 'primary',
      sort: ['_id'],
      // A collection without documents is often one that nobody made.
      ifMissing: 'empty',
      indexCheck: false,
      mixedIdTypes: false,
      itemFormat: 'relaxed',
      ...source,
    },
    collection,
    filter,
    cursor,
    batchSize,
    pageBytes,
    idempotencyKeyOf,
    maxTimeMS,
    readingTime,
    hasTime,
    warn,
  };
}

/** A page as the function answers it. */
export async function readValues(request: MongoPageRequest): Promise<Page & { readonly lastKey?: Date }> {
  const { itemBytes, ...page } = await readMongoPage(request, valueItems());
  const items: Page['items'] = JSON.parse(JSON.stringify(page.items));
  expect(itemBytes).toBe(items.reduce((bytes, item) => bytes + Buffer.byteLength(JSON.stringify(item)), 0));
  return { ...page, items };
}

export interface Walk {
  readonly pages: readonly Page[];
  /** Identifiers of all items, in the order in which they came. */
  readonly identifiers: readonly string[];
  /** What ended the walk, if it was not the end. */
  readonly error?: SourceError;
}

/** Reads page after page to the end or to an error of the source; never for ever. */
export async function walkPages(request: MongoPageRequest, betweenPages: (page: Page) => Promise<void> = async () => undefined): Promise<Walk> {
  const pages: Page[] = [];
  const identifiers: string[] = [];
  const most = 1_000;
  for (let cursor = request.cursor; pages.length < most;) {
    try {
      const page = await readValues({ ...request, cursor });
      pages.push(page);
      identifiers.push(...page.items.map(({ itemIdentifier }) => itemIdentifier));
      if (page.done) return { pages, identifiers };
      if (page.items.length === 0) throw new Error('A page without items that is not the last');
      cursor = page.cursor;
      await betweenPages(page);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return { pages, identifiers, error };
    }
  }
  throw new Error(`Not at the end after ${most} pages`);
}

/** Inserts documents as they are; the driver's own insert would replace an `_id` of null. */
export async function insertAsIs(collection: Collection<Document>, documents: readonly Document[]): Promise<void> {
  if (documents.length === 0) return;
  await collection.db.command({ insert: collection.collectionName, documents });
}

/** How a find is answered instead. */
export type FindInstead = (filter: Document, options: FindOptions) => FindCursor<Document>;

/** The same collection with another `find`: for what a server does only at the wrong moment, or only as a cluster. */
export function withFind(collection: Collection<Document>, find: FindInstead): Collection<Document> {
  return replacing(collection, { find });
}

/** The same object with other members; its methods know nothing of that. */
export function replacing<T extends object>(object: T, members: Readonly<Record<string, unknown>>): T {
  return new Proxy(object, {
    get: (target, name): unknown => {
      if (typeof name === 'string' && Object.hasOwn(members, name)) return members[name];
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** A cursor of a driver that keeps answers of the server in another way than the reader knows. */
export function askedOneByOne(cursor: FindCursor<Document>): FindCursor<Document> {
  return new Proxy(cursor, {
    get: (target, name): unknown => {
      const member: unknown = name === 'documents' ? undefined : Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

/** Does something just before the first document of the nth find is read. */
export function beforeFind(collection: Collection<Document>, nth: number, action: () => Promise<unknown>): Collection<Document> {
  let finds = 0;
  return withFind(collection, (filter, options) => {
    const cursor = collection.find(filter, options);
    finds += 1;
    if (finds !== nth) return cursor;
    const next = cursor.next.bind(cursor);
    cursor.next = async () => {
      cursor.next = next;
      await action();
      return next();
    };
    return cursor;
  });
}
