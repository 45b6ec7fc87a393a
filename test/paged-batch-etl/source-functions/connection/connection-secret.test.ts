import * as fc from 'fast-check';
import { MongoSourceConfig } from '../../../../src/paged-batch-etl/contracts/source-function';
import { parseConnectionSecret } from '../../../../src/paged-batch-etl/source-functions/connection/connection-secret';
import { outcomeOf, SOURCE } from '../harness';

const outcome = (secret: string, source: Partial<MongoSourceConfig> = {}) => outcomeOf(() => parseConnectionSecret(secret, { ...SOURCE, ...source }));

const parsed = (secret: string, source: Partial<MongoSourceConfig> = {}) => parseConnectionSecret(secret, { ...SOURCE, ...source });

const credentials = { username: 'reader', password: 'p@ss:w/rd?#%' };

const ENCODED = 'reader:p%40ss%3Aw%2Frd%3F%23%25';

describe('a connection string', () => {
  test.each([
    ['as text', `mongodb://${ENCODED}@a.example.com`],
    ['as text with space around it', `  mongodb://${ENCODED}@a.example.com\n`],
    ['in JSON', JSON.stringify({ uri: `mongodb://${ENCODED}@a.example.com/`, comment: 'anything' })],
  ])('%s', (_how, secret) => {
    expect(parsed(secret)).toEqual({ hosts: 'a.example.com', srv: false, credentials });
  });

  test('as Atlas shows it', () => {
    expect(parsed(`mongodb+srv://${ENCODED}@cluster0.abcde.mongodb.net/?retryWrites=true&w=majority&appName=Cluster0`)).toEqual({
      hosts: 'cluster0.abcde.mongodb.net', srv: true, credentials,
    });
  });

  test('as DocumentDB shows it', () => {
    const uri = `mongodb://${ENCODED}@db.cluster-x.eu-west-1.docdb.amazonaws.com:27017/?tls=true&tlsCAFile=global-bundle.pem&replicaSet=rs0`
      + '&readPreference=secondaryPreferred&retryWrites=false';
    expect(parsed(uri, { engine: 'documentDb' })).toEqual({
      hosts: 'db.cluster-x.eu-west-1.docdb.amazonaws.com:27017', srv: false, credentials, replicaSet: 'rs0',
    });
  });

  test('with all that means something', () => {
    const uri = `mongodb://${ENCODED}@a.example.com:1,[::1]:2,10.0.0.1/other?AUTHSOURCE=users&authMechanism=SCRAM-SHA-256&maxStalenessSeconds=90`
      + '&readPreferenceTags=nodeType:ANALYTICS,dc:eu&readPreferenceTags=&srvMaxHosts=3&srvServiceName=db&directConnection=false&loadBalanced=false&ssl=true';
    expect(parsed(uri)).toEqual({
      hosts: 'a.example.com:1,[::1]:2,10.0.0.1',
      srv: false,
      credentials,
      authSource: 'users',
      authMechanism: 'SCRAM-SHA-256',
      maxStalenessSeconds: 90,
      readPreferenceTags: [{ nodeType: 'ANALYTICS', dc: 'eu' }, {}],
      srvMaxHosts: 3,
      srvServiceName: 'db',
    });
  });

  test('its database is where its user is known, unless it says otherwise', () => {
    expect(parsed(`mongodb://${ENCODED}@a/my%20db`)).toMatchObject({ authSource: 'my db' });
  });

  test('without a user is for a server that asks nobody', () => {
    expect(parsed('mongodb://localhost:27017/?tls=false', { tls: false })).toEqual({ hosts: 'localhost:27017', srv: false });
  });

  test('yields to the host of the source', () => {
    expect(parsed(`mongodb+srv://${ENCODED}@a.example.com/?authSource=x`, { host: 'b.example.com:1,c:2' })).toEqual({
      hosts: 'b.example.com:1,c:2', srv: false, credentials, authSource: 'x',
    });
    expect(parsed(`mongodb://${ENCODED}@a.example.com:1`, { host: 'b.example.com', srv: true })).toMatchObject({ hosts: 'b.example.com', srv: true });
  });
});

