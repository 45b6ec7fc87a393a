import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { MongoClient } from 'mongodb';
import { Certificates, createCertificates } from '../../../../local/http/certificates';
import { MongoServer } from '../../../../local/mongodb/mongo-server';
import { startMongo } from '../../../../local/mongodb/start-mongo';
import { MongoSourceConfig } from '../../../../src/paged-batch-etl/contracts/source-function';
import { clientOptions, createMongoClient } from '../../../../src/paged-batch-etl/source-functions/connection/mongo-client';
import { MongoConnection } from '../../../../src/paged-batch-etl/source-functions/connection/mongo-connection';
import { parseSourceSecrets, sourceSecretsReader } from '../../../../src/paged-batch-etl/source-functions/connection/source-secrets';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { TimeLeft } from '../../../../src/paged-batch-etl/source-functions/time-left';
import { ReadSecret } from '../../../../src/private/runtime/secret-reader';
import { describeWhereMongo, describeWithMongo } from '../../../support/mongo';
import { outcomeOf, serviceError, SOURCE, withTimeLeft } from '../harness';

const connections: MongoConnection[] = [];
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
});

interface Opened {
  readonly connection: MongoConnection;
  /** Clients made so far. */
  readonly clients: MongoClient[];
}

/** A connection as the handler has it, with the clients that it made. */
function open(readSecret: ReadSecret, changes: Partial<MongoSourceConfig> = {}, create = createMongoClient, readAuthority?: ReadSecret): Opened {
  const source = { ...SOURCE, tls: false, ...changes };
  const clients: MongoClient[] = [];
  const connection = new MongoConnection(sourceSecretsReader(readSecret, readAuthority), (secrets, time) => {
    const client = create(parseSourceSecrets(secrets, source), source, 'reader', time.forCall());
    clients.push(client);
    return client;
  });
  connections.push(connection);
  return { connection, clients };
}

/** The same client, but one that does not look for a server for ten seconds. */
const createHasty: typeof createMongoClient = (target, ...rest) => (
  new MongoClient(target.uri, { ...clientOptions(target, ...rest), serverSelectionTimeoutMS: 500 })
);

/** Of an authority that signed nothing here. */
const [strangerPem] = rootCertificates;

const secretOf = ({ host, port }: MongoServer, username: string, password: string) => JSON.stringify({ username, password, host, port });

const count = (client: MongoClient) => client.db('analytics').collection('jobs').countDocuments({ kind: 'confidential' });

const use = ({ connection }: Opened, work: (client: MongoClient) => Promise<unknown> = count, milliseconds = 20_000) => (
  outcomeOf(() => connection.use(work, new TimeLeft(withTimeLeft(milliseconds))))
);

