import fc from 'fast-check';
import { BSON, Collection, Db, Document } from 'mongodb';
import { askedOneByOne, insertAsIs, pageRequest, PageRequestChanges, walkPages, withFind } from './page-walk';
import { insertRaw, rawDate, rawDocument, rawMember, rawMembers, rawText, RawValue, rawValue, withId } from './raw-documents';
import { PagedBatchEtlErrorName } from '../../../../src/paged-batch-etl/contracts/error-names';
import { DocumentFault } from '../../../../src/paged-batch-etl/source-functions/mongo/document-fault';
import { textItems } from '../../../../src/paged-batch-etl/source-functions/mongo/item-form';
import { PageDocuments } from '../../../../src/paged-batch-etl/source-functions/mongo/page-documents';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';
import { describeWithMongo } from '../../../support/mongo';

const { CURSOR_TOO_LARGE, DOCUMENT_UNREADABLE, DUPLICATE_KEY, ITEM_TOO_LARGE, SORT_KEY_IS_ARRAY } = PagedBatchEtlErrorName;

const BROKEN = Buffer.from([0x61, 0xff]);
const FAR = 2n ** 63n - 1n;

function numbered(id: number): RawValue {
  return rawValue(new BSON.Int32(id));
}

function identifier(id: number): string {
  return `{"$numberInt":"${id}"}`;
}

/** What is read of a document, as any page would have it. */
function read(bytes: Uint8Array, changes: PageRequestChanges = {}): { readonly item: unknown } | DocumentFault {
  const request = pageRequest({ dbName: 'd', collectionName: 'c' } as Collection<Document>, { itemFormat: 'canonical', ...changes });
  try {
    const documents = new PageDocuments(request, textItems());
    return { item: JSON.parse(documents.item(documents.read(bytes)).item.toString()) };
  } catch (error) {
    if (error instanceof DocumentFault) return error;
    throw error;
  }
}

/** The path that a message names, with what is said to be there. */
function placeIn({ message }: Error): string | undefined {
  return /: (in it|at ".*?(?<!\\)") is a /s.exec(message)?.[1];
}

