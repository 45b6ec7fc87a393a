import fc from 'fast-check';
import { Collection, Db, Document, IndexSpecification, CreateIndexesOptions } from 'mongodb';
import { insertAsIs, pageRequest, PageRequestChanges, readValues, walkPages, withFind } from './page-walk';
import { PagedBatchEtlErrorName } from '../../../../src/paged-batch-etl/contracts/error-names';
import { comparedFields, MOST_POINTS, pointsOfFields } from '../../../../src/paged-batch-etl/mongo-filter/structure/points';
import { hasShape } from '../../../../src/paged-batch-etl/source-functions/mongo/index-shape';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';
import { describeWithMongo } from '../../../support/mongo';

const { INCOMPLETE_INDEX, SORT_KEY_IS_ARRAY, SOURCE_REFUSED, UNINDEXED_QUERY, UNSUPPORTED_COLLECTION } = PagedBatchEtlErrorName;

describe('the index that is needed', () => {
  test.each<[string, Document, string[], string[], boolean]>([
    ['the sort', { at: 1, _id: 1 }, [], ['at', '_id'], true],
    ['the sort, backwards', { at: -1, _id: -1 }, [], ['at', '_id'], true],
    ['the sort in two directions', { at: 1, _id: -1 }, [], ['at', '_id'], false],
    ['the sort in another order', { _id: 1, at: 1 }, [], ['at', '_id'], false],
    ['half of the sort', { at: 1 }, [], ['at', '_id'], false],
    ['another field in the middle', { at: 1, x: 1, _id: 1 }, [], ['at', '_id'], false],
    ['another field at the end', { at: 1, _id: 1, x: 1 }, [], ['at', '_id'], true],
    ['equality first', { tenant: 1, at: 1, _id: 1 }, ['tenant'], ['at', '_id'], true],
    ['equality first, in another direction', { tenant: -1, at: 1, _id: 1 }, ['tenant'], ['at', '_id'], true],
    ['equalities in any order', { b: 1, a: 1, _id: 1 }, ['a', 'b'], ['_id'], true],
    ['one equality too few', { a: 1, _id: 1 }, ['a', 'b'], ['_id'], false],
    ['equality last', { at: 1, _id: 1, tenant: 1 }, ['tenant'], ['at', '_id'], false],
    ['equality on a field of the sort, first', { b: 1, a: 1, _id: 1 }, ['b'], ['a', 'b', '_id'], true],
    ['equality on a field of the sort, in its place', { a: 1, b: 1, _id: 1 }, ['b'], ['a', 'b', '_id'], true],
    ['a hashed one', { at: 'hashed', _id: 1 }, [], ['at', '_id'], false],
    ['a wildcard', { '$**': 1 }, [], ['at', '_id'], false],
  ])('%s: %j', (_, keys, equality, sort, expected) => {
    expect(hasShape(keys, { equality, sort })).toBe(expected);
  });
});

