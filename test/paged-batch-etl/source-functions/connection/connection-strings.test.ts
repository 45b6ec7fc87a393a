/** The strings and secrets that people have, before a server that asks for users. */
import { MongoClient } from 'mongodb';
import { MongoReadConcern, MongoReadPreference } from '../../../../src';
import { MongoSourceConfig } from '../../../../src/paged-batch-etl/contracts/source-function';
import { parseConnectionSecret } from '../../../../src/paged-batch-etl/source-functions/connection/connection-secret';
import { createMongoClient } from '../../../../src/paged-batch-etl/source-functions/connection/mongo-client';
import { MongoConnection } from '../../../../src/paged-batch-etl/source-functions/connection/mongo-connection';
import { readFromMongo } from '../../../../src/paged-batch-etl/source-functions/reader/read-from-mongo';
import { DnsRecords, restoreDns, stubDns } from '../../../support/driver-strings';
import { describeWithMongo } from '../../../support/mongo';
import { outcomeOf, pageRequest, SOURCE } from '../harness';

interface Read {
  readonly outcome: string;
  readonly message: string;
  readonly items: readonly unknown[];
  /** Commands by which the page was read, but for those that look at the collection. */
  readonly commands: readonly Readonly<Record<string, unknown>>[];
}

const ITEMS = [1, 2, 3];

/** Reads a page as the function does. */
async function readBy(secret: string, changes: Partial<MongoSourceConfig> = {}): Promise<Read> {
  const source = { ...SOURCE, tls: false, readPreference: undefined, database: 'shop', collection: 'orders', ...changes };
  const items: unknown[] = [];
  const commands: Record<string, unknown>[] = [];
  const connection = new MongoConnection(async () => ({ connection: secret }), ({ connection: text }, time): MongoClient => {
    const client = createMongoClient(parseConnectionSecret(text, source), source, 'reader', time.forCall());
    // The driver tells of commands only where that was asked for at the beginning.
    Object.assign(client.options, { monitorCommands: true });
    client.on('commandStarted', ({ commandName, command }) => {
      if (['find', 'explain', 'listCollections'].includes(commandName)) commands.push({ commandName, ...command });
    });
    return client;
  });
  const { name, message } = await outcomeOf(async () => {
    const { page } = await readFromMongo(source, connection).read(pageRequest({ batchSize: ITEMS.length, pageBytes: 10_000 }));
    items.push(...page.items.map(({ item }) => item));
  });
  await connection.close();
  return { outcome: name, message, items, commands };
}

const all = ITEMS.map((_id) => ({ _id }));

