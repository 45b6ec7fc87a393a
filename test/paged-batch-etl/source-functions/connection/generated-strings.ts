/** Connection strings and DNS records, good and bad, and what the reader is stricter in than the driver. */
import * as fc from 'fast-check';
import type { DnsRecords } from '../../../support/driver-strings';

/** An option of a string. */
interface Written {
  readonly name: string;
  readonly value: string;
  /** The reader refuses this value although the driver takes it. */
  readonly isRefused: boolean;
}

/** The driver takes these values, at least with some others. */
export const VALUES: Readonly<Record<string, readonly string[]>> = {
  authSource: ['admin', 'users', 'my%20users', '$external'],
  dbName: ['other', 'admin'],
  readPreference: ['primary', 'secondary', 'secondaryPreferred', 'nearest', 'primaryPreferred'],
  readPreferenceTags: ['dc:eu', 'dc:eu,use:etl', 'dc:a:b', ''],
  maxStalenessSeconds: ['90', '120'],
  localThresholdMS: ['1', '15'],
  replicaSet: ['rs0', 'r%20s'],
  directConnection: ['true', 'false'],
  loadBalanced: ['true', 'false'],
  srvMaxHosts: ['0', '2'],
  srvServiceName: ['mongodb', 'db'],
  srvAllowedHostsSuffix: ['example.com', '.other.net', 'local'],
  appName: ['Cluster0', 'a+b', '%C3%BC'],
  retryReads: ['true', 'false'],
  maxAdaptiveRetries: ['0', '5'],
  enableOverloadRetargeting: ['true'],
  zlibCompressionLevel: ['0', '9', '-1'],
  heartbeatFrequencyMS: ['500', '20000'],
  minHeartbeatFrequencyMS: ['100'],
  serverMonitoringMode: ['auto', 'poll', 'stream'],
  maxConnecting: ['1'],
  waitQueueTimeoutMS: ['1000', '0'],
  family: ['4', '6'],
  autoSelectFamily: ['true', 'false'],
  autoSelectFamilyAttemptTimeout: ['1000'],
  noDelay: ['false', 'true'],
  retryWrites: ['true', 'false'],
  w: ['majority', '1'],
  wtimeout: ['5'],
  wtimeoutMS: ['5'],
  journal: ['true'],
  j: ['true'],
  fsync: ['false'],
  writeConcern: ['majority'],
  forceServerObjectId: ['true'],
  authMechanism: ['DEFAULT', 'default', 'SCRAM-SHA-1', 'scram-sha-256', 'PLAIN'],
  compressors: ['none', 'zlib', 'zlib,none'],
  readConcernLevel: ['local', 'majority'],
  tlsAllowInvalidCertificates: ['false'],
  tlsAllowInvalidHostnames: ['false'],
  tlsInsecure: ['false'],
  connectTimeoutMS: ['0', '1000', '20000'],
  serverSelectionTimeoutMS: ['0', '1000', '20000'],
  socketTimeoutMS: ['0', '1000', '20000'],
  maxIdleTimeMS: ['0', '1000', '600000'],
  maxPoolSize: ['0', '1', '2', '50'],
  minPoolSize: ['0', '1', '50'],
  tls: ['true', 'false'],
  ssl: ['true', 'false'],
};

/** The driver refuses these values. */
const BAD_VALUES: Readonly<Record<string, readonly string[]>> = {
  authSource: [''],
  readPreference: ['Secondary', 'fastest'],
  readPreferenceTags: ['dc'],
  maxStalenessSeconds: ['0', '-1', 'x'],
  localThresholdMS: ['-1'],
  replicaSet: [''],
  directConnection: ['yes'],
  loadBalanced: ['1'],
  srvMaxHosts: ['x'],
  srvAllowedHostsSuffix: ['com'],
  retryReads: ['no'],
  enableOverloadRetargeting: ['x'],
  heartbeatFrequencyMS: ['1.5'],
  serverMonitoringMode: ['never'],
  maxConnecting: ['0'],
  family: ['5'],
  retryWrites: ['TRUE'],
  w: [''],
  wtimeout: ['x'],
  wtimeoutMS: ['-5'],
  journal: ['x'],
  writeConcern: ['x'],
  forceServerObjectId: ['x'],
  authMechanism: ['NONE'],
  compressors: ['lzma'],
  connectTimeoutMS: ['x'],
  serverSelectionTimeoutMS: ['-1'],
  socketTimeoutMS: [''],
  maxPoolSize: ['x'],
  minPoolSize: ['x'],
  tls: ['yes'],
};

/** The driver takes these values, and the reader refuses them. */
const REFUSED_VALUES: Readonly<Record<string, readonly string[]>> = {
  authMechanism: ['MONGODB-X509', 'SCRAM'],
  compressors: ['snappy', 'zstd,zlib'],
  readConcernLevel: ['linearizable', 'snapshot', 'available', 'some'],
  tlsAllowInvalidCertificates: ['true'],
  tlsAllowInvalidHostnames: ['true'],
  tlsInsecure: ['true'],
};

