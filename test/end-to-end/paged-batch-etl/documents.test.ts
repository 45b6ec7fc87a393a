/** Documents on their way from the collection to the processor: through the driver, EJSON, two functions and the state of the workflow. */
import { Binary, BSON, BSONRegExp, Code, Decimal128, Document, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } from 'mongodb';
import { DeployedEtl, OWN_SERVER, ProcessedItem } from './deployed-etl';
import { MongoItemFormat, PagedBatchEtlErrors as Errors } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const PAGE_BYTES = 180 * 1024;

const TEXTS = {
  quotes: '"double" \'single\' `back` \\backslash\\ \\"both\\"',
  control: '\u0000\u0001\b\t\n\r\u001f\u007f\u2028\u2029',
  emoji: '👩🏽‍🚀 of 🇪🇺, e\u0301 is not é, 𝒳 takes two units',
  paths: '$.items[0] $$date_begin States.Format(\'{}\', $x) ${jobs} {{resolve:x}} <script>',
  numbers: '9007199254740993',
};

/** Every type that a document can hold; what is named by a number would be sorted by JavaScript. */
const everyType = (): Document => ({
  ...TEXTS,
  'empty': '',
  'große Schlüssel 🚀 "quoted"': true,
  'int32': new Int32(-2147483648),
  'aboveInt32': Long.fromString('2147483648'),
  'int64': Long.fromString('9007199254740993'),
  'least': Long.fromString('-9223372036854775808'),
  'double': new Double(0.1),
  'huge': new Double(1.7976931348623157e308),
  'notANumber': new Double(NaN),
  'infinite': new Double(-Infinity),
  'decimal': Decimal128.fromString('1234567890123456789012345678901.200'),
  'exponent': Decimal128.fromString('1E-6176'),
  'date': new Date('2020-08-18T12:34:56.789Z'),
  'beforeTime': new Date('1900-01-01T00:00:00Z'),
  'farAway': new Date('12000-01-01T00:00:00Z'),
  'bytes': new Binary(Buffer.from([0, 255, 1, 254]), 128),
  'uuid': new UUID('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
  'objectId': new ObjectId('65a1f0c2e4b0a1b2c3d4e5f6'),
  'timestamp': new Timestamp({ t: 4294967295, i: 1 }),
  'expression': new BSONRegExp('^"a/b\\d"$', 'im'),
  'code': new Code('function () { return "$"; }'),
  'scoped': new Code('x', { x: Long.fromString('9007199254740993') }),
  'least of all': new MinKey(),
  'most of all': new MaxKey(),
  'nothing': null,
  'nested': { list: [[], {}, [{ deep: [Long.fromString('9007199254740993'), null, { date: new Date(0) }] }]], ['__proto__']: 'own', constructor: 'own' },
});

/** What JSON has no numbers for, so that the relaxed form writes another type of the same value. */
const exactInCanonicalOnly = (): Document => ({
  whole: new Double(5), small: Long.fromNumber(5), negativeZero: new Double(-0), large: new Double(2 ** 53),
});

describeWhereMongo('documents', () => {
  let etl: DeployedEtl;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        stack.etl('Relaxed', { batchSize: 200 });
        stack.etl('Canonical', { source: stack.source({ itemFormat: MongoItemFormat.CANONICAL, projection: ['kept', 'address.city'] }) });
        stack.etl('Exact', { source: stack.source({ itemFormat: MongoItemFormat.CANONICAL }) });
      },
    });
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  /** The documents as they are stored, in the order of the run. */
  async function stored(begin: number): Promise<Buffer[]> {
    const window = { runDate: { $gte: new Date(begin), $lt: new Date(begin + 86_400_000) } };
    const documents = await etl.jobs.find(window, { raw: true }).sort({ runDate: 1, _id: 1 }).toArray();
    return documents.map((document) => {
      if (Buffer.isBuffer(document)) return document;
      throw new Error('The driver answered no raw document');
    });
  }

  const bytesOf = ({ item }: ProcessedItem): Buffer => Buffer.from(BSON.serialize(BSON.EJSON.deserialize(item, { relaxed: false })));

  test.each(['Relaxed', 'Exact'])('%s: every type arrives as it is stored, byte for byte', async (construct) => {
    const filled = await etl.fill([everyType(), { ...everyType(), _id: construct }, everyType()]);
    await expect(etl.run(construct, filled.input)).resolves.toMatchObject({ status: 'SUCCEEDED' });
    expect(etl.processed().map(bytesOf)).toEqual(await stored(filled.begin));
    expect(etl.processed().map(({ itemIdentifier }) => itemIdentifier)).toEqual(filled.identifiers);
  });

  test('numbers keep their value in relaxed EJSON, and their type too in canonical EJSON', async () => {
    const filled = await etl.fill([exactInCanonicalOnly()]);
    await etl.run('Exact', filled.input);
    expect(etl.processed().map(bytesOf)).toEqual(await stored(filled.begin));
    etl.functions.reset();
    await etl.run('Relaxed', filled.input);
    expect(etl.processed().map(({ item: { whole, small, large } }) => ({ whole, small, large }))).toEqual([{ whole: 5, small: 5, large: 2 ** 53 }]);
  });

  test('a projection leaves only its fields, the key and nothing of the rest', async () => {
    const filled = await etl.fill([{ kept: 1, secret: 's', address: { city: 'Köln', street: 's' } }, { other: 's' }]);
    await etl.run('Canonical', filled.input);
    expect(etl.processed().map(({ item }) => Object.keys(item).filter((name) => name !== 'runDate'))).toEqual([['_id', 'kept', 'address'], ['_id']]);
    expect(etl.processed()[0].item.address).toEqual({ city: 'Köln' });
  });

  test('300 documents of 50 KB arrive in pages that the state of a workflow can hold', async () => {
    const filled = await etl.fill(Array.from({ length: 300 }, (_, number) => ({ number, content: '"ü"'.repeat(8_000 + (number * 37) % 2_000) })));
    const run = await etl.run('Relaxed', { ...filled.input, batch_size: 200 });
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: 300 } });
    expect(etl.processed().map(({ itemIdentifier }) => itemIdentifier)).toEqual(filled.identifiers);
    const pages = etl.calls().map((call) => ('items' in call ? Buffer.byteLength(JSON.stringify(call.items)) : NaN));
    expect(Math.max(...pages)).toBeLessThanOrEqual(PAGE_BYTES);
    // No page but the last has room for another document.
    expect(Math.min(...pages.slice(0, -1))).toBeGreaterThan(PAGE_BYTES - 90_000);
    expect(run.output).toEqual({ items: 300, pages: pages.length, segments: 1 });
  });

  test.each([
    ['made smaller', async (_id: ObjectId) => void await etl.jobs.updateOne({ _id }, { $set: { content: 'small' } }), 5],
    ['removed', async (_id: ObjectId) => void await etl.jobs.deleteOne({ _id }), 4],
  ])('a document that is too large for a page fails the run by its name; %s, the run goes on', async (_, repair, items) => {
    const large = new ObjectId();
    const filled = await etl.fill([{}, {}, {}, { _id: large, content: 'x'.repeat(PAGE_BYTES) }, {}]);
    const failed = await etl.run('Relaxed', filled.input);
    expect(failed).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', failure: { name: Errors.ITEM_TOO_LARGE } });
    expect(failed.failure?.message).toContain(`The item of the document {"$oid":"${large.toHexString()}"} takes`);
    // What came before it was processed, in a page of its own.
    expect(etl.processed()).toHaveLength(3);

    await repair(large);
    await expect(etl.redrive(failed)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items } });
    const expected = filled.identifiers.filter((identifier) => items === 5 || !identifier.includes(large.toHexString()));
    expect(etl.processed().map(({ itemIdentifier }) => itemIdentifier)).toEqual(expected);
  });

  test('a document that cannot be read fails the run by its name, and all before it are processed; corrected, the run goes on', async () => {
    const bad = new ObjectId();
    const filled = await etl.fill([{}, {}, {}, { _id: bad, seen: [{ at: Long.MAX_VALUE }] }, {}]);
    // No driver writes such a date; the server makes one of any integer.
    await etl.jobs.updateOne({ _id: bad }, [{ $set: { seen: [{ at: { $toDate: { $first: '$seen.at' } } }] } }]);
    const failed = await etl.run('Relaxed', filled.input);
    expect(failed).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', failure: { name: Errors.DOCUMENT_UNREADABLE } });
    expect(failed.failure?.message).toContain(`Cannot read the document {"$oid":"${bad.toHexString()}"}: at "seen.0.at" is a date that is farther from 1970`);
    expect(etl.processed()).toHaveLength(3);

    await etl.jobs.updateOne({ _id: bad }, { $unset: { seen: 1 } });
    await expect(etl.redrive(failed)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 5 } });
    expect(etl.processed().map(({ itemIdentifier }) => itemIdentifier)).toEqual(filled.identifiers);
  });
}, OWN_SERVER);