describeWithMongo('a connection to a server with users', (mongo) => {
  beforeAll(async () => {
    const database = mongo().client().db('analytics');
    await database.command({ createUser: 'reader', pwd: 'first', roles: ['read'] });
    await database.command({ createUser: 'stranger', pwd: 'first', roles: [] });
    await database.collection('jobs').insertOne({ kind: 'confidential' });
  });
  afterEach(async () => mongo().clearFailPoints());

  const uri = (user: string, password: string) => `mongodb://${user}:${password}@${mongo().host}:${mongo().port}/analytics`;

  test('is made once and kept', async () => {
    const readSecret = jest.fn(async () => uri('reader', 'first'));
    const opened = open(readSecret);
    await expect(opened.connection.use(count, new TimeLeft(withTimeLeft()))).resolves.toBe(1);
    await use(opened);
    expect([opened.clients.length, readSecret.mock.calls]).toEqual([1, [['AWSCURRENT']]]);
  });

  test('takes user and password as Secrets Manager writes them', async () => {
    expect((await use(open(async () => secretOf(mongo(), 'root', 'root-password')))).name).toBe('Done');
  });

  test('reads a rotated secret again, and goes on', async () => {
    let current = 'wrong';
    const readSecret = jest.fn(async () => {
      const secret = uri('reader', current);
      current = 'first';
      return secret;
    });
    const opened = open(readSecret);
    expect((await use(opened)).name).toBe('Done');
    expect((await use(opened)).name).toBe('Done');
    expect([opened.clients.length, readSecret.mock.calls.length]).toEqual([2, 2]);
  });

  test('is refused when the secret has not changed: it is read again once', async () => {
    const readSecret = jest.fn(async () => uri('reader', 'wr0ng-w0rd'));
    const work = jest.fn(count);
    const { name, message } = await use(open(readSecret), work);
    expect([name, readSecret.mock.calls.length, work.mock.calls.length]).toEqual(['SourceRefused', 2, 1]);
    expect(message).toContain('AuthenticationFailed, code 18');
    expect(message).not.toMatch(/wr0ng|reader|127\.0/);
  });

  test('survives that its user is dropped, for another one in a rotated secret or for one of the same name', async () => {
    const database = mongo().client().db('analytics');
    const create = (name: string) => database.command({ createUser: name, pwd: 'first', roles: ['read'] });
    await create('one');
    let current = 'one';
    const opened = open(async () => uri(current, 'first'));
    expect((await use(opened)).name).toBe('Done');

    await database.command({ dropUser: 'one' });
    await create('other');
    current = 'other';
    expect((await use(opened)).name).toBe('Done');

    await database.command({ dropUser: 'other' });
    expect((await use(opened)).name).toBe('SourceRefused');
    await create('other');
    expect((await use(opened)).name).toBe('Done');
  });

  test('says which role is missing, and not for what', async () => {
    const { name, message } = await use(open(async () => uri('stranger', 'first')));
    expect(name).toBe('SourceRefused');
    expect(message).toBe('The source refused (Unauthorized, code 13); give the user of the connection secret the role read on the database');
  });

  test.each<[string, (client: MongoClient) => Promise<unknown>, string]>([
    ['an unknown operator', (client) => client.db('analytics').collection('jobs').findOne({ kind: { $like: 'confidential' } }), 'because of $like'],
    ['an unknown expression', (client) => client.db('analytics').collection('jobs').findOne({ $expr: { $frobnicate: 'confidential' } }), 'because of $frobnicate'],
    ['an unknown hint', (client) => client.db('analytics').collection('jobs').findOne({ kind: 'confidential' }, { hint: 'none' }), 'correct the filter, the collation or the hint'],
  ])('%s is refused, without a word of the filter', async (_what, work, expected) => {
    const { name, message } = await use(open(async () => uri('reader', 'first')), work);
    expect(name).toBe('SourceRefused');
    expect(message).toContain(expected);
    expect(message).not.toContain('confidential');
  });

  test('an answer of the server that is an error leaves the client alone', async () => {
    const opened = open(async () => uri('reader', 'first'));
    await use(opened, (client) => client.db('analytics').collection('jobs').findOne({ $no: 1 }));
    expect((await use(opened)).name).toBe('Done');
    expect(opened.clients).toHaveLength(1);
  });

  test.each([[11600, 'SourceUnavailable'], [10107, 'SourceUnavailable'], [43, 'SourceUnavailable'], [16500, 'SourceUnavailable'], [50, 'SourceTimedOut'], [292, 'SourceRefused']])(
    'a server that answers %d is %s', async (errorCode, expected) => {
      const opened = open(async () => uri('reader', 'first'));
      await use(opened);
      // Twice, because the driver asks again by itself.
      await mongo().failCommand({ commands: ['aggregate'], times: 2, errorCode });
      expect((await use(opened)).name).toBe(expected);
    });

  test('too slow a query is ended by the server', async () => {
    const slow = { $where: 'sleep(1000) || true' };
    const work = (client: MongoClient) => client.db('analytics').collection('jobs').findOne(slow, { maxTimeMS: 50 });
    expect((await use(open(async () => uri('reader', 'first')), work)).message).toContain('MaxTimeMSExpired, code 50');
  });

  test('a server that says nothing is given up before the function ends, and the next invocation begins from the start', async () => {
    const opened = open(async () => uri('reader', 'first'));
    await use(opened);
    await mongo().failCommand({ commands: ['aggregate'], delayMilliseconds: 2_000 });
    expect((await use(opened, count, 1_800)).name).toBe('SourceTimedOut');
    await mongo().clearFailPoints();
    expect((await use(opened)).name).toBe('Done');
    expect(opened.clients).toHaveLength(2);
  });

  test('the driver retries a cut connection once; then the client is replaced', async () => {
    const opened = open(async () => uri('reader', 'first'));
    await use(opened);
    await mongo().failCommand({ commands: ['aggregate'], times: 1, closeConnection: true });
    expect((await use(opened)).name).toBe('Done');
    expect(opened.clients).toHaveLength(1);
    await mongo().failCommand({ commands: ['aggregate'], times: 2, closeConnection: true });
    expect((await use(opened)).name).toBe('SourceUnavailable');
    expect((await use(opened)).name).toBe('Done');
    expect(opened.clients).toHaveLength(2);
  });

  test('errors of the paging itself pass as they are, and cost no connection', async () => {
    const opened = open(async () => uri('reader', 'first'));
    const work = async () => Promise.reject(new SourceError('UnindexedQuery', 'No index'));
    expect(await use(opened, work)).toEqual({ name: 'UnindexedQuery', message: 'No index' });
    await use(opened);
    expect(opened.clients).toHaveLength(1);
  });
}, { administrator: { name: 'root', password: 'root-password' }, own: true });

