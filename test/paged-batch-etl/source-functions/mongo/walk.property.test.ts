import fc from 'fast-check';
import { BSON, Collection, CreateCollectionOptions, Db, Document, Double, Int32, Long, ObjectId } from 'mongodb';
import { anyKeyValue, distinctIds, TYPE_NAMES, TypeName, valuesOf } from './bson-values';
import { insertAsIs, pageRequest, PageRequestChanges, Walk, walkPages } from './page-walk';
import { PagedBatchEtlErrorName } from '../../../../src/paged-batch-etl/contracts/error-names';
import { MongoCollationConfig, MongoSourceConfig } from '../../../../src/paged-batch-etl/contracts/source-function';
import { MongoPageRequest } from '../../../../src/paged-batch-etl/source-functions/mongo/read-mongo-page';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';
import { describeWithMongo } from '../../../support/mongo';

const { MIXED_KEY_TYPES, CURSOR_TYPE_GAP, SORT_KEY_IS_ARRAY, DUPLICATE_KEY } = PagedBatchEtlErrorName;

/** A field that is missing in some documents. */
const MISSING = Symbol('missing');

const ids = (values: fc.Arbitrary<unknown>) => fc.uniqueArray(values, { selector: canonical, maxLength: 25 });

/** Types of which there are more than a few values, so that they can be values of `_id`. */
const idType = fc.constantFrom(...TYPE_NAMES.filter((name) => !['bool', 'null', 'minKey', 'maxKey'].includes(name)));

const bounds = fc.record({
  batchSize: fc.oneof(fc.constantFrom(1, 2, 3, 5), fc.integer({ min: 1, max: 30 })),
  pageBytes: fc.constantFrom(700, 1_200, 180 * 1024),
  engine: fc.constantFrom<MongoSourceConfig['engine']>('mongo', 'documentDb'),
});

/** A document has `f` and `a.g`; both often the same as in other documents. */
function documents(values: fc.Arbitrary<unknown>, second: fc.Arbitrary<unknown>, idValues: fc.Arbitrary<unknown>): fc.Arbitrary<Document[]> {
  const someOf = (all: fc.Arbitrary<unknown>) => fc.array(all, { minLength: 1, maxLength: 4 });
  return fc.tuple(ids(idValues), someOf(values), someOf(second), fc.infiniteStream(fc.nat()))
    .map(([list, fs, gs, picks]) => list.map((_id) => ({
      _id, ...member('f', fs[picks.next().value % fs.length]), ...member('a', { ...member('g', gs[picks.next().value % gs.length]) }),
    })));
}

function member(name: string, value: unknown): Document {
  return value === MISSING ? {} : { [name]: value };
}

function canonical(value: unknown): string {
  return BSON.EJSON.stringify(value, { relaxed: false });
}

