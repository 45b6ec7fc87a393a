import { rootCertificates } from 'node:tls';
import { MongoClient } from 'mongodb';
import { MongoSourceConfig } from '../../../../src/paged-batch-etl/contracts/source-function';
import { ConnectionTarget } from '../../../../src/paged-batch-etl/source-functions/connection/connection-target';
import { clientOptions, createMongoClient } from '../../../../src/paged-batch-etl/source-functions/connection/mongo-client';
import { outcomeOf, SOURCE } from '../harness';

const TARGET: ConnectionTarget = { hosts: 'a.example.com:1,b.example.com:2', srv: false, credentials: { username: 'reader', password: 'word' } };

/** What the driver makes of the options, which is what counts. */
const optionsOf = (target: Partial<ConnectionTarget> = {}, source: Partial<MongoSourceConfig> = {}): MongoClient['options'] => (
  createMongoClient({ ...TARGET, ...target }, { ...SOURCE, ...source }, 'reader', 8_000).options
);

test('the driver is told everything that matters', () => {
  const { hosts, credentials, ...options } = optionsOf({ authSource: 'users', replicaSet: 'rs0' }, { readPreference: 'secondary', readConcern: 'majority' });
  expect(hosts.map(String)).toEqual(['a.example.com:1', 'b.example.com:2']);
  expect(credentials).toMatchObject({ username: 'reader', password: 'word', source: 'users' });
  expect(options).toMatchObject({
    appName: 'reader',
    tls: true,
    rejectUnauthorized: true,
    retryReads: true,
    retryWrites: false,
    directConnection: false,
    compressors: ['none'],
    maxPoolSize: 2,
    socketTimeoutMS: 8_000,
    replicaSet: 'rs0',
    readPreference: { mode: 'secondary' },
    readConcern: { level: 'majority' },
  });
  expect(options.serverSelectionTimeoutMS).toBeLessThanOrEqual(10_000);
});

test.each(['mongo', 'documentDb'] as const)('TLS is on unless the source says otherwise: %s', (engine) => {
  expect(optionsOf({}, { engine }).tls).toBe(true);
  expect(optionsOf({}, { engine, tls: false }).tls).toBe(false);
  expect(optionsOf({ hosts: 'seeds.example.com', srv: true }, { engine, tls: false }).tls).toBe(false);
  expect(optionsOf({ hosts: 'seeds.example.com', srv: true }, { engine }).tls).toBe(true);
});

test('only DocumentDB and a private authority add to whom Node trusts', () => {
  expect(clientOptions(TARGET, { ...SOURCE, engine: 'documentDb' }, 'reader', 1).secureContext).toBeDefined();
  expect(clientOptions({ ...TARGET, authorities: rootCertificates.slice(0, 1) }, SOURCE, 'reader', 1).secureContext).toBeDefined();
  expect(clientOptions(TARGET, SOURCE, 'reader', 1).secureContext).toBeUndefined();
});

test('a seed list may say how many hosts are used', () => {
  expect(optionsOf({ hosts: 'seeds.example.com', srv: true, srvMaxHosts: 3, srvServiceName: 'db' })).toMatchObject({
    srvHost: 'seeds.example.com', srvMaxHosts: 3, srvServiceName: 'db',
  });
});

test('members may be chosen by tags and by staleness', () => {
  const target: Partial<ConnectionTarget> = { readPreferenceTags: [{ nodeType: 'ANALYTICS' }, {}], maxStalenessSeconds: 90 };
  expect(optionsOf(target, { readPreference: 'secondary' }).readPreference).toMatchObject({
    mode: 'secondary', tags: [{ nodeType: 'ANALYTICS' }, {}], maxStalenessSeconds: 90,
  });
});

test.each<[string, Partial<ConnectionTarget>]>([
  ['tags with the primary', { readPreferenceTags: [{ dc: 'secretplace' }] }],
  ['a host that is none', { hosts: 'secretplace:99999' }],
  ['a seed list of several hosts', { hosts: 'secretplace,b', srv: true }],
])('%s is refused without a word of the secret', async (_what, target) => {
  const { name, message } = await outcomeOf(() => optionsOf(target));
  expect([name, message]).toEqual(['ConnectionSecretInvalid', 'The connection secret has a host or options that the driver does not take']);
});
