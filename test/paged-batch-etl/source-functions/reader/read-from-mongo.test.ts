import { MongoConnection } from '../../../../src/paged-batch-etl/source-functions/connection/mongo-connection';
import { PageBatches } from '../../../../src/paged-batch-etl/source-functions/page-object/page-batches';
import { readFromMongo } from '../../../../src/paged-batch-etl/source-functions/reader/read-from-mongo';
import { describeWithMongo } from '../../../support/mongo';
import { outcomeOf, pageRequest, SOURCE } from '../harness';
import { SimulatedBucket } from '../page-object/simulated-bucket';

describeWithMongo('a page of a collection that is written', (mongo) => {
  /** Reads into a page for which time is up when that many documents were asked about. */
  async function readUntil(documents: number) {
    const database = mongo().newDatabase('late');
    await database.collection<{ _id: number }>('jobs').insertMany(Array.from({ length: 3_000 }, (_, _id) => ({ _id })));
    let asked = 0;
    const lines = new PageBatches({
      store: new SimulatedBucket().open(),
      bucket: 'pages',
      keys: { key: 'key', index: 'index' },
      pageBytes: 1e8,
      batch: { items: 1e3, bytes: 1e8, textBytes: 1e8 },
      isLate: () => ++asked > documents,
    });
    const connection = new MongoConnection(async () => ({ connection: mongo().uri }), () => mongo().client());
    const reader = readFromMongo({ ...SOURCE, tls: false, database: database.databaseName, sort: ['_id'], indexCheck: false }, connection);
    const { done } = await reader.readTexts(pageRequest(), lines);
    return { count: lines.count, done };
  }

  test.each([0, 1, 700])('ends where its time is up, however little was read: after %i documents more than the first', async (documents) => {
    expect(await readUntil(documents)).toEqual({ count: documents + 1, done: false });
  });

  test('ends with an error that passes where the connection begins its work over again in the middle of it', async () => {
    const database = mongo().newDatabase('again');
    const text = 'x'.repeat(1_500_000);
    await database.collection<{ _id: number; text: string }>('jobs').insertMany([1, 2, 3].map((_id) => ({ _id, text })));
    const batch = { items: 1e3, bytes: 1e8, textBytes: 1e8 };
    const lines = new PageBatches({ store: new SimulatedBucket().open(), bucket: 'pages', keys: { key: 'key', index: 'index' }, pageBytes: 1e8, batch, isLate: () => false });
    const connection = new MongoConnection(async () => ({ connection: mongo().uri }), () => mongo().client());
    const use = connection.use.bind(connection);
    // As after the secret was rotated: the first time, all that was read is in the page already.
    connection.use = async (work, time) => use(async (client) => {
      await work(client);
      return work(client);
    }, time);
    const reader = readFromMongo({ ...SOURCE, tls: false, database: database.databaseName, sort: ['_id'], indexCheck: false }, connection);
    expect(await outcomeOf(() => reader.readTexts(pageRequest(), lines))).toEqual({
      name: 'SourceUnavailable', message: 'The source refused to go on in the middle of a page',
    });
    expect(lines.count).toBe(3);
  });
});
