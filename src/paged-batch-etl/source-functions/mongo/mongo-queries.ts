import { Abortable, BSON, Collection, CollationOptions, Document, Filter, FindCursor, FindOptions, ReadPreference } from 'mongodb';
import { compareBson } from './bson-order';
import { decodeValue } from './canonical-ejson';
import { DocumentFault } from './document-fault';
import { conditionOf, KeyBounds } from './key-bounds';
import { both, KeyRange, rangeOf, rangesAfter } from './keyset';
import { MongoPageRequest } from './mongo-page-request';
import { PageBudget } from './page-budget';
import { serverProjection } from './projection';
import { takeAnswer } from './raw-answer';
import { readKey } from './read-key';
import { SortKey } from './sort-key';
import { viewOf } from './stored-value';
import { unreadableAnswer } from './unreadable';
import { fixedValues } from '../../mongo-filter/structure/conditions';

/** Compares texts by their bytes. */
const SIMPLE_COLLATION: CollationOptions = { locale: 'simple' };

/** What is asked of the server, always in the order of the sort or its reverse, and within the filter of the source and the range that is read. */
export class MongoQueries {
  private readonly collection: Collection<Document>;
  /** The filter of the source, and the range. */
  private readonly filter: Document;
  /** Fields of which the filter leaves one value, but for `_id`, with that value. */
  private readonly fixed: ReadonlyMap<string, unknown>;

  constructor(private readonly request: MongoPageRequest, private readonly bounds: KeyBounds = {}) {
    const { sort, mixedIdTypes } = request.source;
    this.collection = request.collection;
    this.filter = both(request.filter, conditionOf(bounds, sort[0], mixedIdTypes));
    const fixed = fixedValues(BSON.EJSON.serialize(request.filter, { relaxed: false })).filter(([field]) => field !== '_id');
    this.fixed = new Map(fixed.map(([field, value]) => [field, decodeValue(JSON.stringify(value))]));
  }

  /**
   * What comes after a key, to be read one after the other; everything, if there is none.
   *
   * Not alternatives of one query: where the filter has `$in`, MongoDB 6.0 sorts all that such a query finds, for every page. Each range by
   * itself is one of an index, which every server knows to read in order.
   */
  rangesAfter(key: SortKey | undefined): KeyRange[] {
    if (key === undefined) return [rangeOf(this.request.source.sort, [])];
    // Nothing has a greater value of a field that has one value only; unless the key has another one, from before that condition was added.
    return rangesAfter(this.request.source, key).filter(({ sort: [field] }) => !this.hasFixed(field, key));
  }

  /**
   * Documents after a key, as they are stored, answer by answer of the server, for as long as they are taken, and one more at most than the page
   * has room for.
   *
   * @param signal ends the wait for an answer, by closing its connection
   * @throws DocumentFault where the driver cannot take one out of the server's answer
   */
  async* readAfter(key: SortKey | undefined, budget: PageBudget, signal?: AbortSignal): AsyncGenerator<Iterable<Uint8Array>> {
    for (const range of this.rangesAfter(key)) yield* this.read(range, budget, signal);
  }

  private hasFixed(field: string, key: SortKey): boolean {
    return this.fixed.has(field) && compareBson(this.fixed.get(field), key[this.request.source.sort.indexOf(field)]) === 0;
  }

  /** Whether the first document after a key is this very one; no bytes stand for one that the driver cannot take out of an answer. */
  async isFirstAfter(key: SortKey, bytes: Uint8Array | undefined): Promise<boolean> {
    const { batchSize, pageBytes } = this.request;
    try {
      for await (const answer of this.readAfter(key, new PageBudget(batchSize, pageBytes, 1))) {
        for (const first of answer) return bytes !== undefined && viewOf(first).equals(bytes);
      }
      return false;
    } catch (error) {
      if (error instanceof DocumentFault) return bytes === undefined;
      throw error;
    }
  }

  /**
   * The last key of the order among those that begin with these values, or why it cannot be a key; undefined when there is none. The primary is asked,
   * where it can be. In a range that is open at its end it is the last of all, of whatever type: what no comparison finds is seen only without one.
   */
  async lastKey(firstValues: SortKey = []): Promise<SortKey | DocumentFault | undefined> {
    return this.findKey(rangeOf(this.request.source.sort, firstValues), -1, this.bounds.before === undefined ? this.request.filter : this.filter);
  }

  /** The first key of the order, likewise: in a range that is open at its start, the first of all. */
  async firstKey(): Promise<SortKey | DocumentFault | undefined> {
    return this.findKey(rangeOf(this.request.source.sort, []), 1, this.bounds.from === undefined ? this.request.filter : this.filter);
  }

  /** Whether there is no document in the range. The primary is asked, where it can be. */
  async isEmpty(): Promise<boolean> {
    return await this.findKey(rangeOf(this.request.source.sort, []), 1) === undefined;
  }

