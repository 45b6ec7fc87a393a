import { MongoConnection } from '../../../../src/paged-batch-etl/source-functions/connection/mongo-connection';
import { PageBatches } from '../../../../src/paged-batch-etl/source-functions/page-object/page-batches';
import { readFromMongo } from '../../../../src/paged-batch-etl/source-functions/reader/read-from-mongo';
import { describeWithMongo } from '../../../support/mongo';
import { outcomeOf, pageRequest, SOURCE } from '../harness';
import { SimulatedBucket } from '../page-object/simulated-bucket';

describeWithMongo('a page of a collection that is written', (mongo) => {
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