describeWhereMongo('a connection with TLS', () => {
  const original = { ...process.env };
  const folder = mkdtempSync(join(tmpdir(), 'authority-'));
  let server: MongoServer;
  let tls: Certificates;
  beforeAll(async () => {
    tls = await createCertificates({ hosts: ['127.0.0.1'] });
    server = await startMongo({ tls, own: true });
    writeFileSync(join(folder, 'ca.pem'), tls.caPem);
  });
  afterEach(() => {
    process.env = { ...original };
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const openTls = (source: Partial<MongoSourceConfig>, readAuthority?: ReadSecret, host = server.host) => (
    open(async () => `mongodb://${host}:${server.port}/`, { tls: true, ...source }, createHasty, readAuthority)
  );

  const pingBy = (opened: Opened) => use(opened, (client) => client.db('admin').command({ ping: 1 }));

  const ping = (source: Partial<MongoSourceConfig>) => pingBy(openTls(source));

  test('to DocumentDB trusts what Node is told to trust beside the authorities of Amazon', async () => {
    process.env.NODE_EXTRA_CA_CERTS = join(folder, 'ca.pem');
    expect((await ping({ engine: 'documentDb' })).name).toBe('Done');
  });

  test.each(['mongo', 'documentDb'] as const)('to %s trusts nobody else', async (engine) => {
    process.env.NODE_EXTRA_CA_CERTS = '';
    const { name, message } = await ping({ engine });
    expect(name).toBe('SourceRefused');
    expect(message).toMatch(/^The certificate of the source is not trusted \([A-Z_]+\)$/);
  });

  test('trusts the authorities of the source, whose secret is read once for a client', async () => {
    const readAuthority = jest.fn(async () => `${strangerPem}\n${tls.caPem}`);
    const opened = openTls({}, readAuthority);
    expect([(await pingBy(opened)).name, (await pingBy(opened)).name]).toEqual(['Done', 'Done']);
    expect([opened.clients.length, readAuthority.mock.calls]).toEqual([1, [['AWSCURRENT']]]);
  });

  test('trusts them beside what Node is told to trust', async () => {
    process.env.NODE_EXTRA_CA_CERTS = join(folder, 'ca.pem');
    expect((await pingBy(openTls({}, async () => strangerPem))).name).toBe('Done');
  });

  test('trusts the authorities of the source for the host that the certificate names only', async () => {
    expect(await pingBy(openTls({}, async () => tls.caPem, 'localhost'))).toEqual({
      name: 'SourceRefused', message: 'The certificate of the source is not trusted (ERR_TLS_CERT_ALTNAME_INVALID)',
    });
  });

  test('reads a rotated authority again, and goes on', async () => {
    let current = strangerPem;
    const opened = openTls({}, async () => {
      const pem = current;
      current = tls.caPem;
      return pem;
    });
    expect((await pingBy(opened)).name).toBe('Done');
    expect(opened.clients).toHaveLength(2);
  });

  test('is refused when the authority has not changed: its secret is read again once', async () => {
    const readAuthority = jest.fn(async () => strangerPem);
    const work = jest.fn(count);
    const { name, message } = await use(openTls({}, readAuthority), work);
    expect([name, readAuthority.mock.calls.length, work.mock.calls.length]).toEqual(['SourceRefused', 2, 1]);
    expect(message).toMatch(/^The certificate of the source is not trusted \([A-Z_]+\)$/);
  });
}, { own: true });

describe('a source that is not there', () => {
  test('is unavailable, and not named', async () => {
    expect(await use(open(async () => 'mongodb://127.0.0.1:1/', {}, createHasty))).toEqual({
      name: 'SourceUnavailable', message: 'The source could not be reached (ECONNREFUSED)',
    });
  });

  test('though something listens there is given up in time', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    expect((await use(open(async () => `mongodb://127.0.0.1:${port}/`), count, 1_800)).name).toBe('SourceTimedOut');
    for (const socket of sockets) socket.destroy();
    silent.close();
    await once(silent, 'close');
  });
});

describe('a secret that cannot be read', () => {
  test.each([
    ['is denied', serviceError('AccessDeniedException', 400), 'ConnectionSecretInvalid'],
    ['is gone', serviceError('ResourceNotFoundException', 400), 'ConnectionSecretInvalid'],
    ['cannot be decrypted', serviceError('DecryptionFailure', 400), 'ConnectionSecretInvalid'],
    ['is asked for too often', serviceError('ThrottlingException', 400), 'SourceUnavailable'],
    ['is not answered', serviceError('InternalServiceError', 500), 'SourceUnavailable'],
    ['cannot be reached', serviceError('TimeoutError', undefined), 'SourceUnavailable'],
  ])('%s', async (_what, error, expected) => {
    const { name, message } = await use(open(async () => Promise.reject(error)));
    expect(name).toBe(expected);
    expect(message).toBe(`The connection secret could not be read (${error.name})`);
  });

  test.each([undefined, '', ' \n'])('or has no text: %j', async (secret) => {
    expect(await use(open(async () => secret))).toEqual({ name: 'ConnectionSecretInvalid', message: 'The connection secret has no text' });
  });

  test.each<[string, ReadSecret, string, string]>([
    ['is denied', async () => Promise.reject(serviceError('AccessDeniedException', 400)), 'ConnectionSecretInvalid', 'could not be read (AccessDeniedException)'],
    ['is asked for too often', async () => Promise.reject(serviceError('ThrottlingException', 400)), 'SourceUnavailable', 'could not be read (ThrottlingException)'],
    ['has no text', async () => undefined, 'ConnectionSecretInvalid', 'has no text'],
    ['is something else', async () => 'confidential', 'ConnectionSecretInvalid', 'is not PEM text of certificates and nothing else'],
  ])('is named, when it is that of the certificate authority that %s', async (_what, readAuthority, name, why) => {
    const opened = open(async () => 'mongodb://127.0.0.1:1/', { tls: true }, createHasty, readAuthority);
    expect(await use(opened)).toEqual({ name, message: `The secret of the certificate authority ${why}` });
  });

  test('is read again by the next invocation', async () => {
    const readSecret = jest.fn(async (): Promise<string> => Promise.reject(serviceError('InternalServiceError', 500)));
    const opened = open(readSecret);
    await use(opened);
    await use(opened);
    expect(readSecret).toHaveBeenCalledTimes(2);
  });
});