describeWithMongo('the check of the indexes', (mongo) => {
  let database: Db;
  let collection: Collection<Document>;

  beforeEach(async () => {
    database = mongo().newDatabase('index');
    collection = database.collection('c');
    await insertAsIs(collection, documents());
  });
  afterEach(() => database.dropDatabase());

  function documents(): Document[] {
    return Array.from({ length: 200 }, (_, n) => ({ _id: n, tenant: `t${n % 2}`, at: new Date(n * 1_000), x: n % 7 }));
  }

  interface Outcome {
    readonly name?: string;
    readonly message?: string;
    readonly warnings: string[];
  }

  async function outcome(over: PageRequestChanges): Promise<Outcome> {
    const warnings: string[] = [];
    const { error, identifiers } = await walkPages(pageRequest(collection, {
      indexCheck: true, batchSize: 50, warn: (message) => { warnings.push(message); }, ...over,
    }));
    if (error !== undefined) expect(identifiers).toEqual([]);
    return { name: error?.name, message: error?.message, warnings };
  }

  type Index = [IndexSpecification, CreateIndexesOptions?];
  const byTime = { sort: ['at', '_id'], filter: { at: { $gte: new Date(0), $lt: new Date(500_000) } } };
  const ofTenant = { sort: ['at', '_id'], filter: { tenant: 't1', ...byTime.filter } };

  test.each<[string, PageRequestChanges, Index[]]>([
    ['_id alone', {}, []],
    ['a range of the first field', byTime, [[{ at: 1, _id: 1 }]]],
    ['an index in the other direction', byTime, [[{ at: -1, _id: -1 }]]],
    ['equality before', ofTenant, [[{ tenant: 1, at: 1, _id: 1 }]]],
    ['one of several values before', { ...ofTenant, filter: { tenant: { $in: ['t0', 't1'] } }, hint: 'i' }, [[{ tenant: 1, at: 1, _id: 1 }, { name: 'i' }]]],
    ['an index with the collation', { ...ofTenant, collation: { locale: 'en', strength: 2 } },
      [[{ tenant: 1, at: 1, _id: 1 }, { collation: { locale: 'en', strength: 2 } }]]],
    ['a partial index that holds all of the filter', ofTenant, [[{ tenant: 1, at: 1, _id: 1 }, { partialFilterExpression: { tenant: 't1' } }]]],
    ['one document by its _id', { filter: { _id: 3, x: 3 } }, []],
    ['a window that ends before it begins', { ...byTime, filter: { at: { $gte: new Date(5), $lt: new Date(1) } } }, [[{ at: 1, _id: 1 }]]],
    ['_id of any type', { mixedIdTypes: true }, []],
    ['a field and _id of any type', { ...byTime, mixedIdTypes: true }, [[{ at: 1, _id: 1 }]]],
  ])('passes %s', async (_, over, indexes) => {
    for (const [keys, options] of indexes) await collection.createIndex(keys, options ?? {});
    expect(await outcome(over)).toEqual({ warnings: [] });
  });

  const forTenant = /Create the index: db\..*createIndex\(\{ "tenant": 1, "at": 1, "_id": 1 \}/;

  test.each<[string, PageRequestChanges, Index[], RegExp]>([
    ['no index', byTime, [], /COLLSCAN|SORT/],
    // The filter of the published example: the server walks _id, and throws away what does not match.
    ['an equality that the index of _id does not know', { filter: { tenant: 't1' } }, [], /_id_.* Create the index: db\..*createIndex\(\{ "tenant": 1, "_id": 1 \}\)/],
    ['half of the index', ofTenant, [[{ at: 1, _id: 1 }]], forTenant],
    ['equality alone', ofTenant, [[{ tenant: 1 }]], forTenant],
    ['another collation', ofTenant, [[{ tenant: 1, at: 1, _id: 1 }, { collation: { locale: 'en' } }]], forTenant],
    ['an index without a collation', { ...ofTenant, collation: { locale: 'en' } }, [[{ tenant: 1, at: 1, _id: 1 }]], forTenant],
    ['a partial index that lacks some', ofTenant, [[{ tenant: 1, at: 1, _id: 1 }, { partialFilterExpression: { x: { $gt: 3 } } }]], forTenant],
    ['a hidden index', ofTenant, [[{ tenant: 1, at: 1, _id: 1 }, { hidden: true }]], forTenant],
    ['a wildcard index', ofTenant, [[{ '$**': 1 }]], forTenant],
    ['a hashed index', ofTenant, [[{ tenant: 'hashed' }]], forTenant],
    ['a hint at another index', { ...ofTenant, hint: 'at_1__id_1' }, [[{ tenant: 1, at: 1, _id: 1 }], [{ at: 1, _id: 1 }]], forTenant],
  ])('refuses %s', async (_, over, indexes, message) => {
    for (const [keys, options] of indexes) await collection.createIndex(keys, options ?? {});
    expect(await outcome(over)).toMatchObject({ name: UNINDEXED_QUERY, message: expect.stringMatching(message) });
    expect(await outcome({ ...over, indexCheck: false })).toEqual({ warnings: [] });
  });

  test('refuses an index in which a document has an array', async () => {
    await collection.createIndex({ at: 1, _id: 1 });
    await insertAsIs(collection, [{ _id: 1_000, at: [new Date(1)] }]);
    for (const over of [{ sort: ['at', '_id'] }, byTime]) {
      expect(await outcome(over)).toMatchObject({ name: SORT_KEY_IS_ARRAY, message: expect.stringContaining('at_1__id_1') });
    }
  });

  test('warns where the right index is there, and the server takes another one that is as good with so little data', async () => {
    await collection.createIndexes([{ key: { at: 1, _id: 1 } }, { key: { tenant: 1, at: 1, _id: 1 } }]);
    await collection.updateMany({}, { $set: { tenant: 't1' } });
    const { name, warnings } = await outcome(ofTenant);
    expect(name).toBeUndefined();
    for (const warning of warnings) expect(warning).toContain('{ "tenant": 1, "at": 1, "_id": 1 }');
    expect(await outcome({ ...ofTenant, hint: 'tenant_1_at_1__id_1' })).toEqual({ warnings: [] });
  });

  test('lets fields before the sort have arrays', async () => {
    await collection.createIndex({ tags: 1, _id: 1 });
    await collection.updateMany({ x: 3 }, { $set: { tags: ['a', 'b'] } });
    expect(await outcome({ filter: { tags: 'a' }, hint: 'tags_1__id_1' })).toEqual({ warnings: [] });
  });

  describe('clustered collections', () => {
    beforeEach(async () => {
      await database.createCollection('clustered', { clusteredIndex: { key: { _id: 1 }, unique: true } });
      await insertAsIs(database.collection('clustered'), documents());
    });

    test('are read from the beginning, then by _id', async () => {
      expect(await outcome({ collection: database.collection('clustered') })).toEqual({ warnings: [] });
    });

    test('have no index for a filter, and none for _id of any type', async () => {
      for (const over of [{ filter: { tenant: 't1' } }, { mixedIdTypes: true }, byTime]) {
        expect(await outcome({ collection: database.collection('clustered'), ...over })).toMatchObject({ name: UNINDEXED_QUERY });
      }
    });
  });

  test('refuses views and time series', async () => {
    await database.createCollection('view', { viewOn: 'c', pipeline: [] });
    await database.createCollection('series', { timeseries: { timeField: 'at' } });
    for (const engine of ['mongo', 'documentDb'] as const) {
      for (const [name, message] of [['view', /a view/], ['series', /a time series/]] as const) {
        expect(await outcome({ engine, collection: database.collection(name) })).toMatchObject({
          name: UNSUPPORTED_COLLECTION, message: expect.stringMatching(message),
        });
      }
    }
  });

  test.each<[string, Index]>([
    ['by the collation of the collection', [{ name: 1, _id: 1 }]],
    ['by bytes', [{ name: 1, _id: 1 }, { collation: { locale: 'simple' } }]],
  ])('a collection with a collation of its own is read with it, not with an index %s alone', async (order, [keys, options]) => {
    await database.createCollection('own', { collation: { locale: 'en', strength: 1 } });
    const own = database.collection('own');
    await insertAsIs(own, ['b', 'A', 'c', 'a'].map((name, _id) => ({ _id, name })));
    await own.createIndex(keys, options ?? {});
    for (const engine of ['mongo', 'documentDb'] as const) {
      const isRight = order !== 'by bytes';
      expect(await outcome({ collection: own, engine, sort: ['name', '_id'] })).toMatchObject(isRight ? { warnings: [] } : { name: UNINDEXED_QUERY });
      // Its index of _id has the collation too.
      expect(await outcome({ collection: own, engine })).toEqual({ warnings: [] });
    }
    const { items } = await readValues(pageRequest(own, { sort: ['name', '_id'] }));
    expect(items.map(({ itemIdentifier }) => itemIdentifier)).toEqual([1, 3, 0, 2].map((id) => `{"$numberInt":"${id}"}`));
  });

  describe('a filter with lists of values', () => {
    const list = (count: number) => Array.from({ length: count }, (_, n) => n);

    test('fails where no index gives their order, and says which they are', async () => {
      await collection.createIndex({ tenant: 1, x: 1, at: 1, _id: 1 });
      const filter = (tenants: number, xs: number) => ({ ...byTime, filter: { tenant: { $in: list(tenants) }, x: { $in: list(xs) } } });
      expect(await outcome(filter(20, 10))).toEqual({ warnings: [] });
      expect(await outcome(filter(67, 3))).toMatchObject({
        name: UNINDEXED_QUERY, message: expect.stringContaining('The filter compares tenant with 67 values and x with 3: 201 combinations, of which MongoDB reads at most 200'),
      });
      // Of a field of the sort, the values lie in the order of the index.
      await collection.createIndex({ x: 1, tenant: 1, at: 1, _id: 1 });
      expect(await outcome({ ...filter(67, 3), sort: ['tenant', 'at', '_id'] })).toMatchObject({ warnings: expect.any(Array) });
    });

    test('is judged as the server does', async () => {
      await collection.createIndex({ tenant: 1, x: 1, at: 1, _id: 1 });
      const values = (most: number) => fc.tuple(fc.integer({ min: 1, max: most }), fc.boolean(), fc.boolean()).map(([count, withNull, twice]) => (
        [...list(count), ...(twice ? list(count) : []), ...(withNull ? [null] : [])]));
      const lists = fc.oneof(fc.tuple(values(30), values(12)), fc.tuple(values(205), values(1)), fc.tuple(values(2), values(101)));
      await fc.assert(fc.asyncProperty(lists, async ([tenants, xs]) => {
        const points = pointsOfFields(comparedFields({ tenant: { $in: tenants }, x: { $in: xs } }, byTime.sort));
        const { name } = await outcome({ ...byTime, filter: { tenant: { $in: tenants }, x: { $in: xs } } });
        expect([points, name]).toEqual([points, points > MOST_POINTS ? UNINDEXED_QUERY : undefined]);
      }), { numRuns: fcRuns(40), examples: [[[list(200), [1]]], [[list(201), [1]]], [[list(100), [null]]], [[list(101), [null]]]] });
    }, fcTimeout(40));
  });

  describe('the index that a hint names', () => {
    const sort = ['at', '_id'];
    const keys: IndexSpecification = { at: 1, _id: 1 };
    const missing = { filter: { x: { $lt: 3 } }, sort };

    test.each<[string, PageRequestChanges, Index, string, RegExp]>([
      ['a partial one', missing, [keys, { partialFilterExpression: { x: { $gt: 3 } } }], INCOMPLETE_INDEX, /partial.*"\$gt"/],
      ['a partial one with half of its condition in the filter', { ...ofTenant, sort }, [keys, { partialFilterExpression: { tenant: 't1', x: { $gt: 3 } } }],
        INCOMPLETE_INDEX, /partial/],
      ['a partial one, where the filter has more', { sort, filter: { tenant: { $in: ['t0', 't1'] } } }, [keys, { partialFilterExpression: { tenant: 't1' } }],
        INCOMPLETE_INDEX, /partial/],
      ['a partial one, where texts are compared in another way', { ...ofTenant, sort, collation: { locale: 'en', strength: 1 } },
        [keys, { partialFilterExpression: { tenant: 't1' } }], INCOMPLETE_INDEX, /partial/],
      ['a sparse one', { sort: ['_id'] }, [{ y: 1 }, { sparse: true }], INCOMPLETE_INDEX, /sparse/],
      ['a sparse one, where the filter finds documents without the field', { sort: ['_id'], filter: { y: null } }, [{ y: 1 }, { sparse: true }], INCOMPLETE_INDEX, /sparse/],
      ['one of places', { sort }, [{ at: 1, _id: 1, y: '2dsphere' }], INCOMPLETE_INDEX, /special.*2dsphere/],
      ['one of texts', { sort }, [{ at: 1, _id: 1, y: 'text' }], INCOMPLETE_INDEX, /special.*text/],
      ['one of all fields', { sort }, [{ '$**': 1 }], INCOMPLETE_INDEX, /special/],
      ['a hidden one', { sort }, [keys, { hidden: true }], SOURCE_REFUSED, /is hidden/],
      ['none that is there', { sort, hint: 'hinted2' }, [keys], SOURCE_REFUSED, /no index hinted2.*closest name there is hinted\b/],
    ])('is refused if it is %s, with or without the check of the indexes', async (_, over, [spec, options], name, message) => {
      await collection.createIndex(spec, { ...options, name: 'hinted' });
      for (const indexCheck of [true, false]) {
        expect(await outcome({ hint: 'hinted', indexCheck, ...over })).toMatchObject({ name, message: expect.stringMatching(message) });
      }
    });

    test.each<[string, PageRequestChanges, Index]>([
      ['partial, with its condition in the filter', { sort, filter: { $and: [{ x: { $gt: 3, $lt: 6 } }, { tenant: { $eq: 't1' } }] } },
        [keys, { partialFilterExpression: { tenant: 't1', x: { $gt: 3 } } }]],
      ['sparse, with _id in it', { sort: ['_id'] }, [{ y: 1, _id: 1 }, { sparse: true }]],
      ['sparse, with a field in the filter that has to be there', { sort: ['_id'], filter: { x: { $gt: 1 } } }, [{ x: 1 }, { sparse: true }]],
      ['sparse, and the filter says so', { sort: ['_id'], filter: { y: { $exists: true } } }, [{ y: 1 }, { sparse: true }]],
      ['hashed', { sort: ['_id'] }, [{ x: 'hashed' }]],
      ['one by which documents expire', { sort }, [{ at: 1 }, { expireAfterSeconds: 2 ** 31 - 1 }]],
    ])('has every document if it is %s', async (_, over, [spec, options]) => {
      await collection.updateMany({ x: 5 }, { $set: { y: 5 } });
      await collection.createIndex(spec, { ...options, name: 'hinted' });
      const read = async (hint?: string) => walkPages(pageRequest(collection, { batchSize: 50, hint, ...over }));
      const { identifiers, error } = await read('hinted');
      expect(error).toBeUndefined();
      expect(identifiers.length).toBeGreaterThan(0);
      expect(identifiers).toEqual((await read()).identifiers);
    });
  });

  describe('of DocumentDB', () => {
    const engine = 'documentDb';

    test.each<[string, PageRequestChanges, Index[], string | undefined]>([
      ['_id alone', {}, [], undefined],
      ['the index', ofTenant, [[{ tenant: 1, at: 1, _id: 1 }]], undefined],
      ['the named index', { ...ofTenant, hint: 'i' }, [[{ tenant: 1, at: 1, _id: 1 }, { name: 'i' }]], undefined],
      ['no index', ofTenant, [[{ at: 1, _id: 1 }]], UNINDEXED_QUERY],
      ['a partial index', ofTenant, [[{ tenant: 1, at: 1, _id: 1 }, { partialFilterExpression: { tenant: 't1' } }]], UNINDEXED_QUERY],
      ['a hint at another index', { ...ofTenant, hint: 'i' }, [[{ tenant: 1, at: 1, _id: 1 }], [{ at: 1, _id: 1 }, { name: 'i' }]], UNINDEXED_QUERY],
      ['a sparse index', ofTenant, [[{ tenant: 1, at: 1, _id: 1 }, { sparse: true }]], UNINDEXED_QUERY],
      ['a sparse index beside a good one', ofTenant, [[{ tenant: 1, at: -1, _id: -1 }, { sparse: true }], [{ tenant: 1, at: 1, _id: 1 }]], undefined],
      ['a hint at a sparse index', { ...ofTenant, hint: 'i' }, [[{ tenant: 1, at: 1, _id: 1 }, { sparse: true, name: 'i' }]], INCOMPLETE_INDEX],
      ['a hidden index', ofTenant, [[{ tenant: 1, at: 1, _id: 1 }, { hidden: true }]], UNINDEXED_QUERY],
      ['another collation', ofTenant, [[{ tenant: 1, at: 1, _id: 1 }, { collation: { locale: 'en' } }]], UNINDEXED_QUERY],
      ['an index of texts too', ofTenant, [[{ tenant: 1, at: 1, _id: 1, x: 'text' }]], UNINDEXED_QUERY],
      ['an index of places too', ofTenant, [[{ tenant: 1, at: 1, _id: 1, y: '2dsphere' }]], UNINDEXED_QUERY],
      ['a hashed index', ofTenant, [[{ tenant: 'hashed', at: 1, _id: 1 }]], UNINDEXED_QUERY],
      ['an index of all fields', ofTenant, [[{ '$**': 1 }]], UNINDEXED_QUERY],
    ])('goes by the list of indexes: %s', async (_, over, indexes, name) => {
      for (const [keys, options] of indexes) await collection.createIndex(keys, options ?? {});
      expect(await outcome({ engine, ...over })).toEqual(expect.objectContaining({ name, warnings: [] }));
    });
  });

  describe('plans of servers that are not here', () => {
    /** The collection of a server that explains every query like this. */
    function explained(queryPlanner: Document): Collection<Document> {
      return withFind(collection, (filter, options) => {
        const cursor = collection.find(filter, options);
        cursor.explain = async () => ({ queryPlanner });
        return cursor;
      });
    }

    const scan = (keyPattern: Document, direction = 'forward') => ({ stage: 'IXSCAN', keyPattern, indexName: 'i', direction });
    const good = { stage: 'LIMIT', inputStage: { stage: 'FETCH', inputStage: scan({ _id: 1 }) } };
    const onShards = (plans: Document[]) => ({
      winningPlan: { stage: 'SHARD_MERGE_SORT', shards: plans.map((winningPlan, index) => ({ shardName: `s${index}`, winningPlan })) },
    });

    test.each<[string, Document]>([
      ['sharded', onShards([good, { stage: 'SHARDING_FILTER', inputStage: scan({ _id: 1 }) }])],
      ['sharded, slot-based', onShards([{ queryPlan: good, slotBasedPlan: { stages: 'text' } }])],
      ['slot-based', { winningPlan: { queryPlan: good, slotBasedPlan: { stages: 'text' } } }],
      ['express', { winningPlan: { isCached: false, stage: 'EXPRESS_IXSCAN', keyPattern: '{ _id: 1 }', indexName: '_id_' } }],
      ['by _id', { winningPlan: { stage: 'IDHACK' } }],
      ['backwards', { winningPlan: { stage: 'FETCH', inputStage: scan({ _id: -1 }, 'backward') } }],
    ])('pass: %s', async (_, queryPlanner) => {
      expect(await outcome({ collection: explained(queryPlanner) })).toEqual({ warnings: [] });
    });

    test.each<[string, Document]>([
      ['one shard without the index', onShards([good, { stage: 'SORT', inputStage: { stage: 'COLLSCAN' } }])],
      ['slot-based', { winningPlan: { queryPlan: { stage: 'SORT', inputStage: good } } }],
      ['an index read in the wrong direction', { winningPlan: { stage: 'FETCH', inputStage: scan({ _id: -1 }, 'forward') } }],
      ['one of several branches', { winningPlan: { stage: 'OR', inputStages: [good, { stage: 'FETCH', inputStage: scan({ x: 1 }) }] } }],
    ])('are refused: %s', async (_, queryPlanner) => {
      expect(await outcome({ collection: explained(queryPlanner) })).toMatchObject({ name: UNINDEXED_QUERY });
    });

    test('warn where the right plan was only tried', async () => {
      const other = { stage: 'FETCH', inputStage: scan({ x: 1 }) };
      const { name, warnings } = await outcome({ collection: explained({ winningPlan: other, rejectedPlans: [{ stage: 'SORT', inputStage: good }, good] }) });
      expect([name, warnings]).toEqual([undefined, [/\{ "_id": 1 \}/, /\{ "_id": 1 \}/].map((text) => expect.stringMatching(text))]);
      expect(await outcome({ collection: explained({ winningPlan: other, rejectedPlans: [{ stage: 'SORT', inputStage: good }] }) }))
        .toMatchObject({ name: UNINDEXED_QUERY });
    });

    test('warn where something is not known', async () => {
      const { name, warnings } = await outcome({ collection: explained({ winningPlan: { stage: 'WARP', inputStage: good } }) });
      expect([name, warnings]).toEqual([undefined, [expect.stringContaining('WARP'), expect.stringContaining('WARP')]]);
      expect(await outcome({ collection: explained({ plan: 'text' }) })).toMatchObject({ warnings: [/shape/, /shape/].map((text) => expect.stringMatching(text)) });
    });
  });
});
