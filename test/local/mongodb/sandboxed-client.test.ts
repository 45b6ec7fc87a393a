import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { createCertificates } from '../../../local/http/certificates';
import { MongoServer } from '../../../local/mongodb/mongo-server';
import { startMongo } from '../../../local/mongodb/start-mongo';
import { describeWhereMongo } from '../../support/mongo';
import { Fixture } from '../lambda/fixtures';

const HOST = 'mongo.example.com';
const PORT = 27_017;
const ADDRESS = '93.184.216.34';
const ADMINISTRATOR = { name: 'admin', password: 'p@ss/wörd?' };

const HANDLER = `
  import { MongoClient } from 'mongodb';
  let client;
  export async function handler({ uri, database }) {
    client ??= new MongoClient(uri, { serverSelectionTimeoutMS: 1000 });
    try {
      const people = await client.db(database).collection('people').find().sort({ _id: 1 }).toArray();
      const { me } = await client.db(database).command({ hello: 1 });
      return { names: people.map(({ name }) => name), me };
    } catch (error) {
      const [server] = error.reason?.servers?.values() ?? [];
      client = undefined;
      return { error: error.name, code: error.code ?? server?.error?.cause?.code };
    }
  }`;

describeWhereMongo('the driver in a function of the local cloud', () => {
  let folder: string;
  let server: MongoServer;
  let fixture: Fixture;
  let database: string;
  let bundle: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sandboxed-client-'));
    const tls = await createCertificates({ hosts: [HOST, '127.0.0.1'] });
    writeFileSync(join(folder, 'ca.pem'), tls.caPem);
    server = await startMongo({ replicaSet: true, tls, administrator: ADMINISTRATOR, publicAddress: `${HOST}:${PORT}` });
    const people = server.newDatabase('sandbox');
    await people.collection('people').insertMany([{ name: 'Ada' }, { name: 'Grace' }]);
    database = people.databaseName;
    [{ text: bundle }] = buildSync({
      stdin: { contents: HANDLER, resolveDir: __dirname }, bundle: true, platform: 'node', target: 'node20', write: false, logLevel: 'error',
    }).outputFiles;
    const network = { [HOST]: { addresses: [ADDRESS], port: PORT, connectTo: server.connectTo } };
    fixture = new Fixture({ network: () => network });
  });
  afterAll(async () => {
    await fixture.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const functionOf = async (name: string, trusted = true): Promise<(uri: string) => Promise<unknown>> => {
    await fixture.create(name, bundle, { variables: trusted ? { NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') } : {} });
    return async (uri) => fixture.answer(name, { uri, database });
  };
  const found = { names: ['Ada', 'Grace'], me: `${HOST}:${PORT}` };

  test('reads over TLS under a name of the local network, in the first and in a warm invocation much later', async () => {
    const read = await functionOf('named');
    expect(await read(server.uriFor(`${HOST}:${PORT}`))).toEqual(found);
    await fixture.clock.sleep(45 * 60_000);
    expect(await read('the client is there')).toEqual(found);
  });

  test('is told that name when it discovers the members', async () => {
    const read = await functionOf('discovering');
    const { searchParams } = new URL(server.uriFor(`${HOST}:${PORT}`));
    expect(searchParams.get('replicaSet')).toBe('rs0');
    expect(await read(server.uriFor(`${HOST}:${PORT}`).replace('replicaSet=rs0&', ''))).toEqual(found);
  });

  test('goes on with its client after the server was killed and started again', async () => {
    const read = await functionOf('surviving');
    expect(await read(server.uriFor(`${HOST}:${PORT}`))).toEqual(found);
    await server.kill();
    await server.start();
    // What was in the pool is dead: the driver reads again by itself.
    expect(await read('the client is there')).toEqual(found);
  });

  test('is refused with a wrong password', async () => {
    const read = await functionOf('mistaken');
    expect(await read(server.uriFor(`${HOST}:${PORT}`, { ...ADMINISTRATOR, password: 'guess' }))).toEqual({ error: 'MongoServerError', code: 18 });
    expect(await read(server.uriFor(`${HOST}:${PORT}`))).toEqual(found);
  });

  test.each([
    ['does not trust the certificate authority', false, `${HOST}:${PORT}`, 'SELF_SIGNED_CERT_IN_CHAIN'],
    ['has another port', true, `${HOST}:${PORT + 1}`, 'ECONNREFUSED'],
    ['has a name that nobody has', true, `nobody.example.com:${PORT}`, 'ENOTFOUND'],
  ])('does not get there when it %s', async (_, trusted, address, code) => {
    const read = await functionOf(`lost-${code}`, trusted);
    expect(await read(server.uriFor(address))).toEqual({ error: 'MongoServerSelectionError', code });
  });
}, { own: true });
