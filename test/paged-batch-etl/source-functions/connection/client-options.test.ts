import { rootCertificates } from 'node:tls';
import { MongoClient } from 'mongodb';
import { MongoSourceConfig } from '../../../../src/paged-batch-etl/contracts/source-function';
import { ConnectionTarget } from '../../../../src/paged-batch-etl/source-functions/connection/connection-target';
import { clientOptions, createMongoClient } from '../../../../src/paged-batch-etl/source-functions/connection/mongo-client';
import { outcomeOf, SOURCE } from '../harness';

const TARGET: ConnectionTarget = { uri: 'mongodb://reader:word@a.example.com:1,b.example.com:2/' };

const SEEDS: ConnectionTarget = { uri: 'mongodb+srv://seeds.example.com/' };

/** What the driver makes of the options, which is what counts. */
const optionsOf = (target: ConnectionTarget = TARGET, source: Partial<MongoSourceConfig> = {}): MongoClient['options'] => (
  createMongoClient(target, { ...SOURCE, readPreference: undefined, ...source }, 'reader', 8_000).options
);

const withOptions = (options: string): ConnectionTarget => ({ uri: `${TARGET.uri}?${options}` });

test('the driver is told what the source says, and the limits of the function', () => {
  const { hosts, credentials, ...options } = optionsOf(TARGET, { readPreference: 'secondary', readConcern: 'majority' });
  expect(hosts.map(String)).toEqual(['a.example.com:1', 'b.example.com:2']);
  expect(credentials).toMatchObject({ username: 'reader', password: 'word', source: 'admin' });
  expect(options).toMatchObject({
    appName: 'reader',
    tls: true,
    rejectUnauthorized: true,
    retryReads: true,
    compressors: ['none'],
    maxPoolSize: 2,
    minPoolSize: 0,
    maxIdleTimeMS: 60_000,
    connectTimeoutMS: 5_000,
    serverSelectionTimeoutMS: 10_000,
    socketTimeoutMS: 8_000,
    readPreference: { mode: 'secondary' },
    readConcern: { level: 'majority' },
  });
});

test('what the source says goes before the connection string, and what it does not say is as that has it', () => {
  const target = withOptions('readPreference=nearest&readPreferenceTags=dc:eu&maxStalenessSeconds=90&readConcernLevel=local&appName=nightly');
  expect(optionsOf(target)).toMatchObject({
    readPreference: { mode: 'nearest', tags: [{ dc: 'eu' }], maxStalenessSeconds: 90 }, readConcern: { level: 'local' }, appName: 'nightly',
  });
  // Tags and staleness are about the cluster, whatever is read of it.
  expect(optionsOf(target, { readPreference: 'secondary', readConcern: 'majority' })).toMatchObject({
    readPreference: { mode: 'secondary', tags: [{ dc: 'eu' }], maxStalenessSeconds: 90 }, readConcern: { level: 'majority' },
  });
});

const LIMITS = {
  connectTimeoutMS: 5_000, serverSelectionTimeoutMS: 10_000, socketTimeoutMS: 8_000, maxIdleTimeMS: 60_000, maxPoolSize: 2,
};

test.each(Object.entries(LIMITS))('%s is what the connection string says up to %d, and zero, which is no limit to the driver, is that too', (name, limit) => {
  const read = (value: number) => Object.entries(optionsOf(withOptions(`${name}=${value}`))).find(([other]) => other === name)?.[1];
  expect([limit - 1, limit, limit + 1, 0].map(read)).toEqual([limit - 1, limit, limit, limit]);
});

test('connections that are kept open are no more than there may be', () => {
  expect(optionsOf(withOptions('minPoolSize=50&maxPoolSize=100'))).toMatchObject({ minPoolSize: 2, maxPoolSize: 2 });
  expect(optionsOf(withOptions('minPoolSize=1'))).toMatchObject({ minPoolSize: 1, maxPoolSize: 2 });
  expect(optionsOf(withOptions('maxPoolSize=1'))).toMatchObject({ minPoolSize: 0, maxPoolSize: 1 });
});

test.each(['mongo', 'documentDb'] as const)('TLS is on unless the source says otherwise: %s', (engine) => {
  expect(optionsOf(TARGET, { engine }).tls).toBe(true);
  expect(optionsOf(TARGET, { engine, tls: false }).tls).toBe(false);
  expect(optionsOf(SEEDS, { engine, tls: false }).tls).toBe(false);
  expect(optionsOf(SEEDS, { engine }).tls).toBe(true);
});

test('only DocumentDB and a private authority add to whom Node trusts', () => {
  expect(clientOptions(TARGET, { ...SOURCE, engine: 'documentDb' }, 'reader', 1).secureContext).toBeDefined();
  expect(clientOptions({ ...TARGET, authorities: rootCertificates.slice(0, 1) }, SOURCE, 'reader', 1).secureContext).toBeDefined();
  expect(clientOptions(TARGET, SOURCE, 'reader', 1).secureContext).toBeUndefined();
});

test('what does not go together with the source is refused without a word of the secret', async () => {
  const { name, message } = await outcomeOf(() => optionsOf(withOptions('readPreference=nearest&maxStalenessSeconds=90'), { readPreference: 'primary' }));
  expect([name, message]).toEqual(['ConnectionSecretInvalid', 'The connection secret has options that the driver does not take together with those of the source']);
});

test.each<[string, string, string]>([
  ['a port that is none', 'mongodb://secretplace:99999/', 'a host, a database or options'],
  ['a seed list of several hosts', 'mongodb+srv://secretplace,b/', 'a host, a database or options'],
  ['a seed list with a port', 'mongodb+srv://secretplace:1/?retryReads=true', 'a host, a database or options'],
  ['a database that is not percent-encoded', 'mongodb://secretplace/%zz', 'a host, a database or options'],
  ['a value', 'mongodb://a/?retryReads=secretplace&appName=secretplace', 'a connection string with retryReads'],
  ['several values', 'mongodb://a/?HEARTBEATfrequencyMS=secretplace&family=9&appName=x', 'a connection string with heartbeatFrequencyMS, family'],
  ['options that do not go together', 'mongodb://a/?loadBalanced=true&appName=x&replicaSet=secretplace', 'a connection string with loadBalanced, replicaSet'],
  ['options of a seed list', 'mongodb://a/?srvMaxHosts=1&appName=secretplace', 'a connection string with srvMaxHosts'],
  ['a mechanism without a user', 'mongodb://a/?authMechanism=SCRAM-SHA-1', 'a connection string with authMechanism'],
])('%s that the driver does not take is refused without a word of the secret', async (_what, uri, what) => {
  const { name, message } = await outcomeOf(() => optionsOf({ uri }));
  expect([name, message]).toEqual(['ConnectionSecretInvalid', `The connection secret has ${what} that the driver does not take`]);
});
