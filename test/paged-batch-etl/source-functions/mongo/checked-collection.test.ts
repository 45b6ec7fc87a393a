import fc from 'fast-check';
import { BSON, Collection, CommandStartedEvent, Db, Document } from 'mongodb';
import { insertAsIs, pageRequest, PageRequestChanges, readValues, walkPages } from './page-walk';
import { PagedBatchEtlErrorName } from '../../../../src/paged-batch-etl/contracts/error-names';
import { checkSameQuery, identityOf } from '../../../../src/paged-batch-etl/source-functions/mongo/source-identity';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { describeWithMongo } from '../../../support/mongo';

const { COLLECTION_NOT_FOUND, SOURCE_CHANGED, UNINDEXED_QUERY, INCOMPLETE_INDEX } = PagedBatchEtlErrorName;

function named(name: string, message: RegExp = /./): ReturnType<typeof expect.objectContaining> {
  return expect.objectContaining({ name, message: expect.stringMatching(message) });
}

function documents(count = 20): Document[] {
  return Array.from({ length: count }, (_, n) => ({ _id: n, f: n % 3, g: n % 5, t: `t${n}` }));
}

describeWithMongo('the collection of a run', (mongo) => {
  let collection: Collection<Document>;
  let database: Db;

  beforeEach(async () => {
    database = mongo().newDatabase('collection');
    collection = database.collection('orders');
    await insertAsIs(collection, documents());
  });
  afterEach(() => database.dropDatabase());

  /** As the construct has it. */
  const request = (over: PageRequestChanges = {}) => pageRequest(collection, { batchSize: 4, ifMissing: undefined, indexCheck: true, ...over });
  const read = (over: PageRequestChanges = {}) => readValues(request(over));
  const firstCursor = async (over: PageRequestChanges = {}) => (await read(over)).cursor;

  describe('that is not there', () => {
    test.each(['mongo', 'documentDb'] as const)('is an error, which names what was probably meant: %s', async (engine) => {
      await expect(read({ engine, collection: database.collection('ordres') })).rejects.toThrow(named(
        COLLECTION_NOT_FOUND, new RegExp(`^There is no collection ordres in the database ${database.databaseName}; the closest name there is orders\\.`),
      ));
    });

    test('is an error in a database that is not there, and without a check of the indexes', async () => {
      const empty = mongo().newDatabase('nothing');
      await expect(read({ indexCheck: false, collection: empty.collection('orders') })).rejects.toThrow(named(COLLECTION_NOT_FOUND, /there is none at all/));
    });

    test('is empty where the source says so, whatever index it names', async () => {
      expect(await read({ ifMissing: 'empty', hint: 'i', collection: database.collection('ordres') })).toEqual({ items: [], failed: [], cursor: null, done: true });
    });

    test('is another thing than an empty one', async () => {
      await database.createCollection('empty');
      expect(await read({ collection: database.collection('empty') })).toEqual({ items: [], failed: [], cursor: null, done: true });
    });
  });

  describe('in the middle of a run', () => {
    const walkWith = async (change: () => Promise<unknown>, over: PageRequestChanges = {}) => {
      let pages = 0;
      return walkPages(request(over), async () => {
        pages += 1;
        if (pages === 2) await change();
      });
    };

    test.each<[string, PageRequestChanges]>([
      ['of MongoDB', {}], ['of DocumentDB', { engine: 'documentDb' }], ['that may be missing', { ifMissing: 'empty' }], ['without a check of the indexes', { indexCheck: false }],
    ])('is dropped: the run does not end as if that were all, %s', async (_, over) => {
      const { identifiers, error } = await walkWith(() => collection.drop(), over);
      expect(error).toEqual(named(SOURCE_CHANGED, /collection orders in the database .* is gone.*start another run without progress/i));
      expect(identifiers).toHaveLength(8);
    });

    test('is dropped and made again: what stands before the cursor is not left out', async () => {
      const { identifiers, error } = await walkWith(async () => {
        await collection.drop();
        await insertAsIs(collection, documents());
      });
      expect(error).toEqual(named(SOURCE_CHANGED, /dropped and made again/));
      expect(identifiers).toHaveLength(8);
    });

    test('is replaced by another one that gets its name', async () => {
      const { error } = await walkWith(async () => {
        await insertAsIs(database.collection('new'), documents());
        await database.renameCollection('new', 'orders', { dropTarget: true });
      });
      expect(error).toEqual(named(SOURCE_CHANGED));
    });

    test('is emptied: it is the same one, and comes to its end', async () => {
      const { identifiers, error } = await walkWith(() => collection.deleteMany({}));
      expect([identifiers.length, error]).toEqual([8, undefined]);
    });

    test('gets another name, which is deployed: it is the same one', async () => {
      const cursor = await firstCursor();
      const renamed = await collection.rename('renamed');
      expect((await read({ collection: renamed, cursor })).items).toHaveLength(4);
    });

    test.each(['mongo', 'documentDb'] as const)('is another one, which was deployed: %s', async (engine) => {
      const other = database.collection('others');
      await insertAsIs(other, documents());
      const hidden = engine === 'documentDb' ? { collection: withoutUuids(collection) } : {};
      const cursor = await firstCursor({ engine, ...hidden });
      await expect(read({ engine, cursor, collection: engine === 'documentDb' ? withoutUuids(other) : other })).rejects.toThrow(
        named(SOURCE_CHANGED, engine === 'documentDb' ? /it was .*\.orders and is .*\.others.*Deploy the source with/ : /dropped and made again, or is one of another server/),
      );
    });

    test('is moved to other shards: that gives it another UUID too, and is no more than a warning', async () => {
      const warnings: string[] = [];
      const sharded = withDb(collection, (db) => overridden(db, { command: async () => ({ msg: 'isdbgrid' }) }));
      const over = { collection: sharded, warn: (message: string) => { warnings.push(message); } };
      const { identifiers, error } = await walkWith(async () => {
        await insertAsIs(database.collection('new'), documents());
        await database.renameCollection('new', 'orders', { dropTarget: true });
      }, over);
      expect([identifiers.length, error]).toEqual([20, undefined]);
      expect(warnings).toEqual([expect.stringContaining('another UUID')]);
    });

    test('is read on by cursors of a release that did not say what they belong to, and is known from then on', async () => {
      const { source, ...old } = BSON.EJSON.parse(String(await firstCursor()), { relaxed: false });
      expect(source).toBeDefined();
      const page = await read({ cursor: BSON.EJSON.stringify(old, { relaxed: false }), filter: { f: { $gte: 0 } } });
      expect(page.items).toHaveLength(4);
      await collection.drop();
      await expect(read({ cursor: page.cursor })).rejects.toThrow(named(SOURCE_CHANGED));
    });
  });

  describe('asked for something else in the middle of a run', () => {
    const filter = { f: { $gte: 0, $lt: 2 }, g: { $in: [1, 2] } };
    const loose = { filter, indexCheck: false };

    test.each<[string, PageRequestChanges, RegExp]>([
      ['another value of a parameter', { filter: { ...filter, f: { $gte: 1, $lt: 2 } } }, /of the 3 conditions of its filter, 1 are changed or gone/],
      ['a wider filter', { filter: { f: filter.f } }, /of the 3 conditions of its filter, 1/],
      ['no filter', { filter: {} }, /of the 3 conditions of its filter, 3/],
      ['a longer list', { filter: { ...filter, g: { $in: [1, 2, 3] } } }, /conditions/],
      ['another sort', { sort: ['f', '_id'] }, /its sort was \(_id\) and is \(f, _id\)/],
      ['a collation', { collation: { locale: 'en' } }, /collation/],
    ])('%s is an error', async (_, over, message) => {
      const cursor = await firstCursor({ ...loose, batchSize: 1 });
      await expect(read({ ...loose, cursor, ...over })).rejects.toThrow(named(SOURCE_CHANGED, message));
    });

    test.each<[string, Document]>([
      ['conditions in another order', { g: filter.g, f: filter.f }],
      ['the same with other words', { $and: [{ f: { $lt: 2 } }, { f: { $gte: 0 }, g: { $in: [1, 2] } }] }],
      ['a comment', { ...filter, $comment: 'nightly' }],
      ['one more condition, by which a document is left out', { ...filter, _id: { $nin: [7, 11] } }],
      ['one more condition on the same field', { ...filter, f: { ...filter.f, $type: 'number' } }],
    ])('%s is right', async (_, changed) => {
      const cursor = await firstCursor({ ...loose, batchSize: 1 });
      const { identifiers, error } = await walkPages(request({ ...loose, cursor, filter: changed }));
      const expected = await collection.find({ $and: [changed, { _id: { $gt: 1 } }] } as Document, { sort: { _id: 1 } }).toArray();
      expect([identifiers, error]).toEqual([expected.map(({ _id }) => `{"$numberInt":"${String(_id)}"}`), undefined]);
    });

    describe.each([undefined, { locale: 'en' }])('one more condition, by which a field of the sort has one value only: collation %p', (collation) => {
      test.each([{ f: 0 }, { f: 1 }, { f: 2 }, { t: 't1' }, { t: 't5' }, { t: 't9' }])('what comes after the page is read: %p', async (added) => {
        const sorted = { sort: [...Object.keys(added), '_id'], indexCheck: false, filter: {}, collation };
        const { items, cursor } = await read({ ...sorted, batchSize: 9 });
        const { identifiers, error } = await walkPages(request({ ...sorted, cursor, filter: added }));
        const all = await collection.find(added, { sort: { _id: 1 } }).toArray();
        const given = items.map(({ itemIdentifier }) => itemIdentifier);
        const expected = all.map(({ _id }) => `{"$numberInt":"${String(_id)}"}`).filter((each) => !given.includes(each));
        expect({ identifiers, error }).toEqual({ identifiers: expected, error: undefined });
      });
    });

    test('whatever condition is taken away or changed is an error, and whatever is added is none', () => {
      const value = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constant(null), fc.constantFrom('a', 'b'), fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }));
      const condition = fc.oneof(
        fc.tuple(fc.constantFrom('$gte', '$lt', '$ne', '$eq'), value).map(([operator, operand]) => ({ [operator]: operand })),
        fc.uniqueArray(fc.integer({ min: 0, max: 9 })).map(($in) => ({ $in })), fc.constant({ $regex: '^a', $options: 'i' }), value,
      );
      const conditions = fc.uniqueArray(
        fc.oneof(fc.tuple(fc.constantFrom('f', 'g', 'h.i', 't'), condition).map(([field, test]) => ({ [field]: test })), condition.map((test) => ({ $nor: [{ f: test }] }))),
        { selector: canonical, minLength: 1, maxLength: 5 },
      );
      const outcome = (before: readonly Document[], after: readonly Document[]) => {
        const [began, now] = [before, after].map((list) => identityOf(request({ filter: list.length === 0 ? {} : { $and: list } })));
        try {
          checkSameQuery(began, now);
          return 'right';
        } catch (error) {
          return error instanceof SourceError ? error.name : error;
        }
      };
      fc.assert(fc.property(conditions, fc.nat(), fc.boolean(), (list, from, two) => {
        const start = from % list.length;
        const [kept, taken] = [list.slice(0, start).concat(list.slice(start + (two ? 2 : 1))), list.slice(start, start + (two ? 2 : 1))];
        expect(outcome(kept, list)).toBe('right');
        expect(outcome([...list].reverse(), list)).toBe('right');
        const isLost = taken.some((each) => !kept.some((other) => sameCondition(each, other)));
        expect(outcome(list, kept)).toBe(isLost ? SOURCE_CHANGED : 'right');
      }), { numRuns: 300 });
    });

    test('what is asked now is checked again: a condition may be one that no index serves, and a hint may leave documents out', async () => {
      await collection.createIndex({ f: 1, _id: 1 }, { name: 'some', partialFilterExpression: { g: 1 } });
      const cursor = await firstCursor();
      await expect(read({ cursor, filter: { g: 1 } })).rejects.toThrow(named(UNINDEXED_QUERY));
      await expect(read({ cursor, hint: 'some' })).rejects.toThrow(named(INCOMPLETE_INDEX));
      expect((await read({ cursor, hint: '_id_' })).items).toHaveLength(4);
    });
  });

  describe('of which the server tells the primary only', () => {
    test('is asked for there, once for every page, whoever is read', async () => {
      const commands: CommandStartedEvent[] = [];
      const client = mongo().client({ monitorCommands: true, readPreference: 'secondaryPreferred' });
      client.on('commandStarted', (event) => commands.push(event));
      const { pages } = await walkPages(request({ collection: client.db(database.databaseName).collection('orders') }));
      const asked = commands.filter(({ commandName }) => commandName === 'listCollections');
      expect(asked).toHaveLength(pages.length);
      // The driver says nothing of it to a server that is alone.
      expect(asked.map(({ command }) => command.$readPreference?.mode ?? 'primaryPreferred')).toEqual(pages.map(() => 'primaryPreferred'));
    });
  });
});

