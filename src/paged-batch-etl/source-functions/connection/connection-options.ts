/** What becomes of an option of a connection string. What it is read as, and whether its value is one, is for the driver to say. */
export type OptionRule =
  /** As the driver has it. */
  | { readonly use: 'honoured' }
  /** As the driver has it, but with some values only: `values` are they, in `told` they are for people. */
  | { readonly use: 'someValues'; readonly values: RegExp; readonly told: string; readonly why: string }
  /** A number, and no more than what the function has. */
  | { readonly use: 'limited'; readonly why: string }
  /** An option of the source says it, and the string may only say the same. */
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
  some('authMechanism', /^(?:DEFAULT|SCRAM-SHA-1|SCRAM-SHA-256|PLAIN)$/i, 'DEFAULT, SCRAM-SHA-1, SCRAM-SHA-256, and PLAIN with TLS', 'a user and a password are all that the secret holds'),
  some('compressors', /^(?:none|zlib)(?:,(?:none|zlib))*$/, 'zlib, none', 'the function has no code for the others'),
  some(
    'readConcernLevel', /^(?:local|majority)$/, 'local, majority',
    'a page is several reads, which the others do not make one; and available reads documents twice while a cluster moves them',
  ),
  some('tlsAllowInvalidCertificates', /^false$/, 'false', 'certificates are always checked'),
  some('tlsAllowInvalidHostnames', /^false$/, 'false', 'certificates are always checked, and for whom they are'),
  some('tlsInsecure', /^false$/, 'false', 'certificates are always checked'),
  limited('5 seconds', 'connectTimeoutMS'),
  limited('10 seconds', 'serverSelectionTimeoutMS'),
  limited('the time that an invocation has for a call', 'socketTimeoutMS'),
  limited('60 seconds', 'maxIdleTimeMS'),
  limited('2 connections', 'maxPoolSize', 'minPoolSize'),
  bySource('tls of the source', 'tls', 'ssl'),
  bySource('PageSource.documentDb trusts the certificates of Amazon by itself; give PageSource.mongo others as certificateAuthority', 'tlsCAFile'),
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
    'ignoreUndefined', 'checkKeys', 'index',
  ),
  refused('it would write documents into the log', 'mongodbLogPath', 'mongodbLogComponentSeverities', 'mongodbLogMaxDocumentLength', 'monitorCommands'),
  refused('it has no effect in this driver; timeout of the source says how long a page may take', 'timeoutMS'),
  refused('user and password stand before the host', 'auth'),
  refused('readConcernLevel says it', 'readConcern'),
  refused(
    'only a program can set it',
    'autoEncryption', 'serverApi', 'driverInfo', 'name', 'pkFactory', 'runtimeAdapters', 'srvHostValidator', 'srvPoller', 'connectionType', 'lookup', 'hints',
    'localAddress', 'localPort', 'keepAliveInitialDelay', 'minInternalBufferSize', '__skipPingOnConnect',
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