/** Mostly as the driver spells it. */
const inAnyCase = (name: string) => fc.oneof({ weight: 4, arbitrary: fc.constant(name) }, { weight: 1, arbitrary: fc.mixedCase(fc.constant(name)) });

const oneValue = (values: Readonly<Record<string, readonly string[]>>, isRefused: boolean): fc.Arbitrary<Written> => (
  fc.constantFrom(...Object.entries(values)).chain(([name, some]) => (
    fc.record({ name: inAnyCase(name), value: fc.constantFrom(...some), isRefused: fc.constant(isRefused) })))
);

const written = fc.oneof(
  { weight: 20, arbitrary: oneValue(VALUES, false) },
  { weight: 1, arbitrary: oneValue(BAD_VALUES, false) },
  { weight: 2, arbitrary: oneValue(REFUSED_VALUES, true) },
);

const as = (name: string) => (value: string): Written => ({ name, value, isRefused: false });

const preference = fc.constantFrom(...VALUES.readPreference).map(as('readPreference'));

const tags = fc.constantFrom(...VALUES.readPreferenceTags).map(as('readPreferenceTags'));

/** What belongs together is often together, and mostly nothing is said twice. */
const options = fc.oneof(
  { weight: 3, arbitrary: fc.uniqueArray(written, { maxLength: 5, selector: ({ name }) => name.toLowerCase() }) },
  { weight: 1, arbitrary: fc.array(written, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.tuple(preference, fc.array(tags, { maxLength: 3 })).map(([mode, sets]) => [mode, ...sets]) },
);

const login = fc.constantFrom('', '', 'reader@', 'reader:@', 'reader:word@', 'r%40x:p%2Fw%3A%23@', 'rüdiger:wörd@', ':word@', '@', 'reader:p%zz@', 'reader:a:b@');

/** The driver takes a host without a name, and a socket; the reader does not. */
const STRANGE_HOSTS = ['a,', '%2Ftmp%2Fmongodb.sock'];

const hosts = fc.constantFrom('a.example.com', 'a.example.com:27018', 'A.example.com,b.example.com:2', '[::1]:2', '10.0.0.1', 'a.example.com:0', 'a.example.com:70000', ...STRANGE_HOSTS);

const path = fc.constantFrom('', '/', '/shop', '/my%20shop', '/admin', '/shop/more', '/%zz');

/** Mostly some that are good. */
const records: fc.Arbitrary<DnsRecords> = fc.record({
  srv: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom([{ name: 'm1.example.com', port: 27017 }], [{ name: 'm1.example.com', port: 1 }, { name: 'm2.example.com.', port: 2 }]) },
    { weight: 1, arbitrary: fc.constantFrom([], [{ name: 'm1.other.net', port: 1 }]) },
  ),
  txt: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(undefined, [['authSource=admin']], [['authSource=users&', 'replicaSet=rs9']], [['replicaSet=rs9']], [['loadBalanced=true']]) },
    { weight: 1, arbitrary: fc.constantFrom([['authSource=']], [['readPreference=nearest']], [['authSource=a'], ['authSource=b']]) },
  ),
});

/** Mostly one that is good. */
export const secrets = fc.record({
  isSeedList: fc.boolean(),
  login: fc.oneof({ weight: 1, arbitrary: login }, { weight: 3, arbitrary: fc.constant('reader:word@') }),
  hosts: fc.oneof({ weight: 1, arbitrary: hosts }, { weight: 3, arbitrary: fc.constant('db.example.com') }),
  path,
  options,
  records,
});

export type Secret = typeof secrets extends fc.Arbitrary<infer T> ? T : never;

export function uriOf({ isSeedList, login: who, hosts: where, path: database, options: said }: Secret): string {
  const query = said.map(({ name, value }) => `${name}=${value}`).join('&');
  return `mongodb${isSeedList ? '+srv' : ''}://${who}${where}${database}${query === '' ? '' : `?${query}`}`;
}

const valueOf = (said: readonly Written[], name: string) => said.find((each) => each.name.toLowerCase() === name.toLowerCase())?.value;

/** Where the reader is stricter than the driver: what its refusal may name. */
export function strictness({ hosts: where, options: said }: Secret, tls: boolean): string[] {
  const isRespelt = ({ name }: Written) => said.some((other) => other.name !== name && other.name.toLowerCase() === name.toLowerCase());
  const isPrimary = (valueOf(said, 'readPreference') ?? 'primary') === 'primary';
  const isForSecondaries = ({ name }: Written) => isPrimary && /^(readPreferenceTags|maxStalenessSeconds)$/i.test(name);
  const names = said.filter((each) => each.isRefused || isRespelt(each) || isForSecondaries(each)).map(({ name }) => name);
  return [
    ...names, ...(STRANGE_HOSTS.includes(where) ? ['malformed hosts'] : []), ...(!tls && valueOf(said, 'authMechanism') === 'PLAIN' ? ['authMechanism'] : []),
  ];
}
