import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClientOptions } from 'mongodb';
import { Certificates, createCertificates } from '../../../local/http/certificates';
import { createMongoClient } from '../../../local/mongodb/mongo-client';
import { MongoServer } from '../../../local/mongodb/mongo-server';
import { startMongo } from '../../../local/mongodb/start-mongo';
import { describeWhereMongo, describeWithMongo } from '../../support/mongo';

const ADMINISTRATOR = { name: 'ad/min', password: 'p@ss:wörd?' };

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const listening = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return listening;
}

describeWithMongo('a MongoDB server', (mongo) => {
  afterEach(async () => mongo().clearFailPoints());

  test('answers whoever knows its address, as none has a password', async () => {
    const people = mongo().newDatabase('people');
    await people.collection('people').insertOne({ name: 'Ada' });
    const client = createMongoClient(mongo().uri);
    expect(await client.db(people.databaseName).collection('people').findOne()).toMatchObject({ name: 'Ada' });
    await client.close();
    expect(mongo().uri).toBe(`mongodb://127.0.0.1:${mongo().port}/`);
    expect(mongo().version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('gives everyone a database of his own', () => {
    const names = [1, 2, 3].map(() => mongo().newDatabase('mine').databaseName);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^mine-/);
  });

  test('fails the commands that it is told to fail, until cleared', async () => {
    const people = mongo().newDatabase('failing').collection('people');
    await people.insertOne({ name: 'Ada' });
    await mongo().failCommand({ commands: ['find'], errorCode: 11_600 });
    await expect(people.findOne()).rejects.toMatchObject({ code: 11_600 });
    await people.insertOne({ name: 'Grace' });
    await mongo().clearFailPoints();
    expect(await people.find().toArray()).toHaveLength(2);
  });

  test('fails as often as told, only for the client that is meant', async () => {
    await mongo().failCommand({ commands: ['find'], errorCode: 2, times: 1, appName: 'victim' });
    const victim = mongo().client({ appName: 'victim' }).db('some').collection('people');
    const other = mongo().client().db('some').collection('people');
    expect(await other.findOne()).toBeNull();
    await expect(victim.findOne()).rejects.toMatchObject({ code: 2 });
    expect(await victim.findOne()).toBeNull();
  });

  test('cuts connections and takes its time when told to', async () => {
    const people = mongo().client({ retryReads: false }).db('some').collection('people');
    await mongo().failCommand({ commands: ['find'], closeConnection: true });
    await expect(people.findOne()).rejects.toMatchObject({ name: 'MongoNetworkError' });
    await mongo().failCommand({ commands: ['find'], delayMilliseconds: 300 });
    await expect(people.findOne({}, { maxTimeMS: 100 })).rejects.toMatchObject({ code: 50 });
  });

  test('keeps its port and data when it is killed and started again', async () => {
    const people = mongo().newDatabase('kept').collection('people');
    const { port } = mongo();
    await people.insertOne({ name: 'Ada' }, { writeConcern: { j: true } });
    await mongo().kill();
    expect(await isListening(port)).toBe(false);
    await expect(mongo().failCommand({ commands: ['find'] })).rejects.toThrow('not running');
    await mongo().start();
    expect(mongo().port).toBe(port);
    expect(await people.findOne()).toMatchObject({ name: 'Ada' });
  });

  test('loses what was open when it is restarted in order', async () => {
    const people = mongo().newDatabase('restarted').collection<{ _id: number }>('people');
    await people.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    const cursor = people.find().sort({ _id: 1 }).batchSize(1);
    expect(await cursor.next()).toEqual({ _id: 1 });
    await mongo().restart();
    await expect(cursor.next()).rejects.toThrow();
    expect(await people.countDocuments()).toBe(3);
  });
}, { own: true });

describeWhereMongo('a MongoDB server with TLS and an administrator', () => {
  let certificates: Certificates;
  let server: MongoServer;
  beforeAll(async () => {
    certificates = await createCertificates({ hosts: ['127.0.0.1'] });
    server = await startMongo({ replicaSet: true, tls: certificates, administrator: ADMINISTRATOR });
  });
  afterAll(async () => server.close());

  test('runs transactions, being a replica set', async () => {
    const client = server.client();
    const people = client.db(server.newDatabase('transactions').databaseName).collection('people');
    await people.insertOne({ name: 'Ada' });
    await expect(client.withSession(async (session) => session.withTransaction(async () => {
      await people.insertOne({ name: 'Grace' }, { session });
      throw new Error('changed my mind');
    }))).rejects.toThrow('changed my mind');
    expect(await people.countDocuments()).toBe(1);
  });

  /** What a client of this URI answers to, or fails with. */
  async function count(uri: string, options: MongoClientOptions): Promise<number> {
    const client = createMongoClient(uri, { serverSelectionTimeoutMS: 500, ...options });
    try {
      return await client.db('some').collection('people').countDocuments();
    } finally {
      await client.close();
    }
  }
  const trusting = (): MongoClientOptions => ({ ca: certificates.caPem });

  test('lets in whoever knows the password, nobody else', async () => {
    const address = `127.0.0.1:${server.port}`;
    expect(await count(server.uri, trusting())).toBe(0);
    await expect(count(server.uriFor(address, { ...ADMINISTRATOR, password: 'guess' }), trusting())).rejects.toMatchObject({ code: 18 });
    await expect(count(`mongodb://${address}/?tls=true`, trusting())).rejects.toMatchObject({ code: 13 });
  });

  test('knows users of a single database', async () => {
    const people = server.newDatabase('users');
    const reader = { name: 'reader', password: 'secret' };
    await people.command({ createUser: reader.name, pwd: reader.password, roles: ['read'] });
    const client = createMongoClient(server.uriFor(`127.0.0.1:${server.port}`, reader, people.databaseName), trusting());
    const collection = client.db(people.databaseName).collection('people');
    expect(await collection.countDocuments()).toBe(0);
    await expect(collection.insertOne({})).rejects.toMatchObject({ code: 13 });
    await client.close();
  });

  test('refuses clients without TLS, and is refused by those that do not trust it', async () => {
    await expect(count(server.uri.replace('tls=true', 'tls=false'), {})).rejects.toThrow(/connection .*closed/);
    await expect(count(server.uri, {})).rejects.toThrow(/self-signed certificate/);
  });
}, { own: true });

describeWhereMongo('a MongoDB server whose user is ended', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mongo-holder-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const dataFolders = (): string[] => readdirSync(folder).filter((name) => name.startsWith('local-mongodb-'));

  test.each(['SIGTERM', 'SIGINT'] as const)('ends with it, leaving nothing, on %s', async (signal) => {
    const holder = fork(join(__dirname, 'hold-server.ts'), { execArgv: ['--import', 'tsx'], env: { ...process.env, TMPDIR: folder } });
    const [port] = await once(holder, 'message');
    expect(await isListening(port)).toBe(true);
    expect(dataFolders()).toHaveLength(1);
    holder.kill(signal);
    const [, endedBy] = await once(holder, 'exit');
    expect(endedBy).toBe(signal);
    expect(dataFolders()).toEqual([]);
    // The killed process takes a moment to be gone; if it is not, this does not end.
    while (await isListening(port)) await delay(20);
  });
}, { own: true });

test('a public name needs a replica set with TLS', async () => {
  const find = () => ({ path: 'mongod', version: '6.0.5' });
  await expect(startMongo({ publicAddress: 'mongo.example.com:27017' }, { env: {}, find })).rejects.toThrow('publicAddress needs replicaSet and tls');
});
