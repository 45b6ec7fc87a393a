import { BSON, Collection, CommandStartedEvent, Db, Document, Double, Int32, Long } from 'mongodb';
import { beforeFind, insertAsIs, pageRequest, PageRequestChanges, readValues, walkPages, withFind } from './page-walk';
import { PagedBatchEtlErrorName } from '../../../../src/paged-batch-etl/contracts/error-names';
import { textItems } from '../../../../src/paged-batch-etl/source-functions/mongo/item-form';
import { readMongoPage } from '../../../../src/paged-batch-etl/source-functions/mongo/read-mongo-page';
import { describeWithMongo } from '../../../support/mongo';

const {
  CURSOR_DID_NOT_ADVANCE, CURSOR_TOO_LARGE, CURSOR_TYPE_GAP, DOCUMENT_UNREADABLE, DUPLICATE_KEY, ITEM_TOO_LARGE, MIXED_KEY_TYPES, SORT_KEY_IS_ARRAY,
  SOURCE_CHANGED, SOURCE_LAGGING, UNSUPPORTED_COLLECTION,
} = PagedBatchEtlErrorName;

const HOUR = 3_600_000;

function named(name: string, message: RegExp = /./): ReturnType<typeof expect.objectContaining> {
  return expect.objectContaining({ name, message: expect.stringMatching(message) });
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

describeWithMongo('reading a page', (mongo) => {
  let collection: Collection<Document>;
  let database: Db;

  beforeEach(() => {
    database = mongo().newDatabase('page');
    collection = database.collection('c');
  });
  afterEach(() => database.dropDatabase());

  const read = (over: PageRequestChanges = {}) => readValues(pageRequest(collection, over));

  describe('items', () => {
    test('have the identifier, its key and the document', async () => {
      await insertAsIs(collection, [{ _id: null, n: Long.fromString('9007199254740993') }, { _id: new Double(1), n: new Int32(1) }]);
      expect(await read({ mixedIdTypes: true })).toEqual({
        failed: [],
        items: [
          { itemIdentifier: 'null', idempotencyKey: 'key of null', item: { _id: null, n: { $numberLong: '9007199254740993' } } },
          { itemIdentifier: '{"$numberDouble":"1.0"}', idempotencyKey: 'key of {"$numberDouble":"1.0"}', item: { _id: 1, n: 1 } },
        ],
        cursor: expect.any(String),
        done: true,
      });
      const [item] = (await read({ mixedIdTypes: true, itemFormat: 'canonical', batchSize: 1 })).items;
      expect(item.item).toEqual({ _id: null, n: { $numberLong: '9007199254740993' } });
    });

    test('are what is stored, where the driver would make a class of it and take the dot for the end of a database', async () => {
      const list = [{ $ref: 'fs.files', $id: 7 }, [{ $ref: 'a.b', $id: { c: 1.5 } }]];
      const stored = JSON.stringify({ _id: 1, list, own: { $ref: 'x', $id: 'y', $db: 'z', more: 1 } }).replace('"own":{', '"own":{"__proto__":1,');
      await collection.db.command({ insert: 'c', documents: [JSON.parse(stored)] });
      expect(JSON.stringify((await read()).items[0].item)).toBe(stored);
    });

    test('nothing at all is a page that is done, with no cursor', async () => {
      expect(await read()).toEqual({ items: [], failed: [], cursor: null, done: true });
    });

    test('the date of the last item is told, if the first field of the sort is one', async () => {
      await insertAsIs(collection, range(3).map((n) => ({ _id: n, at: new Date(n * HOUR) })));
      expect((await read({ sort: ['at', '_id'], batchSize: 2 })).lastKey).toEqual(new Date(HOUR));
      expect(await read({ batchSize: 2 })).not.toHaveProperty('lastKey');
    });

    test.each<[string, string[], string[]]>([
      ['a field beside the key', ['x'], ['at', '_id']],
      ['a field of the key', ['at'], ['at', '_id']],
      ['a field within which the key is', ['a'], ['a.b', '_id']],
      ['a field beside one within which both are', ['a.c'], ['a.b', '_id']],
      ['fields within lists', ['list.p', 'list.q.r'], ['at', '_id']],
      ['a field that is not always there', ['a.b.z', 'nothing'], ['a.b', '_id']],
    ])('have only the fields of the projection: %s', async (_, projection, sort) => {
      await insertAsIs(collection, range(3).map((n) => ({
        _id: n, at: n, x: { y: n }, a: { b: n, c: n }, list: [{ p: 1, q: [{ r: n, s: 0 }, 5] }, 7, [{ p: 2 }], { s: 1 }],
      })));
      const { items } = await read({ projection, sort });
      const wanted = Object.fromEntries(projection.map((field) => [field, 1]));
      const expected = await collection.find({}, { projection: wanted, sort: { _id: 1 } }).toArray();
      expect(items.map(({ item }) => item)).toEqual(expected);
    });
  });

  describe('bounds', () => {
    test('a page ends before the byte too many, measured on the very JSON of its items', async () => {
      await insertAsIs(collection, range(4).map((n) => ({ _id: n, t: 'é"\n\u{1F600}'.repeat(20) })));
      const { items } = await read({ batchSize: 2 });
      const bytes = Buffer.byteLength(JSON.stringify(items));
      expect((await read({ pageBytes: bytes })).items).toHaveLength(2);
      expect((await read({ pageBytes: bytes - 1 })).items).toHaveLength(1);
    });

    test('a page of text has the lines of the page of values, and ends where that does', async () => {
      await insertAsIs(collection, range(40).map((n) => ({ _id: n, t: 'é"\n'.repeat(n) })));
      const request = pageRequest(collection, { pageBytes: 3_000 });
      const [values, text] = [await readValues(request), await readMongoPage(request, textItems())];
      expect(values.items.length).toBeGreaterThan(5);
      expect(text.items.map(({ line }) => line.toString())).toEqual(values.items.map((item) => JSON.stringify(item)));
      const itemBytes = text.items.reduce((bytes, { lineBytes }) => bytes + lineBytes, 0);
      expect(text).toMatchObject({ cursor: values.cursor, done: false, itemBytes });
    });

    test('a page ends when there is no time for another item, but not before its first', async () => {
      await insertAsIs(collection, range(6).map((n) => ({ _id: n })));
      let asked = 0;
      const hasTime = (): boolean => {
        asked += 1;
        return asked < 3;
      };
      expect((await read({ hasTime })).items.map(({ item }) => item)).toEqual(range(3).map((_id) => ({ _id })));
      const late = await walkPages(pageRequest(collection, { hasTime: () => false }));
      expect(late.pages.map(({ items }) => items.length)).toEqual([1, 1, 1, 1, 1, 1]);
    });

    test('an item that no page can hold is named, in the page that would begin with it', async () => {
      await insertAsIs(collection, [{ _id: 'a small one' }, { _id: 'large', t: 'x'.repeat(2_000) }]);
      const { items, cursor, done } = await read({ pageBytes: 2_000 });
      expect([items.length, done]).toEqual([1, false]);
      await expect(read({ pageBytes: 2_000, cursor })).rejects.toThrow(named(ITEM_TOO_LARGE, /"large" takes 2\d\d\d bytes .* at most 2000/));
    });

    test('large documents are not read by the thousand', async () => {
      await insertAsIs(collection, range(60).map((n) => ({ _id: n, t: 'x'.repeat(50_000) })));
      const watched = watch();
      let cursor: string | null = null;
      const batches: number[] = [];
      for (const _ of range(4)) {
        ({ cursor } = await readValues(pageRequest(watched.collection, { batchSize: 1_000, cursor })));
        batches.push(Number(watched.take().find(({ command }) => command.limit > 1)?.command.batchSize));
      }
      // 3 of them fill a page of 180 KiB.
      expect(batches).toEqual([16, 5, 5, 5]);
    });

    test('small documents take few answers of the server', async () => {
      await insertAsIs(collection, range(3_000).map((n) => ({ _id: n })));
      const watched = watch();
      const commands: string[][] = [];
      let cursor: string | null = null;
      for (const _ of range(3)) {
        ({ cursor } = await readValues(pageRequest(watched.collection, { batchSize: 900, cursor })));
        commands.push(watched.take().map(({ commandName }) => commandName));
      }
      // 16, then 128, then what is left of 900; the next pages come at once.
      expect(commands.map((names) => names.filter((name) => name === 'getMore').length)).toEqual([2, 0, 0]);
    });

    test('the server is asked to stop in time, every time', async () => {
      await insertAsIs(collection, range(10).map((n) => ({ _id: n, f: 1 })));
      await collection.createIndex({ f: 1, _id: 1 });
      const watched = watch();
      let left = 10_000;
      await readValues(pageRequest(watched.collection, {
        sort: ['f', '_id'],
        batchSize: 4,
        indexCheck: true,
        maxTimeMS: () => {
          left -= 1;
          return left;
        },
      }));
      const limits = watched.take().filter(({ commandName }) => !['getMore', 'killCursors'].includes(commandName)).map(({ command }) => command.maxTimeMS);
      expect(limits.length).toBeGreaterThan(4);
      expect(limits).toEqual(limits.map((_, index) => 9_999 - index));
    });
  });

  describe('keys examined', () => {
    /** Keys of indexes that the server looked at for the third page. */
    async function examined(over: PageRequestChanges): Promise<number> {
      let cursor: string | null = null;
      for (const _ of range(2)) ({ cursor } = await read({ ...over, cursor, indexCheck: true }));
      await database.command({ profile: 2 });
      await read({ ...over, cursor });
      await database.command({ profile: 0 });
      const operations = await database.collection('system.profile').find({ ns: collection.namespace }).toArray();
      expect(operations.filter(({ planSummary }) => String(planSummary).includes('COLLSCAN'))).toEqual([]);
      return operations.reduce((sum, { keysExamined }) => sum + Number(keysExamined ?? 0), 0);
    }

    beforeEach(async () => {
      // 40 documents at every time, so that most pages begin and end within one.
      await insertAsIs(collection, range(4_000).map((n) => ({ _id: n, tenant: `t${n % 2}`, at: new Date(Math.floor(n / 80) * HOUR), k: n % 5 })));
      await collection.createIndexes([{ key: { at: 1, _id: 1 } }, { key: { tenant: 1, at: 1, _id: 1 } }, { key: { k: 1, at: 1, _id: 1 } }]);
    });

    const window = { at: { $gte: new Date(0), $lt: new Date(40 * HOUR) } };

    // The page, its look-ahead, and a handful for the ends of ranges and the proof.
    test.each<[string, PageRequestChanges]>([
      ['by _id', {}],
      ['by a field and _id, within a window', { sort: ['at', '_id'], filter: window }],
      ['with an equality before them', { sort: ['at', '_id'], filter: { tenant: 't1', ...window } }],
      ['with one of several values before them', { sort: ['at', '_id'], filter: { tenant: { $in: ['t0', 't1'] }, ...window }, hint: 'tenant_1_at_1__id_1' }],
      ['by three fields', { sort: ['k', 'at', '_id'] }],
      ['by _id of any type', { mixedIdTypes: true }],
      ['by a field and _id of any type', { sort: ['at', '_id'], filter: window, mixedIdTypes: true }],
      ['as DocumentDB is asked', { sort: ['at', '_id'], filter: window, engine: 'documentDb' }],
    ])('are about as many as documents: %s', async (_, over) => {
      const keys = await examined({ batchSize: 100, ...over });
      expect(keys).toBeGreaterThanOrEqual(101);
      expect(keys).toBeLessThanOrEqual(112);
    });
  });

  describe('what DocumentDB lacks', () => {
    test('is not asked of it', async () => {
      await insertAsIs(collection, range(30).map((n) => ({ _id: n, f: n % 3 })));
      await collection.createIndex({ f: 1, _id: 1 });
      const watched = watch();
      const { identifiers } = await walkPages(pageRequest(watched.collection, {
        engine: 'documentDb', sort: ['f', '_id'], filter: { f: { $gte: 0 } }, batchSize: 7, indexCheck: true, projection: ['f'],
      }));
      expect(identifiers).toHaveLength(30);
      const commands = watched.take();
      expect(new Set(commands.map(({ commandName }) => commandName))).toEqual(new Set(['listCollections', 'listIndexes', 'find']));
      const known = ['find', 'filter', 'sort', 'limit', 'batchSize', 'projection', 'maxTimeMS', 'lsid', '$db', '$readPreference'];
      const finds = commands.filter(({ commandName }) => commandName === 'find');
      expect([...new Set(finds.flatMap(({ command }) => Object.keys(command)))].filter((name) => !known.includes(name))).toEqual([]);
      const operators = new Set(JSON.stringify(finds.map(({ command }) => command.filter)).match(/\$\w+/g));
      expect(operators).toEqual(new Set(['$and', '$gte', '$eq', '$gt']));
      await expect(read({ engine: 'documentDb', mixedIdTypes: true })).rejects.toThrow(named(UNSUPPORTED_COLLECTION, /MongoDB 5\.0/));
    });
  });

  describe('the proof of done', () => {
    beforeEach(() => insertAsIs(collection, range(4).map((n) => ({ _id: n }))));

    test('what is added at the end meanwhile is read on', async () => {
      const racing = beforeFind(collection, 3, () => insertAsIs(collection, [{ _id: 4 }]));
      const { items, cursor, done } = await readValues(pageRequest(racing, { batchSize: 4 }));
      expect([items.length, done]).toEqual([4, false]);
      expect(await read({ cursor, batchSize: 4 })).toMatchObject({ items: [{ itemIdentifier: '{"$numberInt":"4"}' }], done: true });
    });

    test('what is added at the end meanwhile makes no page without items', async () => {
      const { cursor } = await read({ batchSize: 4 });
      const racing = beforeFind(collection, 2, () => insertAsIs(collection, [{ _id: 4 }]));
      expect(await readValues(pageRequest(racing, { cursor }))).toMatchObject({ items: [{ itemIdentifier: '{"$numberInt":"4"}' }], done: false });
    });

    test('what moves to another place meanwhile has no equal key', async () => {
      await collection.deleteMany({});
      await insertAsIs(collection, ['a', 'b', 'c'].map((_id) => ({ _id, f: 1 })));
      const over = { sort: ['f', '_id'], batchSize: 1, collation: { locale: 'en', strength: 2 } };
      // After the page and the look at the last key, before the look at the page's end.
      const racing = beforeFind(collection, 3, () => collection.updateOne({ _id: 'b' } as Document, { $set: { f: 0 } }));
      expect(await readValues(pageRequest(racing, over))).toMatchObject({ items: [{ itemIdentifier: '"a"' }], done: false });
    });

    test('documents of another type behind the end are an error', async () => {
      const { cursor, done } = await read({ batchSize: 2 });
      expect(done).toBe(false);
      await insertAsIs(collection, [{ _id: 'x' }]);
      const rest = await read({ cursor });
      expect([rest.items.length, rest.done]).toEqual([2, false]);
      await expect(read({ cursor: rest.cursor })).rejects.toThrow(named(CURSOR_TYPE_GAP, /_id of type number .* type string.*mixedIdTypes/));
      const { identifiers } = await walkPages(pageRequest(collection, { cursor, mixedIdTypes: true }));
      expect(identifiers).toEqual(['{"$numberInt":"2"}', '{"$numberInt":"3"}', '"x"']);
    });

    test('a member that does not give what another one has is an error', async () => {
      const { cursor } = await read({ batchSize: 4 });
      await insertAsIs(collection, [{ _id: 4 }]);
      const lagging = withFind(collection, (filter, options) => collection.find(BSON.EJSON.stringify(filter) === '{}' ? filter : { _id: -1 }, options));
      await expect(readValues(pageRequest(lagging, { cursor }))).rejects.toThrow(named(SOURCE_LAGGING, /lag/));
    });

    /** Knows the documents of the first page only, and answers all but what is asked of the primary. */
    const withLaggingSecondary = () => withFind(database.collection('c', { readPreference: 'secondaryPreferred' }), (filter, options) => (
      collection.find(options.readPreference === undefined ? { $and: [filter, { _id: { $in: [0, 1, 'a', 'b'] } }] } as Document : filter, options)));

    test.each<[string, unknown[], PageRequestChanges]>([
      ['numbers', [0, 1, 2], {}], ['texts in the order of a collation', ['a', 'b', 'c'], { collation: { locale: 'de' } }],
    ])('a secondary that lags behind ends no run: %s', async (_, ids, changes) => {
      await collection.deleteMany({});
      await insertAsIs(collection, ids.map((_id) => ({ _id })));
      const lagging = withLaggingSecondary();
      const page = await readValues(pageRequest(lagging, changes));
      expect([page.items.length, page.done]).toEqual([2, false]);
      await expect(readValues(pageRequest(lagging, { ...changes, cursor: page.cursor }))).rejects.toThrow(named(SOURCE_LAGGING, /lag/));
      expect(await read({ ...changes, cursor: page.cursor })).toMatchObject({ items: [{}], done: true });
    });

    test('the last documents deleted meanwhile are done', async () => {
      const { cursor } = await read({ batchSize: 3 });
      await collection.deleteMany({ _id: { $gte: 2 } } as Document);
      expect(await read({ cursor })).toEqual({ items: [], failed: [], cursor, done: true });
      await collection.deleteMany({});
      expect(await read({ cursor })).toMatchObject({ items: [], done: true });
    });

    test('documents left behind within the first fields are an error, before the page is given', async () => {
      const list = [[1, 1], [1, 2], [1, 3], [2, 1]].map(([f, _id]) => ({ f, _id: f * 10 + _id }));
      await collection.deleteMany({});
      await insertAsIs(collection, [...list, { f: 1, _id: 'x' }, { f: 3, _id: 0 }]);
      const sort = ['f', '_id'];
      const { cursor } = await read({ sort, batchSize: 2 });
      await expect(read({ sort, cursor, batchSize: 2 })).rejects.toThrow(named(CURSOR_TYPE_GAP, /last _id of type number/));
    });
  });

  describe('keys that cannot be paged', () => {
    test.each<[string, string, RegExp, Document[], string[]]>([
      ['several types', MIXED_KEY_TYPES, /f is of several types: null .* date/, [{ _id: 1 }, { _id: 2, f: new Date(0) }], ['f', '_id']],
      ['an array', SORT_KEY_IS_ARRAY, /field f /, [{ _id: 1, f: [1] }], ['f', '_id']],
      ['an array on the way', SORT_KEY_IS_ARRAY, /field f\.g /, [{ _id: 1, f: [{ g: 1 }] }], ['f.g', '_id']],
      ['a place in an array', SORT_KEY_IS_ARRAY, /field f\.0 /, [{ _id: 1, f: [1] }], ['f.0', '_id']],
      ['a pattern', DOCUMENT_UNREADABLE, /type regex/, [{ _id: 1, f: /x/ }], ['f', '_id']],
      ['fields named by numbers, which JavaScript puts in an order of its own', DOCUMENT_UNREADABLE, /named by numbers/,
        [{ _id: new Map([['b', 1], ['1', 2]]) }], ['_id']],
      // After its key as it would be sent back, another one that comes after it in truth would not be found.
      ['the same, with that other order elsewhere in the document', DOCUMENT_UNREADABLE, /named by numbers/,
        [{ _id: new Map([['!', 1], ['1', 2]]), copy: { '1': 2, '!': 1 } }, { _id: new Map([['!', 3], ['5', 1]]), copy: { '5': 1, '!': 3 } }, { _id: { 6: 1 } }], ['_id']],
    ])('%s', async (_, name, message, documents, sort) => {
      await insertAsIs(collection, documents);
      await expect(read({ sort })).rejects.toThrow(named(name, message));
    });

    test('the same key twice, as _id can be on shards', async () => {
      await insertAsIs(collection, [{ _id: 1, n: [1, 2] }, { _id: 2, n: [1] }]);
      await database.createCollection('twice', { viewOn: 'c', pipeline: [{ $unwind: '$n' }] });
      await expect(readValues(pageRequest(database.collection('twice')))).rejects.toThrow(named(DUPLICATE_KEY, /"1"/));
      // Also where a page would end between the two.
      await expect(readValues(pageRequest(database.collection('twice'), { batchSize: 1 }))).rejects.toThrow(named(DUPLICATE_KEY));
    });

    test('a source that goes round in circles', async () => {
      await insertAsIs(collection, range(5).map((n) => ({ _id: n })));
      const { cursor } = await read({ batchSize: 2 });
      const circling = withFind(collection, (_, options) => collection.find({}, options));
      await expect(readValues(pageRequest(circling, { cursor }))).rejects.toThrow(named(CURSOR_DID_NOT_ADVANCE));
    });

    test('a key too large for a cursor', async () => {
      await insertAsIs(collection, ['a', 'b'].map((letter) => ({ _id: letter.repeat(9_000) })));
      await expect(read({ batchSize: 1 })).rejects.toThrow(named(CURSOR_TOO_LARGE, /8192/));
    });

    test('the cursor of another sort', async () => {
      await insertAsIs(collection, range(3).map((n) => ({ _id: n, f: n })));
      const { cursor } = await read({ sort: ['f', '_id'], batchSize: 1 });
      await expect(read({ cursor })).rejects.toThrow(named(SOURCE_CHANGED, /sort was \(f, _id\)/));
    });

    test('nothing in the data is an operator', async () => {
      const values = [{ $gt: '' }, { $literal: 1 }, '$_id', '$$ROOT', { a: '$b' }];
      await collection.insertMany(values.map((f, n) => ({ _id: n, f }) as Document));
      for (const filter of [{ f: { $type: 'object' } }, { f: { $type: 'string' } }]) {
        const { identifiers, error } = await walkPages(pageRequest(collection, { sort: ['f', '_id'], filter, batchSize: 1 }));
        expect({ error, count: identifiers.length }).toEqual({ error: undefined, count: await collection.countDocuments(filter) });
      }
    });
  });

  /** The collection by a client whose commands are noted. */
  function watch(): { readonly collection: Collection<Document>; take(): CommandStartedEvent[] } {
    const client = mongo().client({ monitorCommands: true });
    const commands: CommandStartedEvent[] = [];
    client.on('commandStarted', (event) => commands.push(event));
    return { collection: client.db(database.databaseName).collection('c'), take: () => commands.splice(0) };
  }
});