describe('a document, whatever its bytes', () => {
  test('is read value by value, or the first place that cannot be read is named', () => {
    fc.assert(fc.property(rawMembers, (members) => {
      const { bytes, ejson, fault } = withId(numbered(7), members);
      const result = read(bytes);
      if (fault === undefined) {
        expect(result).toEqual({ item: ejson });
        return;
      }
      expect(result).toMatchObject({ name: DOCUMENT_UNREADABLE, bytes, message: expect.stringMatching(/^Cannot read the document \{"\$numberInt":"7"\}: /) });
      if (result instanceof Error) expect(placeIn(result)).toBe(fault.length === 0 ? 'in it' : `at ${JSON.stringify(fault.join('.'))}`);
    }), { numRuns: 2_000 });
  });

  test('has references as documents, also in the scope of code', () => {
    const reference = { $ref: 'fs.files', $id: new BSON.Int32(1) };
    const plain = { $ref: 'fs.files', $id: { $numberInt: '1' } };
    const bytes = BSON.serialize({ _id: new BSON.Int32(7), list: [reference], code: new BSON.Code('x', { reference }) });
    expect(read(bytes)).toEqual({ item: { _id: { $numberInt: '7' }, list: [plain], code: { $code: 'x', $scope: { reference: plain } } } });
  });

  test('also of bytes that no server would store, is an item or a fault of that document, and nothing else', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(fc.property(rawMembers, fc.array(change, { minLength: 1, maxLength: 3 }), fc.option(fc.nat()), (members, changes, end) => {
      const whole = Buffer.from(withId(numbered(7), members).bytes);
      for (const [place, byte] of changes) whole[place % whole.byteLength] = byte;
      const bytes = end === null ? whole : whole.subarray(0, end % whole.byteLength);
      const result = read(bytes);
      if (result instanceof DocumentFault) expect(result.bytes).toBe(bytes);
      else expect(JSON.stringify(result.item)).toMatch(/^\{/);
    }), { numRuns: 3_000 });
  });

  const nested = (depth: number, innermost: Buffer = rawDocument([])): Buffer => {
    let bytes = innermost;
    for (let level = 0; level < depth; level++) bytes = rawDocument([rawMember('n', { type: 3, bytes, ejson: {} })]);
    return rawDocument([rawMember('_id', numbered(7)), rawMember('n', { type: 3, bytes, ejson: {} })]);
  };

  test('nested as deep as a server stores it is read; deeper than a call stack, it is named', () => {
    expect(JSON.stringify(read(nested(200)))).toContain('{"n":{}}');
    // What looks like a reference is decoded in another way.
    const reference = rawDocument([rawMember('$ref', rawText(Buffer.from('c'))), rawMember('$id', numbered(1))]);
    for (const bytes of [nested(10_000), nested(10_000, reference)]) {
      const message = expect.stringMatching(/"7"\}: at "n\.n\..*….*n\.n" is documents within one another/);
      expect(read(bytes)).toMatchObject({ name: DOCUMENT_UNREADABLE, message });
    }
  });

  test.each<[string, RawValue, string]>([
    ['a text', rawText(BROKEN), 'the document whose _id, of BSON type 2, has the bytes 0300000061ff00'],
    ['a date', rawDate(FAR), 'the document whose _id, of BSON type 9, has the bytes ffffffffffffff7f'],
    ['a document', { type: 3, bytes: rawDocument([{ name: BROKEN, value: numbered(1) }]), ejson: {} }, 'the document whose _id, of BSON type 3, has the bytes 0d00000010'],
    ['something very long', rawText(Buffer.concat([Buffer.alloc(2_000, 'x'), BROKEN])), `has the bytes ${'d3070000'}${'78'.repeat(496)}…`],
  ])('is named by the bytes of its _id where that cannot be read: %s', (_, id, expected) => {
    expect(read(rawDocument([rawMember('_id', id)]))).toMatchObject({ name: DOCUMENT_UNREADABLE, message: expect.stringContaining(expected) });
  });

  test('is named by the beginning of a long _id, and without one', () => {
    const broken = rawMember('a', rawText(BROKEN));
    const long = rawMember('_id', rawText(Buffer.alloc(2_000, 'x')));
    expect(read(rawDocument([long, broken]))).toMatchObject({ message: expect.stringContaining(`document "${'x'.repeat(999)}…: at "a" is`) });
    expect(read(rawDocument([broken]))).toMatchObject({ message: expect.stringMatching(/^Cannot read a document without _id: at "a" is a text that is not valid UTF-8\. Leave/) });
  });

  test('has no other content in what is said of it', () => {
    const secret = Buffer.concat([Buffer.from('secret'), BROKEN]);
    const pattern = { type: 11, bytes: Buffer.concat([secret, Buffer.from([0, 0])]), ejson: {} };
    const values = [rawText(secret), rawText(secret, 13), rawText(secret, 14), pattern];
    for (const value of values) {
      const result = read(rawDocument([rawMember('_id', numbered(7)), rawMember('s', rawText(Buffer.from('secret'))), rawMember('a', value)]));
      expect(result).toMatchObject({ name: DOCUMENT_UNREADABLE, message: expect.stringContaining('at "a" is a text that is not valid UTF-8') });
      expect(JSON.stringify(result)).not.toContain('secret');
    }
  });

  test('needs only what the projection shows', () => {
    const bytes = rawDocument([rawMember('_id', numbered(7)), rawMember('a', rawDate(FAR)), rawMember('b', numbered(1))]);
    expect(read(bytes, { projection: ['b'] })).toEqual({ item: { _id: { $numberInt: '7' }, b: { $numberInt: '1' } } });
    expect(read(bytes, { projection: ['a'] })).toMatchObject({ message: expect.stringContaining('at "a" is a date that is farther from 1970 than JavaScript can count') });
  });
});

