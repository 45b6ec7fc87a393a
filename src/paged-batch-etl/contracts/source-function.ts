/** Where and how a MongoDB source reads: JSON in an environment variable of its function. */
export interface MongoSourceConfig {
  readonly engine: 'mongo' | 'documentDb';
  /** Host, or host and port, or comma-separated hosts of a replica set, or an Atlas SRV host; absent when the secret says where. */
  readonly host?: string;
  /** The host is a DNS seed list (`mongodb+srv`). */
  readonly srv?: boolean;
  readonly tls: boolean;
  readonly database: string;
  readonly collection: string;
  /** Fields of the key, ascending, `_id` last. */
  readonly sort: readonly string[];
  /** EJSON text with `$$name` in the place of parameters. */
  readonly filter?: string;
  /** Fields of the documents that are read; absent for all. */
  readonly projection?: readonly string[];
  /** Name of the index to use. */
  readonly hint?: string;
  readonly readPreference: string;
  readonly readConcern?: string;
  /** Collation of filter and sort, as MongoDB names its fields. */
  readonly collation?: { readonly locale: string } & Readonly<Record<string, string | number | boolean>>;
  readonly indexCheck: boolean;
  readonly mixedIdTypes: boolean;
  /** EJSON of the documents handed on. */
  readonly itemFormat: 'relaxed' | 'canonical';
}

/** Environment variables of our source functions. */
export const SourceEnvironment = {
  /** JSON of `ParameterRules`. */
  PARAMETERS: 'PARAMETERS',
  /** Most bytes of a page as UTF-8 JSON. */
  PAGE_BYTES: 'PAGE_BYTES',
  /** Largest `batch_size` of a run. */
  MAX_BATCH_SIZE: 'MAX_BATCH_SIZE',
  /** JSON of `MongoSourceConfig`. */
  MONGO_SOURCE: 'MONGO_SOURCE',
  /** ARN of the secret with user and password, or with the connection string. */
  CONNECTION_SECRET_ARN: 'CONNECTION_SECRET_ARN',
  /** ARN of the secret with the certificates that are trusted beside those that Node.js trusts; absent when there is none. */
  CERTIFICATE_AUTHORITY_SECRET_ARN: 'CERTIFICATE_AUTHORITY_SECRET_ARN',
  /** ARN of the user's function behind a custom source. */
  SOURCE_FUNCTION_ARN: 'SOURCE_FUNCTION_ARN',
} as const;