describeWithMongo('users without the right to list collections', (mongo) => {
  const reader = { name: 'reader', password: 'reader' };
  let database: Db;

  beforeAll(async () => {
    database = mongo().newDatabase('rights');
    await insertAsIs(database.collection('orders'), documents());
    await database.command({
      createRole: 'findOrders',
      roles: [],
      privileges: ['orders', 'gone'].map((name) => ({ resource: { db: database.databaseName, collection: name }, actions: ['find'] })),
    });
    await database.command({ createUser: reader.name, pwd: reader.password, roles: ['findOrders'] });
  });

  function theirs(name: string): { collection: Collection<Document>; warnings: string[]; over: PageRequestChanges } {
    const client = mongo().client({ auth: { username: reader.name, password: reader.password }, authSource: database.databaseName });
    const warnings: string[] = [];
    const collection = client.db(database.databaseName).collection(name);
    return { collection, warnings, over: { ifMissing: undefined, indexCheck: true, batchSize: 4, warn: (message) => { warnings.push(message); } } };
  }

  test('read it all the same, with a warning that says what cannot be seen', async () => {
    const { collection, warnings, over } = theirs('orders');
    for (const sort of [['_id'], ['t', '_id']]) {
      const { identifiers, error } = await walkPages(pageRequest(collection, { ...over, sort, indexCheck: sort.length === 1 }));
      expect([identifiers.length, error]).toEqual([20, undefined]);
    }
    expect(warnings).toEqual(Array.from({ length: 2 }, () => expect.stringContaining('may not list collections')));
  });

  test('are told of one that is not there, also in the middle of a run', async () => {
    const { collection, over } = theirs('gone');
    await expect(readValues(pageRequest(collection, over))).rejects.toThrow(named(COLLECTION_NOT_FOUND));
    await insertAsIs(database.collection('gone'), documents());
    const { cursor } = await readValues(pageRequest(collection, over));
    await database.collection('gone').drop();
    await expect(readValues(pageRequest(collection, { ...over, cursor }))).rejects.toThrow(named(SOURCE_CHANGED, /is gone/));
  });
}, { administrator: { name: 'administrator', password: 'administrator' } });

