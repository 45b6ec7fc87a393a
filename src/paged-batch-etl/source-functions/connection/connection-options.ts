/** The most that a client has, whatever its connection string says; in milliseconds, but for the connections. */
export const CLIENT_LIMITS = {
  connectTimeoutMS: 5_000,
  /** Longer than an election usually takes. */
  serverSelectionTimeoutMS: 10_000,
  /** What lies idle between two invocations longer than this is closed: routers forget connections without a word. */
  maxIdleTimeMS: 60_000,
  /** Pages are read one after another; the second connection is for a look at the index while a cursor is open. */
  maxPoolSize: 2,
} as const;

/** What becomes of an option of a connection string. What it is read as, and whether its value is one, is for the driver to say. */
export type OptionRule =
  /** As the driver has it. */
  | { readonly use: 'honoured' }
  /** As the driver has it, but with some values only: `values` are they, in `told` they are for people. */
  | { readonly use: 'someValues'; readonly values: RegExp; readonly told: string; readonly why: string }
  /** A number, and no more than what the function has. */
  | { readonly use: 'limited'; readonly why: string }
  /** The source says it. */
  | { readonly use: 'bySource'; readonly why: string }
  | { readonly use: 'refused'; readonly why: string };

/** Options, as the driver spells them, that share a rule. */
export interface OptionGroup {
  readonly rule: OptionRule;
  readonly names: readonly string[];
}

const honoured = (...names: string[]): OptionGroup => ({ rule: { use: 'honoured' }, names });

const some = (name: string, values: RegExp, told: string, why: string): OptionGroup => ({ rule: { use: 'someValues', values, told, why }, names: [name] });

const limited = (why: string, ...names: string[]): OptionGroup => ({ rule: { use: 'limited', why }, names });

const bySource = (why: string, ...names: string[]): OptionGroup => ({ rule: { use: 'bySource', why }, names });

const refused = (why: string, ...names: string[]): OptionGroup => ({ rule: { use: 'refused', why }, names });

