import * as fc from 'fast-check';
import { MongoSourceConfig } from '../../../../src/paged-batch-etl/contracts/source-function';
import { parseConnectionSecret } from '../../../../src/paged-batch-etl/source-functions/connection/connection-secret';
import { outcomeOf, SOURCE } from '../harness';

const uriOf = (secret: string, source: Partial<MongoSourceConfig> = {}) => (
  parseConnectionSecret(secret, { ...SOURCE, readPreference: undefined, ...source }).uri
);

const outcome = (secret: string, source: Partial<MongoSourceConfig> = {}) => outcomeOf(() => uriOf(secret, source));

const credentials = { username: 'reader', password: 'p@ss:w/rd?#%' };

const ENCODED = 'reader:p%40ss%3Aw%2Frd%3F%23%25';

describe('a connection string', () => {
  test.each([
    ['as text', `mongodb://${ENCODED}@a.example.com/`],
    ['as text with space around it', `  mongodb://${ENCODED}@a.example.com/\n`],
    ['in JSON', JSON.stringify({ uri: `mongodb://${ENCODED}@a.example.com/`, comment: 'anything' })],
    ['without a path', `mongodb://${ENCODED}@a.example.com`],
  ])('%s', (_how, secret) => {
    expect(uriOf(secret)).toBe(`mongodb://${ENCODED}@a.example.com/`);
  });

  test.each([
    ['as Atlas shows it', `mongodb+srv://${ENCODED}@cluster0.abcde.mongodb.net/?retryWrites=true&w=majority&appName=Cluster0`],
    ['as mongosh makes it', 'mongodb://127.0.0.1:27017/?directConnection=true&serverSelectionTimeoutMS=2000&appName=mongosh+2.0.0'],
    ['with several hosts and a database', `mongodb://${ENCODED}@a.example.com:1,[::1]:2,10.0.0.1/my%20db?AUTHSOURCE=users&readPreference=nearest&readPreferenceTags=a:b,c:d&readPreferenceTags=`],
    ['without a password', 'mongodb://reader@a.example.com/?authMechanism=default'],
    ['without a user', 'mongodb://localhost:27017/?tls=true'],
  ])('%s is for the driver to read', (_how, uri) => {
    expect(uriOf(uri)).toBe(uri);
  });

  test('as DocumentDB shows it, but for the file', () => {
    const [before, after] = [`mongodb://${ENCODED}@db.cluster-x.eu-west-1.docdb.amazonaws.com:27017/?tls=true`, '&replicaSet=rs0&readPreference=secondaryPreferred&retryWrites=false'];
    expect(uriOf(`${before}&tlsCAFile=global-bundle.pem${after}`, { engine: 'documentDb' })).toBe(`${before}${after}`);
  });

  test('yields to the host of the source, and says everything else', () => {
    expect(uriOf(`mongodb+srv://${ENCODED}@a.example.com/shop?authSource=x`, { host: 'b.example.com:1,c:2' })).toBe(
      `mongodb://${ENCODED}@b.example.com:1,c:2/shop?authSource=x`,
    );
    expect(uriOf(`mongodb://${ENCODED}@a.example.com:1`, { host: 'b.example.com', srv: true })).toBe(`mongodb+srv://${ENCODED}@b.example.com/`);
  });
});

describe('user and password', () => {
  const secret = (changes: Record<string, unknown>) => JSON.stringify({ ...credentials, engine: 'mongo', ssl: true, dbClusterIdentifier: 'db', ...changes });

  test.each([
    ['with host and port', { host: 'a.example.com', port: 27018 }, {}, 'a.example.com:27018/'],
    ['with a port in words', { host: 'a.example.com', port: '27018' }, {}, 'a.example.com:27018/'],
    ['with a host', { host: 'a.example.com', port: null }, {}, 'a.example.com/'],
    ['without either', {}, { host: 'b.example.com' }, 'b.example.com/'],
    ['with another host than the source', { host: 'a.example.com', port: 1 }, { host: 'b.example.com:2' }, 'b.example.com:2/'],
    ['with the database of the user', { host: 'a.example.com', dbname: 'my shop' }, {}, 'a.example.com/my%20shop'],
    ['with no database', { host: 'a.example.com', dbname: null }, {}, 'a.example.com/'],
  ])('%s', (_what, changes, source, expected) => {
    expect(uriOf(secret(changes), source)).toBe(`mongodb://${ENCODED}@${expected}`);
  });

  test('for a seed list', () => {
    expect(uriOf(secret({}), { host: 'b.example.com', srv: true })).toBe(`mongodb+srv://${ENCODED}@b.example.com/`);
  });

  test.each([
    ['a member is missing', { username: undefined }, 'username'],
    ['a member is empty', { password: '' }, 'password'],
    ['a member is no text', { password: 5 }, 'password'],
    ['a member is no Unicode', { password: '\ud800', host: 'a' }, 'no Unicode'],
    ['the host has a path', { host: 'a/b' }, 'host'],
    ['the port is none', { host: 'a', port: 0 }, 'port'],
    ['the database is none', { host: 'a', dbname: 5 }, 'dbname'],
    ['nobody names a host', {}, 'names no host'],
  ])('%s', async (_what, changes, word) => {
    const { name, message } = await outcome(secret(changes));
    expect(name).toBe('ConnectionSecretInvalid');
    expect(message).toContain(word);
  });
});