function canonical(value: unknown): string {
  return BSON.EJSON.stringify(value, { relaxed: false });
}

/** A bare value is compared for equality. */
function sameCondition(one: Document, other: Document): boolean {
  const bare = (condition: Document) => canonical(condition).replace(/^\{"([^"$]+)":\{"\$eq":(.*)\}\}$/, '{"$1":$2}');
  return bare(one) === bare(other);
}

/** The same object with other members. */
function overridden<T extends object>(target: T, members: Readonly<Record<string, unknown>>): T {
  return new Proxy(target, {
    get: (of, name) => {
      if (typeof name === 'string' && Object.hasOwn(members, name)) return members[name];
      const member: unknown = Reflect.get(of, name, of);
      return typeof member === 'function' ? member.bind(of) : member;
    },
  });
}

function withDb(collection: Collection<Document>, change: (db: Db) => Db): Collection<Document> {
  return overridden(collection, { db: change(collection.db) });
}

/** A server that tells no UUIDs, as DocumentDB does. */
function withoutUuids(collection: Collection<Document>): Collection<Document> {
  return withDb(collection, (db) => overridden(db, {
    listCollections: (...parameters: Parameters<Db['listCollections']>) => ({
      toArray: async () => (await db.listCollections(...parameters).toArray()).map((found) => ({ ...found, info: { readOnly: false } })),
    }),
  }));
}