  /** The first key after this one, or why it cannot be a key; undefined when there is none. The primary is asked, where it can be. */
  async firstKeyAfter(key: SortKey): Promise<SortKey | DocumentFault | undefined> {
    for (const range of this.rangesAfter(key)) {
      const found = await this.findKey(range, 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Whether the document with the second key is found by the query for what comes after the first one. */
  async isFoundAfter(key: SortKey, other: SortKey): Promise<boolean> {
    const { condition: isOther } = rangeOf(this.request.source.sort, other);
    for (const range of this.rangesAfter(key)) {
      const found = await this.findOne(both(this.filter, both(range.condition, isOther)), this.inOrder(range, 1));
      if (found !== undefined) return true;
    }
    return false;
  }

  /** Whether the document with this very key is still in the collection, whatever the collation takes to be the same. */
  async isStored(key: SortKey): Promise<boolean> {
    const { condition } = rangeOf(this.request.source.sort, key);
    // DocumentDB has no collations before version 8.0, and does not know the word.
    return (await this.findOne(condition, this.request.source.engine === 'mongo' ? { collation: SIMPLE_COLLATION } : {})) !== undefined;
  }

  /** How the server would read a page of this range. */
  async explain(range: KeyRange): Promise<Document> {
    const { batchSize } = this.request;
    const cursor = this.collection.find(both(this.filter, range.condition), { ...this.inOrder(range, 1), limit: batchSize + 1 });
    return cursor.explain({ verbosity: 'queryPlanner', maxTimeMS: this.request.maxTimeMS() });
  }

  private async* read(range: KeyRange, budget: PageBudget, signal?: AbortSignal): AsyncGenerator<Iterable<Uint8Array>> {
    const { sort, projection } = this.request.source;
    const cursor = this.find(both(this.filter, range.condition), {
      ...this.inOrder(range, 1),
      limit: budget.documentsWanted(),
      batchSize: budget.documentsAtOnce(),
      signal,
      ...(projection === undefined ? {} : { projection: serverProjection([...projection, ...sort]) }),
    });
    try {
      for (let first = await nextOf(cursor); first !== undefined; first = await nextOf(cursor)) {
        yield answerOf(first, cursor);
        setBatchSize(cursor, budget.documentsAtOnce());
      }
    } finally {
      await cursor.close();
    }
  }

  private async findKey(range: KeyRange, direction: 1 | -1, filter = this.filter): Promise<SortKey | DocumentFault | undefined> {
    try {
      const found = await this.findOne(both(filter, range.condition), { ...this.inOrder(range, direction), ...this.upToDate() });
      return found && readKey(found, this.request.source.sort);
    } catch (error) {
      if (error instanceof DocumentFault) return error;
      throw error;
    }
  }

  /** Where secondaries are read: one that lags behind would agree with itself that nothing is left. */
  private upToDate(): FindOptions {
    const mode = this.collection.readPreference?.mode ?? 'primary';
    return mode === 'primary' ? {} : { readPreference: ReadPreference.primaryPreferred };
  }

  /** The first document, with the fields of its key only. */
  private async findOne(filter: Document, options: FindOptions): Promise<Uint8Array | undefined> {
    const cursor = this.find(filter, { ...options, limit: 1, projection: serverProjection(this.request.source.sort) });
    try {
      return await nextOf(cursor);
    } finally {
      await cursor.close();
    }
  }

  private find(filter: Filter<Document>, options: FindOptions & Abortable): FindCursor<Document> {
    return this.collection.find(filter, { ...options, raw: true, maxTimeMS: this.request.maxTimeMS() });
  }

  /**
   * The order of the sort or its reverse. Fields that are the same in the whole range are left out only where the index is named: otherwise the
   * server could take the one of `_id` and walk past all other documents, and with them it would sort where the filter has `$in`.
   */
  private inOrder(range: KeyRange, direction: 1 | -1): FindOptions {
    const { sort, hint, collation } = this.request.source;
    const fields = hint === undefined ? sort : range.sort.filter((field) => !this.fixed.has(field));
    // Without a collation, the server takes that of the collection, if it has one: so do the indexes that are made without.
    return { ...(collation && { collation }), hint, sort: new Map(fields.map((field) => [field, direction])) };
  }
}

/** The first document, and those that came with it: to wait for each of them would take longer than to read it. */
export function answerOf(first: Uint8Array, cursor: FindCursor<Document>): Iterable<Uint8Array> {
  const rest = takeAnswer(cursor);
  if (rest === undefined) return oneByOne(first, cursor);
  rest.unshift(first);
  return rest;
}

function* oneByOne(first: Uint8Array, cursor: FindCursor<Document>): Generator<Uint8Array> {
  yield first;
  while (cursor.bufferedCount() > 0) yield bufferedOf(cursor);
}

function bufferedOf(cursor: FindCursor<Document>): Uint8Array {
  try {
    return rawOf(cursor.readBufferedDocuments(1)[0]);
  } catch (error) {
    throw orFault(error);
  }
}

export async function nextOf(cursor: FindCursor<Document>): Promise<Uint8Array | undefined> {
  try {
    const bytes: unknown = await cursor.next();
    return bytes === null ? undefined : rawOf(bytes);
  } catch (error) {
    throw orFault(error);
  }
}

function rawOf(bytes: unknown): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('The driver answered no raw document');
  return bytes;
}

/** The driver looks at the outermost members of a document to find its end. */
function orFault(error: unknown): unknown {
  return error instanceof BSON.BSONError ? unreadableAnswer(error.message) : error;
}

/**
 * How many documents the next answer has. The driver takes the number from here for every answer, and its own `batchSize` refuses another one
 * once the first has come.
 */
function setBatchSize(cursor: FindCursor<Document>, batchSize: number): void {
  const options: unknown = Reflect.get(cursor, 'cursorOptions');
  if (typeof options === 'object' && options !== null) Reflect.set(options, 'batchSize', batchSize);
}