describeWithMongo('a server with users in admin and elsewhere', (mongo) => {
  beforeAll(async () => {
    const client = mongo().client();
    await client.db('shop').collection<{ _id: number }>('orders').insertMany(all);
    const roles = [{ role: 'read', db: 'shop' }];
    // One name and two passwords, so that only the right database lets it in.
    await client.db('admin').command({ createUser: 'reader', pwd: 'of-admin', roles });
    await client.db('shop').command({ createUser: 'reader', pwd: 'of-shop', roles });
  });
  afterEach(restoreDns);

  const address = () => `${mongo().host}:${mongo().port}`;

  const stubSeedList = (txt?: DnsRecords['txt']) => stubDns({ srv: [{ name: 'm1.example.com', port: mongo().port }], txt });

  test.each([
    ['of-admin', ''], ['of-admin', '/'], ['of-admin', '/?authSource=admin'], ['of-admin', '/shop?authSource=admin'], ['of-admin', '/shop?AUTHSOURCE=admin&authMechanism=DEFAULT'],
    ['of-admin', '/?authMechanism=SCRAM-SHA-1'], ['of-admin', '/?authMechanism=scram-sha-256'], ['of-admin', '/?compressors=zlib&zlibCompressionLevel=9'],
    ['of-admin', '/?maxPoolSize=1'], ['of-admin', '/?minPoolSize=10&maxPoolSize=20'], ['of-admin', '/?directConnection=true&appName=mongosh+2.0'],
    ['of-admin', '/?readConcernLevel=local'], ['of-admin', '/?retryReads=false&retryWrites=true&w=majority&journal=true'],
    ['of-shop', '/shop'], ['of-shop', '/?authSource=shop'], ['of-shop', '/other?authSource=shop'],
  ])('a string lets in: %s, %s', async (password, rest) => {
    expect(await readBy(`mongodb://reader:${password}@${address()}${rest}`)).toMatchObject({ outcome: 'Done', items: all });
  });

  test.each<[string, string, DnsRecords['txt']]>([
    ['of-admin', '/shop', [['authSource=admin']]],
    ['of-admin', '/shop?retryWrites=true&w=majority', [['authSource=', 'admin']]],
    ['of-admin', '/', undefined],
    ['of-shop', '/shop', undefined],
    ['of-shop', '/', [['authSource=shop']]],
    ['of-shop', '/shop?authSource=shop', [['authSource=admin']]],
  ])('a string of a seed list lets in: %s, %s, with the TXT record %j', async (password, rest, txt) => {
    stubSeedList(txt);
    expect(await readBy(`mongodb+srv://reader:${password}@db.example.com${rest}`)).toMatchObject({ outcome: 'Done', items: all });
  });

  test.each<[string, string, DnsRecords['txt']]>([
    ['of-admin', '/shop', undefined], ['of-shop', '/', undefined], ['of-shop', '/shop', [['authSource=admin']]], ['of-admin', '/?authSource=shop', [['authSource=admin']]],
  ])('and not where the driver asks another database: %s, %s, with the TXT record %j', async (password, rest, txt) => {
    stubSeedList(txt);
    const { outcome, message } = await readBy(`mongodb+srv://reader:${password}@db.example.com${rest}`);
    expect([outcome, message]).toEqual(['SourceRefused', expect.stringContaining('the right authSource')]);
  });

  test.each([
    ['of-admin', {}, {}], ['of-shop', { dbname: 'shop' }, {}], ['of-admin', { dbname: 'admin' }, {}], ['of-admin', { host: 'gone.example.com', port: 1 }, { isOfSource: true }],
  ])('user and password let in: %s, %j', async (password, changes, { isOfSource = false }: { isOfSource?: boolean }) => {
    const secret = { engine: 'mongo', username: 'reader', password, host: mongo().host, port: mongo().port, ssl: false, ...changes };
    expect(await readBy(JSON.stringify(secret), isOfSource ? { host: address() } : {})).toMatchObject({ outcome: 'Done', items: all });
  });

  test('what is said of compression is done', async () => {
    const compressed = async (): Promise<number> => {
      const { network } = await mongo().client().db('admin').command({ serverStatus: 1 });
      return network.compression.zlib.compressor.bytesIn;
    };
    const before = await compressed();
    await readBy(`mongodb://reader:of-admin@${address()}/`);
    expect(await compressed()).toBe(before);
    await readBy(`mongodb://reader:of-admin@${address()}/?compressors=zlib`);
    expect(await compressed()).toBeGreaterThan(before);
  });

  test('a TXT record that means nothing to the driver is an error of the source', async () => {
    stubSeedList([['readPreference=nearest']]);
    expect(await readBy('mongodb+srv://reader:of-admin@db.example.com/')).toMatchObject({ outcome: 'SourceRefused', items: [] });
  });
}, { administrator: { name: 'root', password: 'root-password' }, own: true });

describeWithMongo('a replica set', (mongo) => {
  beforeAll(async () => {
    await mongo().client().db('shop').collection<{ _id: number }>('orders').insertMany(all, { writeConcern: { w: 'majority' } });
  });

  const uri = (options: string) => `mongodb://${mongo().host}:${mongo().port}/?replicaSet=rs0&${options}`;

  test.each(Object.values(MongoReadPreference).filter((mode) => mode !== MongoReadPreference.SECONDARY))('is read as the string says: %s', async (mode) => {
    const { outcome, items, commands } = await readBy(uri(`readPreference=${mode}`));
    expect([outcome, items]).toEqual(['Done', all]);
    const finds = commands.filter(({ commandName }) => commandName === 'find');
    expect(finds.length).toBeGreaterThan(0);
    // Where secondaries are read, the end is proven at the primary.
    const modes = mode === 'primary' ? [undefined] : [mode, 'primaryPreferred'].map((each) => JSON.stringify({ mode: each }));
    expect(new Set(finds.map(({ $readPreference }) => JSON.stringify($readPreference)))).toEqual(new Set(modes));
  });

  test.each(Object.values(MongoReadConcern))('and by the read concern of the string, or of the source: %s', async (level) => {
    for (const { outcome, items, commands } of [await readBy(uri(`readConcernLevel=${level}`)), await readBy(uri(''), { readConcern: level })]) {
      expect([outcome, items]).toEqual(['Done', all]);
      const finds = commands.filter(({ commandName }) => commandName === 'find');
      expect(finds.map(({ readConcern }) => readConcern)).toEqual(finds.map(() => ({ level })));
    }
  });

  test('tags that no member has are waited for, and not passed over', async () => {
    const { outcome, items } = await readBy(uri('readPreference=nearest&readPreferenceTags=dc:nowhere&serverSelectionTimeoutMS=500'));
    expect([outcome, items]).toEqual(['SourceUnavailable', []]);
    expect(await readBy(uri('readPreference=nearest&readPreferenceTags=dc:nowhere&readPreferenceTags='))).toMatchObject({ outcome: 'Done', items: all });
  });
}, { replicaSet: true });
