import { ConnectionTarget, secretInvalid } from './connection-target';
import type { MongoSourceConfig } from '../../contracts/source-function';

/**
 * A connection string, taken apart by us: the driver would accept options that switch the verification of certificates off, and its messages
 * may show what they are about. Everything reserved in user and password must be percent-encoded, so there is but one way to read it.
 */
const URI = /^mongodb(\+srv)?:\/\/(?:([^:@/?#]*)(?::([^:@/?#]*))?@)?([^@/?#]+)(?:\/([^@/?#]*))?(?:\?([^@#]*))?$/;

/** Names, IPv4 addresses and IPv6 addresses in brackets, with or without port. */
const HOSTS = /^(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?(?:,(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?)*$/;

/**
 * Options that tune a client. The construct does that itself, by the time its function has and by the props of the source, so they mean nothing
 * here; they are in every connection string that is copied from somewhere.
 */
const IGNORED_OPTIONS: readonly string[] = [
  'appname', 'compressors', 'connecttimeoutms', 'heartbeatfrequencyms', 'journal', 'localthresholdms', 'maxconnecting', 'maxidletimems',
  'maxpoolsize', 'minpoolsize', 'readconcernlevel', 'readpreference', 'retryreads', 'retrywrites', 'serverselectiontimeoutms', 'sockettimeoutms',
  'timeoutms', 'w', 'waitqueuetimeoutms', 'wtimeout', 'wtimeoutms', 'zlibcompressionlevel',
];

/** Mechanisms by name and password. */
const MECHANISMS = ['SCRAM-SHA-256', 'SCRAM-SHA-1'] as const;

/** @throws SourceError ConnectionSecretInvalid, which shows nothing of the string but names of options */
export function parseConnectionUri(uri: string, source: MongoSourceConfig): ConnectionTarget {
  const match = URI.exec(uri);
  if (match === null) throw secretInvalid('has a connection string that is malformed, or whose user or password has characters to be percent-encoded');
  const [, srv, username, password, hosts, database, query] = match;
  if (!HOSTS.test(hosts)) throw secretInvalid('has a connection string whose hosts are malformed');
  const options = parseOptions(query ?? '');
  checkTls(options, source);
  return {
    hosts,
    srv: srv !== undefined,
    credentials: username === undefined ? undefined : { username: decode(username), password: decode(password ?? '') },
    authSource: single(options, 'authsource') ?? (database === undefined || database === '' ? undefined : decode(database)),
    authMechanism: mechanismOf(single(options, 'authmechanism')),
    replicaSet: single(options, 'replicaset'),
    srvMaxHosts: numberOf(options, 'srvmaxhosts'),
    srvServiceName: single(options, 'srvservicename'),
    maxStalenessSeconds: numberOf(options, 'maxstalenessseconds'),
    readPreferenceTags: options.get('readpreferencetags')?.map(parseTags),
  };
}

/** Options by their names in lower case: case has no meaning. */
type Options = ReadonlyMap<string, readonly string[]>;

const KNOWN_OPTIONS: readonly string[] = [
  'authsource', 'authmechanism', 'replicaset', 'srvmaxhosts', 'srvservicename', 'maxstalenessseconds', 'readpreferencetags',
  'tls', 'ssl', 'tlscafile', 'directconnection', 'loadbalanced', ...IGNORED_OPTIONS,
];

function parseOptions(query: string): Options {
  const options = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    const key = name.toLowerCase();
    options.set(key, [...options.get(key) ?? [], value]);
  }
  const unknown = [...options.keys()].find((name) => !KNOWN_OPTIONS.includes(name));
  if (unknown !== undefined) {
    throw secretInvalid(`has a connection string with an option that this source does not take${/^[a-z]{1,40}$/.test(unknown) ? `: ${unknown}` : ''}`);
  }
  for (const name of ['directconnection', 'loadbalanced']) {
    if (single(options, name) === 'true') throw secretInvalid(`has a connection string with ${name}=true, which this source does not take`);
  }
  return options;
}

/** Certificates are always verified, and by authorities that the source names or everybody trusts: nothing in a connection string changes that. */
function checkTls(options: Options, { engine, tls }: MongoSourceConfig): void {
  for (const name of ['tls', 'ssl']) {
    const value = single(options, name);
    if (value !== undefined && value !== `${tls}`) {
      throw secretInvalid(`has a connection string with ${name}=${tls ? 'false' : 'true'}, but the source is defined ${tls ? 'with' : 'without'} TLS`);
    }
  }
  // The file that AWS tells DocumentDB's users to download.
  if (options.has('tlscafile') && engine !== 'documentDb') {
    throw secretInvalid('has a connection string with tlsCAFile, which this source does not take: give it the certificates as certificateAuthority');
  }
}

function single(options: Options, name: string): string | undefined {
  const values = options.get(name) ?? [];
  if (values.length > 1) throw secretInvalid(`has a connection string with ${name} more than once`);
  if (values[0] === '') throw secretInvalid(`has a connection string with an empty ${name}`);
  return values[0];
}

function numberOf(options: Options, name: string): number | undefined {
  const value = single(options, name);
  if (value !== undefined && !/^\d{1,9}$/.test(value)) throw secretInvalid(`has a connection string whose ${name} is no whole number`);
  return value === undefined ? undefined : Number(value);
}

function mechanismOf(value: string | undefined): ConnectionTarget['authMechanism'] {
  const mechanism = MECHANISMS.find((name) => name === value);
  if (value !== undefined && mechanism === undefined) throw secretInvalid(`has a connection string whose authMechanism is none of ${MECHANISMS.join(', ')}`);
  return mechanism;
}

/** `nodeType:ANALYTICS,region:EU`; empty stands for any member. */
function parseTags(tags: string): Record<string, string> {
  if (tags === '') return {};
  return Object.fromEntries(tags.split(',').map((tag) => {
    const [, name, value] = /^([^:]+):(.*)$/s.exec(tag) ?? [];
    if (name === undefined) throw secretInvalid('has a connection string whose readPreferenceTags are malformed');
    return [name, value];
  }));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw secretInvalid('has a connection string with malformed percent-encoding');
  }
}