/** Every option that the driver knows. */
export const OPTION_GROUPS: readonly OptionGroup[] = [
  honoured('authSource', 'dbName'),
  honoured('readPreference', 'readPreferenceTags', 'maxStalenessSeconds', 'localThresholdMS'),
  honoured('replicaSet', 'directConnection', 'loadBalanced', 'srvMaxHosts', 'srvServiceName', 'srvAllowedHostsSuffix'),
  honoured('appName', 'retryReads', 'maxAdaptiveRetries', 'enableOverloadRetargeting', 'zlibCompressionLevel'),
  honoured('heartbeatFrequencyMS', 'minHeartbeatFrequencyMS', 'serverMonitoringMode', 'maxConnecting', 'waitQueueTimeoutMS'),
  honoured('family', 'autoSelectFamily', 'autoSelectFamilyAttemptTimeout', 'noDelay'),
  // Nothing is written, so these have no effect with any driver.
  honoured('retryWrites', 'w', 'wtimeout', 'wtimeoutMS', 'journal', 'j', 'fsync', 'writeConcern', 'forceServerObjectId'),
  some(
    'authMechanism', /^(?:DEFAULT|SCRAM-SHA-1|SCRAM-SHA-256|PLAIN)$/i, 'DEFAULT, SCRAM-SHA-1, SCRAM-SHA-256, PLAIN (with TLS only)',
    'the function logs in by a user and a password',
  ),
  some('compressors', /^(?:none|zlib)(?:,(?:none|zlib))*$/, 'zlib, none', 'the function has no code for the others'),
  some(
    'readConcernLevel', /^(?:local|majority)$/, 'local, majority',
    'linearizable and snapshot hold for one read, and a page is several; available may give a document twice while a sharded cluster moves it',
  ),
  some('tlsAllowInvalidCertificates', /^false$/, 'false', 'certificates are always checked'),
  some('tlsAllowInvalidHostnames', /^false$/, 'false', 'certificates are always checked, and for whom they are'),
  some('tlsInsecure', /^false$/, 'false', 'certificates are always checked'),
  limited(`${CLIENT_LIMITS.connectTimeoutMS / 1_000} seconds`, 'connectTimeoutMS'),
  limited(`${CLIENT_LIMITS.serverSelectionTimeoutMS / 1_000} seconds`, 'serverSelectionTimeoutMS'),
  limited('the time that is left of timeout of the source', 'socketTimeoutMS'),
  limited(`${CLIENT_LIMITS.maxIdleTimeMS / 1_000} seconds`, 'maxIdleTimeMS'),
  limited(`${CLIENT_LIMITS.maxPoolSize} connections`, 'maxPoolSize', 'minPoolSize'),
  bySource('tls of the source says it, and another value is refused', 'tls', 'ssl'),
  bySource('PageSource.documentDb trusts the certificates of Amazon without it; PageSource.mongo refuses it, and has certificateAuthority', 'tlsCAFile'),
  refused(
    'certificates are always checked, in one way',
    'rejectUnauthorized', 'checkServerIdentity', 'servername', 'ciphers', 'ecdhCurve', 'minDHSize', 'secureProtocol', 'allowPartialTrustChain', 'requestCert',
    'requestOCSP', 'enableTrace', 'ALPNProtocols', 'SNICallback', 'session', 'secureContext', 'pskCallback',
  ),
  refused(
    'the function has no such file; certificates to be trusted are for certificateAuthority of the source',
    'tlsCRLFile', 'tlsCertificateKeyFile', 'tlsCertificateKeyFilePassword', 'ca', 'cert', 'crl', 'key', 'passphrase', 'pfx',
  ),
  refused('the mechanisms that it is about are not taken', 'authMechanismProperties'),
  refused('the function has no code for proxies', 'proxyHost', 'proxyPort', 'proxyUsername', 'proxyPassword'),
  refused(
    'itemFormat of the source says how documents are written',
    'promoteLongs', 'promoteValues', 'promoteBuffers', 'useBigInt64', 'bsonRegExp', 'raw', 'fieldsAsRaw', 'enableUtf8Validation', 'serializeFunctions',
    'ignoreUndefined', 'checkKeys',
  ),
  refused('it would write documents into the log', 'mongodbLogPath', 'mongodbLogComponentSeverities', 'mongodbLogMaxDocumentLength'),
  refused('it has no effect in this driver; timeout of the source says how long a page may take', 'timeoutMS'),
  refused('user and password stand before the host', 'auth'),
  refused('readConcernLevel says it', 'readConcern'),
  refused(
    'only a program can set it',
    'autoEncryption', 'serverApi', 'driverInfo', 'name', 'pkFactory', 'runtimeAdapters', 'srvHostValidator', 'srvPoller', 'connectionType', 'lookup', 'hints',
    'localAddress', 'localPort', 'keepAliveInitialDelay', 'minInternalBufferSize', 'index', 'monitorCommands',
    '__skipPingOnConnect',
  ),
];

/** An option by its name. */
export interface KnownOption {
  /** As the driver spells it. */
  readonly name: string;
  readonly rule: OptionRule;
}

/** By names in lower case: case has no meaning. */
export const KNOWN_OPTIONS: ReadonlyMap<string, KnownOption> = new Map(
  OPTION_GROUPS.flatMap(({ rule, names }) => names.map((name) => [name.toLowerCase(), { name, rule }])),
);

/** Options that are common with other drivers, and why they are refused. */
export const FOREIGN_OPTIONS: ReadonlyMap<string, KnownOption> = new Map([
  ['uuidRepresentation', 'a UUID is handed on with its bytes and its subtype as they are stored'] as const,
].map(([name, why]) => [name.toLowerCase(), { name, rule: { use: 'refused', why } }]));