describe('what would weaken the connection, or is not understood, is refused by name', () => {
  test.each([
    'tlsInsecure=true', 'tlsAllowInvalidCertificates=true', 'tlsAllowInvalidHostnames=true', 'TLSinsecure=yes', 'rejectUnauthorized=false',
    'checkServerIdentity=false', 'tlsCAFile=/tmp/ca.pem', 'tlsCertificateKeyFile=/tmp/key.pem', 'ca=x', 'secureProtocol=SSLv3_method', 'proxyHost=evil',
    'srvHostValidator=x', 'serverApi=1', 'tls=false', 'ssl=false', 'autoEncryption=x', 'somethingNew=1', 'ssl_cert_reqs=CERT_NONE', 'timeoutMS=1',
    'authMechanism=MONGODB-AWS', 'authMechanism=MONGODB-X509', 'authMechanism=SCRAM', 'authMechanismProperties=SERVICE_NAME:x', 'compressors=snappy,zlib',
    'readConcernLevel=linearizable', 'readConcernLevel=snapshot', 'readConcernLevel=available', 'readPreferenceTags=dc:eu', 'maxStalenessSeconds=90',
    'readPreference=primary&maxStalenessSeconds=90', 'authSource=', 'authSource=a&authSource=b', 'authSource=a&AuthSource=b', 'w=1&W=1',
    'readPreference=nearest&readPreferenceTags=a:b&readpreferencetags=c:d',
  ])('%s', async (option) => {
    const { name, message } = await outcome(`mongodb://${ENCODED}@a.example.com/?${option}`);
    expect(name).toBe('ConnectionSecretInvalid');
    expect(message.toLowerCase()).toContain((option.split('&').pop() ?? '').split('=')[0].toLowerCase());
  });

  test('uuidRepresentation, with the reason', async () => {
    expect((await outcome('mongodb://a/?uuidrepresentation=standard')).message).toBe(
      'The connection secret has a connection string with uuidRepresentation, which this source does not take: a UUID is handed on with its bytes and its '
      + 'subtype as they are stored',
    );
  });

  test('what contradicts a source without TLS', async () => {
    expect((await outcome('mongodb://a/?tls=true', { tls: false })).message).toContain('without TLS');
    expect((await outcome('mongodb://u:p@a/?authMechanism=plain', { tls: false })).message).toContain('without TLS');
    expect(uriOf('mongodb://u:p@a/?authMechanism=plain')).toContain('plain');
  });

  test('tags for what the source does not read', async () => {
    const uri = 'mongodb://a/?readPreference=secondary&readPreferenceTags=dc:eu';
    expect((await outcome(uri, { readPreference: 'primary' })).message).toContain('readPreferenceTags');
    expect(uriOf('mongodb://a/?readPreferenceTags=dc:eu', { readPreference: 'nearest' })).toContain('dc:eu');
  });

  test.each([
    'mongodb://', 'mongodb:///db', 'mongodb://a b', 'mongodb://user:p@ss@host', 'mongodb://user:pa/ss@host', 'mongodb://user:pa?ss@host', 'mongodb://user:12?ss=1@host',
    'mongodb://user:p:w@host', 'mongodb://user:%zz@host', 'mongodb://%2Ftmp%2Fmongodb.sock', 'mongodb://host:port', 'mongodb://a,,b', 'mongodb+srv://a,b/',
    'mongodb+srv://a:1/', 'mongodb://a/#x', 'mongodb://a/?appName=x#y', 'mongo://a', '', 'null', '[]', '"mongodb://a"', '{"uri":5}', '{"uri":"http://a"}', '{}', 'user:password',
  ])('%s', async (secret) => {
    expect((await outcome(secret)).name).toBe('ConnectionSecretInvalid');
  });
});

test('no message shows what is in a secret', async () => {
  const word = fc.stringMatching(/^zq[a-z0-9]{8}$/);
  const shapes: ReadonlyArray<(is: string) => string> = [
    (is) => is,
    (is) => `mongodb://user:${is}@host:port/`,
    (is) => `mongodb://user:${is}@host@`,
    (is) => `mongodb://user:1?${is}@host`,
    (is) => `mongodb://user:1?${is}=2@host`,
    (is) => `mongodb://user:%zz${is}@host/`,
    (is) => `mongodb://u:p@host/?authMechanism=${is}`,
    (is) => `mongodb://u:p@host/?tls=${is}`,
    (is) => `mongodb://u:p@host/?maxStalenessSeconds=${is}`,
    (is) => `mongodb://u:p@host/?compressors=${is}`,
    (is) => `mongodb://u:p@host/?readConcernLevel=${is}`,
    (is) => `mongodb://u:p@host/?w=${is}&w=${is}`,
    (is) => `mongodb://u:p@host/?uuidRepresentation=${is}`,
    (is) => `mongodb://u:p@host/?%${is}=1`,
    (is) => `mongodb://u:p@host/#${is}`,
    (is) => `mongodb://u:p@host/?${is}.=1`,
    (is) => `mongodb://u:p@${is}.example.com/?tlsInsecure=true`,
    (is) => JSON.stringify({ username: is }),
    (is) => JSON.stringify({ username: is, password: [is], host: is }),
    (is) => JSON.stringify({ [is]: is }),
    (is) => `{"uri":"${is}"}`,
  ];
  await fc.assert(fc.asyncProperty(word, fc.constantFrom(...shapes), async (is, shape) => {
    const { name, message } = await outcome(shape(is));
    expect(name).toBe('ConnectionSecretInvalid');
    expect(message).not.toContain(is);
  }));
});
