/** Documents of letters, asked of a real server by their identifiers. */
import { BSON, Collection, Document, FindOptions, Long, ObjectId, ReadPreference } from 'mongodb';
import { insertAsIs, replacing } from './page-walk';
import { insertRaw, rawDocument, rawMember, rawText, rawValue } from './raw-documents';
import type { MongoSourceConfig } from '../../../../src/paged-batch-etl/contracts/source-function';
import { MongoConnection } from '../../../../src/paged-batch-etl/source-functions/connection/mongo-connection';
import type { Letter } from '../../../../src/paged-batch-etl/source-functions/letters/letter';
import { letterDocuments } from '../../../../src/paged-batch-etl/source-functions/mongo/letter-documents';
import { TimeLeft } from '../../../../src/paged-batch-etl/source-functions/time-left';
import { describeWithMongo } from '../../../support/mongo';
import { outcomeOf, pageRequest, SOURCE, withTimeLeft } from '../harness';

const letterOf = (itemIdentifier: string): Letter => ({ itemIdentifier, idempotencyKey: `key of ${itemIdentifier}`, error: 'Broken', cause: 'it was', run: 'run' });
const identifierOf = (id: unknown) => BSON.EJSON.stringify(id, { relaxed: false });

describeWithMongo('documents of letters', (mongo) => {
  let count = 0;
  let jobs: Collection<Document>;
  beforeEach(async () => {
    jobs = mongo().client().db('letters').collection(`jobs${count++}`);
    await jobs.db.createCollection(jobs.collectionName);
  });

  function itemsOf(changes: Partial<MongoSourceConfig> = {}, client = mongo().client()) {
    const connection = new MongoConnection(async () => ({ connection: 'any' }), () => client);
    const source = { ...SOURCE, database: 'letters', collection: jobs.collectionName, ...changes };
    const reading = pageRequest({ time: new TimeLeft(withTimeLeft()) });
    const { values, texts } = letterDocuments(source, connection);
    return { values: values(reading), texts: texts(reading) };
  }

  /** Of each letter, its item or the name of its error. */
  async function found(identifiers: readonly string[], changes: Partial<MongoSourceConfig> = {}): Promise<unknown[]> {
    const { values, texts } = itemsOf(changes);
    const letters = identifiers.map(letterOf);
    const told = await values(letters, 'begin') ?? [];
    const lines = await texts(letters, 'begin') ?? [];
    expect(lines).toHaveLength(told.length);
    return told.map((each, index) => {
      const line = lines[index];
      if ('failed' in each) {
        expect(line).toEqual(each);
        expect(each.failed).toMatchObject({ itemIdentifier: identifiers[index], idempotencyKey: `key of ${identifiers[index]}` });
        return each.failed.error;
      }
      const { itemIdentifier, idempotencyKey, item } = each.item;
      expect([itemIdentifier, idempotencyKey]).toEqual([identifiers[index], `key of ${identifiers[index]}`]);
      if ('failed' in line) throw new Error('the text is a failure');
      expect(JSON.parse(line.item.line.toString())).toEqual({ itemIdentifier, idempotencyKey, item: JSON.parse(JSON.stringify(item)) });
      expect(line.item.lineBytes).toBe(line.item.line.length);
      return item;
    });
  }

  const ids = [
    new ObjectId(), 'text', '', 7, new BSON.Int32(8), new BSON.Double(9.5), Long.fromString('9007199254740993'), new Date(5), true, null, new BSON.Binary(Buffer.from('ab')),
    new BSON.Decimal128('1.50'), new BSON.Timestamp({ t: 1, i: 2 }), new BSON.MinKey(), new BSON.MaxKey(), new BSON.Double(NaN), { a: 1, b: { c: 'd' } }, { b: 1, a: 2 },
  ];

  test('are found by identifiers of every type, in the order of the letters', async () => {
    // The driver takes null for no identifier.
    await insertAsIs(jobs, [...ids].reverse().map((_id, number) => ({ _id, number: ids.length - 1 - number })));
    const items = await found(ids.map(identifierOf));
    expect(items.map((item) => (item as { number?: unknown }).number)).toEqual(ids.map((_, number) => number));
  });

  test('are those of the very identifier, and no other that is equal to it', async () => {
    await insertAsIs(jobs, [{ _id: new BSON.Double(1) }, { _id: Long.fromNumber(2) }, { _id: 'a' }]);
    expect(await found(['{"$numberInt":"1"}', '{"$numberInt":"2"}', '"A"', '"a"', '{"$numberDouble":"1.0"}'])).toEqual([
      'DocumentNotFound', 'DocumentNotFound', 'DocumentNotFound', { _id: 'a' }, { _id: 1 },
    ]);
  });

  test('are found by the index of a collection with a collation, and told apart there', async () => {
    const collated = await jobs.db.createCollection(`collated${count}`, { collation: { locale: 'en', strength: 1 } });
    await insertAsIs(collated, [{ _id: 'Émile' }, { _id: 'b' }]);
    const changes = { collection: collated.collectionName, collation: { locale: 'en', strength: 1 } };
    expect(await found(['"emile"', '"Émile"', '"b"'], changes)).toEqual(['DocumentNotFound', { _id: 'Émile' }, { _id: 'b' }]);
  });

  test('have the fields of the projection, and neither filter nor sort counts', async () => {
    await insertAsIs(jobs, [{ _id: new BSON.Int32(1), delay: 5, list: [1, 2], other: 'x' }]);
    const identifiers = ['{"$numberInt":"1"}'];
    expect(await found(identifiers, { projection: ['delay'], sort: ['list', '_id'], filter: '{"delay":9}' })).toEqual([{ _id: 1, delay: 5 }]);
    expect(await found(identifiers, { itemFormat: 'canonical', projection: ['delay'] })).toEqual([{ _id: { $numberInt: '1' }, delay: { $numberInt: '5' } }]);
  });

  test('that are not there anymore, or still cannot be read, fail by themselves', async () => {
    await insertAsIs(jobs, [{ _id: new BSON.Int32(1) }]);
    await insertRaw(mongo(), jobs, [rawDocument([rawMember('_id', rawValue(new BSON.Int32(2))), rawMember('name', rawText(Buffer.from([0x61, 0xff])))])]);
    expect(await found([1, 2, 3].map((id) => `{"$numberInt":"${id}"}`))).toEqual([{ _id: 1 }, 'DocumentUnreadable', 'DocumentNotFound']);
  });

  test('nothing of a document is in what is told, and not much of a long identifier', async () => {
    const { values } = itemsOf();
    const [told] = await values([letterOf(JSON.stringify('x'.repeat(5_000)))], 'begin') ?? [];
    expect('failed' in told && told.failed.cause.length).toBeLessThanOrEqual(500);
    expect('failed' in told && told.failed.cause).toContain('There is no document');
  });

  test('a collection that is not there is misspelt, and not empty; unless it may be missing', async () => {
    const collection = 'jobz';
    await expect(outcomeOf(async () => found(['{"$numberInt":"1"}'], { collection }))).resolves.toMatchObject({ name: 'CollectionNotFound' });
    expect(await found(['{"$numberInt":"1"}'], { collection, ifMissing: 'empty' })).toEqual(['DocumentNotFound']);
  });

  test('an identifier that no document can have is told of', async () => {
    await expect(outcomeOf(async () => found(['{"$oid":"5"}']))).resolves.toMatchObject({ name: 'DeadLettersRefused' });
    await expect(outcomeOf(async () => found(['item-5']))).resolves.toMatchObject({ name: 'DeadLettersRefused' });
  });

  test('where secondaries are read, the primary is asked for what they lack', async () => {
    const client = mongo().client();
    const seen: (string | undefined)[] = [];
    await insertAsIs(jobs, [{ _id: new BSON.Int32(1) }]);
    const collection = client.db('letters').collection(jobs.collectionName);
    const secondary = replacing(collection, {
      readPreference: ReadPreference.secondary,
      find: (filter: Document, options: FindOptions) => {
        seen.push(ReadPreference.fromOptions(options)?.mode);
        // It lags behind.
        return collection.find(options.readPreference === undefined ? { _id: { $in: [] } } : filter, options);
      },
    });
    const { values } = itemsOf({}, replacing(client, { db: () => ({ collection: () => secondary }) }));
    expect(await values([letterOf('{"$numberInt":"1"}')], 'begin')).toMatchObject([{ item: { item: { _id: 1 } } }]);
    expect(seen).toEqual([undefined, 'primaryPreferred']);
  });
});