describe('user and password', () => {
  const secret = (changes: Record<string, unknown>) => JSON.stringify({ ...credentials, engine: 'mongo', ssl: true, dbClusterIdentifier: 'db', ...changes });

  test.each([
    ['with host and port', { host: 'a.example.com', port: 27018 }, {}, { hosts: 'a.example.com:27018', srv: false }],
    ['with a port in words', { host: 'a.example.com', port: '27018' }, {}, { hosts: 'a.example.com:27018', srv: false }],
    ['with a host', { host: 'a.example.com', port: null }, {}, { hosts: 'a.example.com', srv: false }],
    ['without either', {}, { host: 'b.example.com' }, { hosts: 'b.example.com', srv: false }],
    ['with another host than the source', { host: 'a.example.com', port: 1 }, { host: 'b.example.com:2' }, { hosts: 'b.example.com:2', srv: false }],
    ['for a seed list', {}, { host: 'b.example.com', srv: true }, { hosts: 'b.example.com', srv: true }],
  ])('%s', (_what, changes, source, expected) => {
    expect(parsed(secret(changes), source)).toEqual({ ...expected, credentials });
  });

  test.each([
    ['a member is missing', { username: undefined }, 'username'],
    ['a member is empty', { password: '' }, 'password'],
    ['a member is no text', { password: 5 }, 'password'],
    ['the host has a path', { host: 'a/b' }, 'host'],
    ['the port is none', { host: 'a', port: 0 }, 'port'],
    ['nobody names a host', {}, 'names no host'],
  ])('%s', async (_what, changes, word) => {
    const { name, message } = await outcome(secret(changes));
    expect(name).toBe('ConnectionSecretInvalid');
    expect(message).toContain(word);
  });
});

describe('what would weaken the connection, or is not understood, is refused by name', () => {
  test.each([
    'tlsInsecure=true', 'tlsAllowInvalidCertificates=true', 'tlsAllowInvalidHostnames=true', 'tlsinsecure=false', 'rejectUnauthorized=false',
    'checkServerIdentity=false', 'tlsCAFile=/tmp/ca.pem', 'tlsCertificateKeyFile=/tmp/key.pem', 'ca=x', 'secureProtocol=SSLv3_method', 'proxyHost=evil',
    'srvHostValidator=x', 'directConnection=true', 'loadBalanced=true', 'serverApi=1', 'tls=false', 'ssl=false', 'autoEncryption=x', 'family=4', 'somethingNew=1',
  ])('%s', async (option) => {
    const { name, message } = await outcome(`mongodb://${ENCODED}@a.example.com/?${option}`);
    expect(name).toBe('ConnectionSecretInvalid');
    expect(message.toLowerCase()).toContain(option.split('=')[0].toLowerCase());
  });

  test('also what contradicts a source without TLS', async () => {
    expect((await outcome('mongodb://a/?tls=true', { tls: false })).message).toContain('without TLS');
  });

  test.each([
    'mongodb://', 'mongodb:///db', 'mongodb://a b', 'mongodb://user:p@ss@host', 'mongodb://user:pa/ss@host', 'mongodb://user:pa?ss@host', 'mongodb://user:12?ss=1@host',
    'mongodb://user:p:w@host', 'mongodb://user:%zz@host', 'mongodb://%2Ftmp%2Fmongodb.sock', 'mongodb://host:port', 'mongodb://a,,b', 'mongodb://a/?authMechanism=MONGODB-AWS',
    'mongodb://a/?authMechanism=PLAIN', 'mongodb://a/?authSource=', 'mongodb://a/?authSource=a&authSource=b', 'mongodb://a/?maxStalenessSeconds=x', 'mongodb://a/#x',
    'mongodb://a/?readPreferenceTags=x', 'mongo://a', '', 'null', '[]', '"mongodb://a"', '{"uri":5}', '{"uri":"http://a"}', '{}', 'user:password',
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
