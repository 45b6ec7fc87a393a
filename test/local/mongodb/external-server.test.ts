import { createMongoClient } from '../../../local/mongodb/mongo-client';
import { MongoServer } from '../../../local/mongodb/mongo-server';
import { MongoUnavailable } from '../../../local/mongodb/mongo-unavailable';
import { missingMongo, startMongo } from '../../../local/mongodb/start-mongo';
import { describeWithMongo } from '../../support/mongo';

describeWithMongo('the server of MONGODB_URI', (mongo) => {
  const find = (): never => {
    throw new Error('no binary is looked for');
  };
  const connect = async (): Promise<MongoServer> => startMongo({}, { env: { MONGODB_URI: mongo().uri }, find });

  test('is used in place of one started here', async () => {
    const external = await connect();
    expect([external.uri, external.host, external.port, external.version]).toEqual([mongo().uri, '127.0.0.1', mongo().port, mongo().version]);
    const people = external.newDatabase('people').collection('people');
    await people.insertOne({ name: 'Ada' });
    expect(await mongo().client().db(people.dbName).collection('people').findOne()).toMatchObject({ name: 'Ada' });
    await external.close();
  });

  test('runs on when closed, without the databases made for us, with all others', async () => {
    const theirs = mongo().newDatabase('theirs');
    await theirs.collection('people').insertOne({ name: 'Ada' });
    const external = await connect();
    const ours = external.newDatabase('ours');
    await ours.collection('people').insertOne({ name: 'Grace' });
    const names = async (): Promise<string[]> => {
      const { databases } = await mongo().client().db().admin().listDatabases({ nameOnly: true });
      return databases.map(({ name }) => name).filter((name) => name === theirs.databaseName || name === ours.databaseName);
    };
    expect(await names()).toHaveLength(2);
    await external.close();
    expect(await names()).toEqual([theirs.databaseName]);
  });

  test('is never stopped or made to fail', async () => {
    const external = await connect();
    await expect(external.kill()).rejects.toThrow('belongs to somebody else: it is never killed');
    await expect(external.start()).rejects.toThrow('never started');
    await expect(external.restart()).rejects.toThrow('never restarted');
    await expect(external.failCommand({ commands: ['find'], errorCode: 2 })).rejects.toThrow('never made to fail');
    await expect(external.clearFailPoints()).rejects.toThrow('never made to fail');
    expect(await external.client().db('some').collection('people').findOne()).toBeNull();
    await external.close();
  });

  test('does not stand in for a server that must be different', async () => {
    const origin = { env: { MONGODB_URI: mongo().uri }, find };
    const sentence = 'The server of MONGODB_URI is used as it is, but own, replicaSet was asked for: unset MONGODB_URI to have one started';
    expect(missingMongo({ own: true, replicaSet: true, publicAddress: undefined }, origin)).toBe(sentence);
    await expect(startMongo({ own: true, replicaSet: true }, origin)).rejects.toThrow(new MongoUnavailable(sentence));
    expect(missingMongo({ own: false }, origin)).toBeUndefined();
  });

  test.each([
    ['mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200', 'connect ECONNREFUSED 127.0.0.1:1'],
    ['127.0.0.1', 'Invalid scheme, expected connection string to start with "mongodb://" or "mongodb+srv://"'],
  ])('must answer: %p does not, which is said in one sentence', async (MONGODB_URI, reason) => {
    await expect(startMongo({}, { env: { MONGODB_URI }, find }))
      .rejects.toThrow(new MongoUnavailable(`The server of MONGODB_URI cannot be used: ${reason}`));
  });

  test('is left as it was', async () => {
    const client = createMongoClient(mongo().uri);
    await expect(client.db('admin').command({ ping: 1 })).resolves.toMatchObject({ ok: 1 });
    await client.close();
  });
}, { own: true });