describeWithMongo('documents that no page can have', (mongo) => {
  let database: Db;
  let collections = 0;

  beforeAll(() => {
    database = mongo().newDatabase('unreadable');
  });
  afterEach(() => database.dropDatabase());

  function emptyCollection(): Collection<Document> {
    collections += 1;
    return database.collection(`c${collections}`);
  }

  const sound = (id: number): Document => ({ _id: id, f: 1 });
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

  /** A bad document, stored between others whose `f` is 1. */
  interface Bad {
    readonly name: string;
    readonly message: RegExp;
    readonly store: (collection: Collection<Document>, id: number) => Promise<void>;
    readonly reading?: PageRequestChanges;
  }

  const raw = (value: RawValue): Bad['store'] => (collection, id) => insertRaw(mongo(), collection, [
    rawDocument([rawMember('_id', numbered(id)), rawMember('f', numbered(1)), rawMember('list', { type: 4, bytes: rawDocument([rawMember('0', value)]), ejson: [] })]),
  ]);
  const plain = (content: Document): Bad['store'] => (collection, id) => insertAsIs(collection, [{ ...sound(id), ...content }]);
  const byField: PageRequestChanges = { sort: ['f', '_id'] };

  const bads: [string, Bad][] = [
    ['a text that is not UTF-8', { name: DOCUMENT_UNREADABLE, message: /at "list\.0" is a text that is not valid UTF-8/, store: raw(rawText(BROKEN)) }],
    ['a name that is not', {
      name: DOCUMENT_UNREADABLE,
      message: /at "list\.0" is a member whose name is not valid UTF-8 \(bytes 61ff\)/,
      store: raw({ type: 3, bytes: rawDocument([{ name: BROKEN, value: numbered(1) }]), ejson: {} }),
    }],
    ['a pattern that is not', { name: DOCUMENT_UNREADABLE, message: /at "list\.0" is a text/, store: raw({ type: 11, bytes: Buffer.concat([BROKEN, Buffer.from([0, 0])]), ejson: {} }) }],
    ['a date that cannot be counted', { name: DOCUMENT_UNREADABLE, message: /at "list\.0" is a date that is farther/, store: raw(rawDate(FAR)) }],
    ['bytes with a wrong length', {
      name: DOCUMENT_UNREADABLE, message: /at "list\.0" is a value that is not valid BSON/, store: raw({ type: 5, bytes: Buffer.from([5, 0, 0, 0, 2, 9, 0, 0, 0, 1]), ejson: {} }),
    }],
    ['a name of Extended JSON', { name: DOCUMENT_UNREADABLE, message: /at "a" is a member \$oid,/, store: plain({ a: { $oid: 'x' } }) }],
    ['an item that is too large', { name: ITEM_TOO_LARGE, message: /takes 3\d\d\d bytes/, store: plain({ t: 'x'.repeat(3_000) }), reading: { pageBytes: 3_000 } }],
    ['an array in a sort field', { name: SORT_KEY_IS_ARRAY, message: /field f holds an array/, store: plain({ f: [1, 2] }), reading: byField }],
    ['a date that cannot be counted in a sort field', {
      name: DOCUMENT_UNREADABLE,
      message: /sort field f holds a date/,
      store: (collection, id) => insertRaw(mongo(), collection, [rawDocument([rawMember('_id', numbered(id)), rawMember('f', rawDate(FAR))])]),
      reading: byField,
    }],
    ['a name out of order in a sort field', {
      name: DOCUMENT_UNREADABLE, message: /sort field f holds a value of type object/, store: plain({ f: new Map([['b', 1], ['1', 2]]) }), reading: byField,
    }],
  ];

  describe.each(bads)('%s', (_, { name, message, store, reading = {} }) => {
    test.each([1, 2, 3, 4, 5, 100])('in pages of %i: all before it come, it is named, and without it all others come once', async (batchSize) => {
      const collection = emptyCollection();
      await insertAsIs(collection, range(0, 5).map(sound));
      await store(collection, 5);
      // What follows is as the bad one is, for a key of another type comes last in the order.
      const request = pageRequest(collection, { batchSize, ...reading });
      if (reading.sort === undefined) await insertAsIs(collection, range(6, 9).map(sound));
      const { identifiers, error, pages } = await walkPages(request);
      const before = range(0, 5).map(identifier);
      expect({ identifiers, error }).toMatchObject({ identifiers: before, error: { name, message: expect.stringMatching(message) } });
      expect(error?.message).toContain(`the document ${identifier(5)}`);
      await collection.deleteOne({ _id: 5 } as Document);
      const rest = await walkPages({ ...request, cursor: pages.at(-1)?.cursor ?? null });
      expect([...identifiers, ...rest.identifiers]).toEqual([...before, ...(reading.sort === undefined ? range(6, 9).map(identifier) : [])]);
      expect(rest.error).toBeUndefined();
    });
  });

  test('an array of another type, which no comparison with what is before it finds, is found in the end', async () => {
    const collection = emptyCollection();
    await insertAsIs(collection, [...range(0, 3).map(sound), { _id: 3, f: ['x'] }]);
    for (const batchSize of [1, 2]) {
      const { identifiers, error } = await walkPages(pageRequest(collection, { ...byField, batchSize }));
      expect(identifiers).toEqual(range(0, 3).map(identifier));
      expect(error).toMatchObject({ name: SORT_KEY_IS_ARRAY, message: expect.stringContaining(`the document ${identifier(3)}`) });
    }
  });

  test('a document without a key that is left behind is an error, before what comes after it is given', async () => {
    const collection = emptyCollection();
    await insertAsIs(collection, [...range(0, 3).map(sound), { _id: 9, f: 2 }]);
    await insertRaw(mongo(), collection, [rawDocument([rawMember('_id', rawText(BROKEN)), rawMember('f', numbered(1))])]);
    const { identifiers, error } = await walkPages(pageRequest(collection, { ...byField, batchSize: 2 }));
    expect(identifiers).toEqual(range(0, 2).map(identifier));
    expect(error).toMatchObject({ name: DOCUMENT_UNREADABLE, message: expect.stringContaining('_id, of BSON type 2, has the bytes 0300000061ff00') });
  });

  test('two documents with one key: those before them come', async () => {
    const collection = emptyCollection();
    await insertAsIs(collection, [{ _id: 1, n: [1] }, { _id: 2, n: [1] }, { _id: 3, n: [1, 2] }, { _id: 4, n: [1] }]);
    await database.createCollection('twice', { viewOn: collection.collectionName, pipeline: [{ $unwind: '$n' }] });
    for (const batchSize of [1, 2, 3, 4, 100]) {
      const { identifiers, error } = await walkPages(pageRequest(database.collection('twice'), { batchSize }));
      expect(identifiers).toEqual([1, 2].map(identifier));
      expect(error).toMatchObject({ name: DUPLICATE_KEY, message: expect.stringContaining(identifier(3)) });
    }
  });

  test('a key that the collation takes for the one before it: those before them come', async () => {
    const collection = emptyCollection();
    await insertAsIs(collection, ['a', 'b', 'c', 'C'].map((_id) => ({ _id })));
    const { identifiers, error } = await walkPages(pageRequest(collection, { batchSize: 1, collation: { locale: 'en', strength: 2 } }));
    expect({ identifiers, error }).toMatchObject({ identifiers: ['"a"', '"b"'], error: { name: DUPLICATE_KEY } });
  });

  test('a key that is too large for a cursor is none of a page\'s end; where it has to be, those before it come', async () => {
    const collection = emptyCollection();
    const ids = ['a', 'b', 'c'.repeat(9_000), 'd', 'e', 'f'.repeat(9_000)];
    await insertAsIs(collection, ids.map((_id) => ({ _id })));
    const { identifiers, error, pages } = await walkPages(pageRequest(collection, { batchSize: 3 }));
    expect(error).toBeUndefined();
    expect(identifiers.map((text) => JSON.parse(text))).toEqual(ids);
    const ends = pages.map(({ items, cursor, done }) => [items.length, cursor !== null, done]);
    expect(ends).toEqual([[2, true, false], [3, true, false], [1, false, true]]);
    const single = await walkPages(pageRequest(collection, { batchSize: 1 }));
    expect({ count: single.identifiers.length, error: single.error }).toMatchObject({
      count: 2, error: { name: CURSOR_TOO_LARGE, message: expect.stringMatching(/of the document "c{999}… take 9\d\d\d bytes as a cursor/) },
    });
  });

  test('a document that the end of a page would hide is not left out', async () => {
    const collection = emptyCollection();
    // To the collation, what is no UTF-8 is the same as the character that stands for it: nothing is found after the first one but the last one.
    await insertAsIs(collection, [{ _id: 'a\uFFFD' }]);
    await insertRaw(mongo(), collection, [rawDocument([rawMember('_id', rawText(BROKEN))])]);
    await insertAsIs(collection, [{ _id: 'z' }]);
    const { error, identifiers } = await walkPages(pageRequest(collection, { collation: { locale: 'en' } }));
    expect({ error, identifiers }).toMatchObject({ error: { name: DOCUMENT_UNREADABLE }, identifiers: [] });
  });

  test('a document that the driver cannot take out of the answer fails only the page that begins with it', async () => {
    const collection = emptyCollection();
    await insertAsIs(collection, range(0, 3).map(sound));
    const failing = withFind(collection, (filter, options) => {
      const cursor = collection.find(filter, options);
      const [next, buffered] = [cursor.next.bind(cursor), cursor.readBufferedDocuments.bind(cursor)];
      const taken = <T>(bytes: T): T => {
        if (bytes instanceof Uint8Array && Number(BSON.deserialize(bytes)._id) === 2) throw new BSON.BSONError('Invalid 0x99 type byte');
        return bytes;
      };
      cursor.next = async () => taken(await next());
      cursor.readBufferedDocuments = (count) => buffered(count).map(taken);
      return askedOneByOne(cursor);
    });
    const { identifiers, error } = await walkPages(pageRequest(failing));
    expect(identifiers).toEqual([0, 1].map(identifier));
    expect(error).toMatchObject({ name: DOCUMENT_UNREADABLE, message: expect.stringContaining('Invalid 0x99 type byte') });
  });

  test('of arbitrary bytes: all before the first that cannot be read, as they are stored', async () => {
    const bounds = fc.record({ batchSize: fc.integer({ min: 1, max: 9 }), pageBytes: fc.constantFrom(900, 180 * 1024), itemFormat: fc.constant<'canonical'>('canonical') });
    await fc.assert(fc.asyncProperty(fc.array(rawMembers, { maxLength: 12 }), bounds, async (list, limits) => {
      const collection = emptyCollection();
      const stored: RawValue[] = [];
      for (const [index, members] of list.entries()) {
        const document = withId(numbered(index), members);
        // Servers look at lengths and flags, not at texts.
        const isStored = await insertRaw(mongo(), collection, [document.bytes]).then(() => true, () => false);
        if (isStored) stored.push(document);
      }
      const firstBad = stored.findIndex((document) => document.fault !== undefined || tooLarge(document, limits.pageBytes));
      const expected = firstBad < 0 ? stored : stored.slice(0, firstBad);
      const { pages, error } = await walkPages(pageRequest(collection, limits));
      expect(pages.flatMap(({ items }) => items.map(({ item }) => item))).toEqual(expected.map(({ ejson }) => ejson));
      expect(error?.name).toBe(firstBad < 0 ? undefined : stored[firstBad].fault === undefined ? ITEM_TOO_LARGE : DOCUMENT_UNREADABLE);
      if (error !== undefined) expect(error.message).toContain(`the document ${BSON.EJSON.stringify((stored[firstBad].ejson as Document)._id)}`);
      await collection.drop().catch(() => undefined);
    }), { numRuns: fcRuns(80) });
  }, fcTimeout(80));

  function tooLarge({ ejson }: RawValue, pageBytes: number): boolean {
    const { _id } = ejson as Document;
    const itemIdentifier = JSON.stringify(_id);
    return Buffer.byteLength(JSON.stringify([{ itemIdentifier, idempotencyKey: `key of ${itemIdentifier}`, item: ejson }])) > pageBytes;
  }
}, { own: true });