describeWithMongo('walking pages', (mongo) => {
  let database: Db;
  let collections = 0;

  beforeAll(() => {
    database = mongo().newDatabase('walk');
  });
  afterEach(() => database.dropDatabase());

  function emptyCollection(): Collection<Document> {
    collections += 1;
    return database.collection(`c${collections}`);
  }

  /** A collection of its own for every walk: what was deleted leaves no trace, and two values of `_id` that are equal are one document. */
  async function walk(
    stored: readonly Document[], over: PageRequestChanges, made?: CreateCollectionOptions,
  ): Promise<{ readonly walk: Walk; readonly expected: string[] }> {
    const collection = emptyCollection();
    if (made !== undefined) await database.createCollection(collection.collectionName, made);
    await insertAsIs(collection, stored);
    const request = pageRequest(collection, over);
    const walked = await walkPages(request);
    checkBounds(walked, request);
    return { walk: walked, expected: await orderOf(request) };
  }

  /** The documents in the order in which the server gives them all at once. */
  async function orderOf({ collection, filter, source: { sort, collation } }: MongoPageRequest): Promise<string[]> {
    const all = await collection.find(filter, {
      sort: new Map(sort.map((field) => [field, 1])), collation, promoteValues: false, promoteBuffers: false, bsonRegExp: true,
    }).toArray();
    return all.map(({ _id }) => canonical(_id));
  }

  /** Everything once and in order, or all until a designed error. */
  function check({ walk: { identifiers, error }, expected }: Awaited<ReturnType<typeof walk>>, allowed: readonly string[]): void {
    if (error === undefined) {
      expect(identifiers).toEqual(expected);
    } else {
      expect(allowed).toContain(error.name);
      expect(identifiers).toEqual(expected.slice(0, identifiers.length));
    }
  }

  /**
   * Pages are within their bounds, and end only where the next item would be beyond one; or before two that a collation takes for the same,
   * which can still be within one page.
   */
  function checkBounds({ pages }: Walk, { batchSize, pageBytes, source: { collation } }: MongoPageRequest): void {
    for (const [index, { items }] of pages.entries()) {
      expect(items.length).toBeLessThanOrEqual(batchSize);
      expect(Buffer.byteLength(JSON.stringify(items))).toBeLessThanOrEqual(pageBytes);
      const [following] = pages[index + 1]?.items ?? [];
      if (following === undefined || items.length === batchSize || collation !== undefined) continue;
      expect(Buffer.byteLength(JSON.stringify([...items, following]))).toBeGreaterThan(pageBytes);
    }
  }

  const sorts = fc.constantFrom([['_id']], [['f', '_id']], [['a.g', '_id']], [['f', 'a.g', '_id']]).map(([sort]) => sort);

  test('keys of one type each: every document once, in order', async () => {
    const types = fc.tuple(fc.constantFrom(...TYPE_NAMES), fc.constantFrom(...TYPE_NAMES), idType);
    const collectionOf = ([f, g, id]: [TypeName, TypeName, TypeName]) => documents(valuesOf(f), valuesOf(g), valuesOf(id));
    await fc.assert(fc.asyncProperty(types.chain(collectionOf), sorts, bounds, async (stored, sort, limits) => {
      check(await walk(distinctIds(stored), { sort, ...limits }), []);
    }), { numRuns: fcRuns(70) });
  }, fcTimeout(70));

  test('any types, null and missing fields: every document once, in order, or a typed error', async () => {
    const value = fc.oneof(anyKeyValue, fc.constant(MISSING), fc.constant(null));
    await fc.assert(fc.asyncProperty(documents(value, value, anyKeyValue), sorts, bounds, async (stored, sort, limits) => {
      check(await walk(distinctIds(stored), { sort, ...limits }), [MIXED_KEY_TYPES, CURSOR_TYPE_GAP]);
    }), { numRuns: fcRuns(60) });
  }, fcTimeout(60));

  test('types that change within equal first fields, which both ends do not show', async () => {
    const first = fc.constantFrom(new Int32(1), new Int32(2));
    const middle = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom('x', null, MISSING));
    const id = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 }).map(String));
    await fc.assert(fc.asyncProperty(documents(first, middle, id), sorts, bounds, async (stored, sort, limits) => {
      check(await walk(distinctIds(stored), { sort, ...limits }), [MIXED_KEY_TYPES, CURSOR_TYPE_GAP]);
    }), { numRuns: fcRuns(70) });
  }, fcTimeout(70));

  test('mixedIdTypes: _id of any types, every document once, in order', async () => {
    const stored = documents(fc.integer({ min: 0, max: 2 }), fc.constant(0), anyKeyValue);
    const ending = fc.constantFrom([['_id']], [['f', '_id']]).map(([sort]) => sort);
    await fc.assert(fc.asyncProperty(stored, ending, bounds, async (list, sort, { batchSize, pageBytes }) => {
      check(await walk(distinctIds(list), { sort, batchSize, pageBytes, mixedIdTypes: true }), []);
    }), { numRuns: fcRuns(60) });
  }, fcTimeout(60));

  test('arrays in sort fields, or on the way to them', async () => {
    const small = fc.integer({ min: 0, max: 3 });
    // Rare enough that many collections have none.
    const value = fc.oneof({ arbitrary: small, weight: 20 }, { arbitrary: fc.array(small, { maxLength: 2 }), weight: 1 });
    const id = ids(fc.integer({ min: 0, max: 99 }));
    await fc.assert(fc.asyncProperty(id, fc.infiniteStream(value), fc.boolean(), bounds, async (list, values, nested, limits) => {
      const stored = list.map((_id) => {
        const picked: unknown = values.next().value;
        return { _id, a: nested && Array.isArray(picked) ? picked.map((g: unknown) => ({ g })) : { g: picked } };
      });
      const result = await walk(stored, { sort: ['a.g', '_id'], ...limits });
      const bad = stored.filter(({ a }) => Array.isArray(a) || Array.isArray(a.g)).map(({ _id }) => canonical(_id));
      expect(result.walk.error?.name).toBe(bad.length > 0 ? SORT_KEY_IS_ARRAY : undefined);
      check(result, [SORT_KEY_IS_ARRAY]);
      // An empty array, and one without such a field, are of another type than numbers are: then the first page alone tells.
      const next = result.expected[result.walk.identifiers.length];
      if (bad.length > 0) expect(bad).toContain(next);
    }), { numRuns: fcRuns(50) });
  }, fcTimeout(50));

  test('collations: every document once, or equal keys are told', async () => {
    const collation = fc.constantFrom<MongoCollationConfig>(
      { locale: 'en', strength: 1 }, { locale: 'en', strength: 2 }, { locale: 'de', numericOrdering: true }, { locale: 'fr', caseLevel: true, strength: 1 },
      { locale: 'simple' },
    );
    const word = fc.constantFrom('a', 'A', 'b', 'B', 'ä', 'é', 'e\u0301', 'e', '1', '10', '9', 'ab', 'Ab');
    const list = fc.oneof(word, fc.integer({ min: 0, max: 99 }), fc.record({ w: word })).chain((one) => {
      const key = typeof one === 'string' ? word : fc.integer({ min: 0, max: 99 });
      return documents(word, fc.constant(0), typeof one === 'object' ? fc.record({ w: word }) : key);
    });
    const sort = fc.constantFrom([['_id']], [['f', '_id']]).map(([fields]) => fields);
    await fc.assert(fc.asyncProperty(list, sort, collation, fc.boolean(), bounds, async (stored, fields, how, own, { batchSize, pageBytes }) => {
      const limits = { sort: fields, batchSize, pageBytes };
      // Of the source, or of the collection, which the source does not know of.
      const { walk: { identifiers, error }, expected } = own
        ? await walk(stored, limits, { collation: how })
        : await walk(stored, { ...limits, collation: how });
      // Documents with equal keys have no order.
      if (error === undefined) expect([...identifiers].sort()).toEqual([...expected].sort());
      else expect(error.name).toBe(how.locale === 'simple' ? undefined : DUPLICATE_KEY);
      expect(new Set(identifiers).size).toBe(identifiers.length);
    }), { numRuns: fcRuns(80) });
  }, fcTimeout(80));

  test('filters that leave one value of a sort field, or a few: every document once, in order', async () => {
    const small = fc.oneof(fc.integer({ min: 0, max: 2 }), fc.constant(Long.fromNumber(1)), fc.constant(new Double(1)));
    const value = fc.oneof({ arbitrary: small, weight: 12 }, { arbitrary: fc.constantFrom(null, MISSING), weight: 1 });
    const stored = documents(value, value, fc.integer({ min: 0, max: 60 }));
    const some = fc.array(small, { minLength: 1, maxLength: 2 });
    const condition = fc.oneof(small, small.map(($eq) => ({ $eq })), fc.constant(null), some.map(($in) => ({ $in })));
    const filter = fc.record({ 'f': condition, 'a.g': condition }, { requiredKeys: [] });
    // The server is told to use an index for some: then the order is asked for with fewer words.
    const index = fc.constantFrom([], ['f', '_id'], ['f', 'a.g', '_id'], ['a.g', 'f', '_id']);
    await fc.assert(fc.asyncProperty(stored, filter, sorts, index, bounds, async (list, wanted, sort, keys, limits) => {
      const collection = emptyCollection();
      await insertAsIs(collection, list);
      const hint = keys.length === 0 || list.length === 0 ? undefined : await collection.createIndex(new Map(keys.map((field) => [field, 1])));
      const request = pageRequest(collection, { sort, filter: wanted, hint, ...limits });
      check({ walk: await walkPages(request), expected: await orderOf(request) }, [MIXED_KEY_TYPES, CURSOR_TYPE_GAP]);
    }), { numRuns: fcRuns(60) });
  }, fcTimeout(60));

  test('inserts and deletes during the run: what was there throughout is read once, nothing twice', async () => {
    const change = fc.array(fc.tuple(fc.constantFrom('insert', 'delete'), fc.integer({ min: 0, max: 60 })), { maxLength: 6 });
    await fc.assert(fc.asyncProperty(ids(fc.integer({ min: 0, max: 60 })), fc.infiniteStream(change), bounds, async (list, changes, limits) => {
      const collection = emptyCollection();
      const documentOf = (id: unknown) => ({ _id: id, f: Number(id) % 4 });
      await insertAsIs(collection, list.map(documentOf));
      const touched = new Set<number>();
      let pages = 0;
      const request = pageRequest(collection, { sort: ['f', '_id'], ...limits });
      const { identifiers, error } = await walkPages(request, async () => {
        pages += 1;
        // Somebody who never stops inserting would never let a run end.
        if (pages > 30) return;
        for (const [kind, id] of changes.next().value) {
          touched.add(id);
          await collection.updateOne({ _id: { $eq: id } } as Document, { $set: documentOf(id) }, { upsert: true });
          if (kind === 'delete') await collection.deleteOne({ _id: { $eq: id } } as Document);
        }
      });
      expect(error).toBeUndefined();
      expect(new Set(identifiers).size).toBe(identifiers.length);
      const untouched = list.filter((id) => !touched.has(Number(id))).map((id) => canonical(id));
      expect(identifiers).toEqual(expect.arrayContaining(untouched));
      const keys = identifiers.map((text) => Number(BSON.EJSON.parse(text)));
      expect(keys).toEqual([...keys].sort((a, b) => a % 4 - b % 4 || a - b));
    }), { numRuns: fcRuns(40) });
  }, fcTimeout(40));

  test.each([0, 1, 9, 10, 11, 20])('%i documents in pages of ten', async (count) => {
    const stored = Array.from({ length: count }, () => ({ _id: new ObjectId() }));
    const result = await walk(stored, { batchSize: 10 });
    check(result, []);
    expect(result.walk.pages).toHaveLength(Math.max(1, Math.ceil(count / 10)));
  });
});
