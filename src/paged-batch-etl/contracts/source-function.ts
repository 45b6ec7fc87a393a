/** What the construct tells its source function, by environment variables. One release writes and reads them: they may change with any. */
import { exactly, finiteNumber, flag, listOf, matching, oneOf, optional, Shape, text } from '../../private/shape/json-shape';

/** Collation of filter and sort, as MongoDB names its fields. */
const collation = exactly({
  locale: text,
  caseLevel: optional(flag),
  caseFirst: optional(oneOf('upper', 'lower', 'off')),
  strength: optional(finiteNumber),
  numericOrdering: optional(flag),
  alternate: optional(oneOf('non-ignorable', 'shifted')),
  maxVariable: optional(oneOf('punct', 'space')),
  normalization: optional(flag),
  backwards: optional(flag),
});

/** Where and how a MongoDB source reads. An option of the source stands in its public options and here; `page-source/` maps the one to the other. */
export const mongoSourceConfig = exactly({
  engine: oneOf('mongo', 'documentDb'),
  /** Host, or host and port, or comma-separated hosts of a replica set, or an Atlas SRV host; absent when the secret says where. */
  host: optional(matching(/./, 'a host')),
  /** The host is a DNS seed list (`mongodb+srv`). */
  srv: optional(flag),
  tls: flag,
  database: matching(/./, 'the name of a database'),
  collection: matching(/./, 'the name of a collection'),
  /** Fields of the key, ascending, `_id` last; dotted paths are allowed. */
  sort: listOf(matching(/./, 'a field')),
  /** EJSON text with `$$name` in the place of parameters. */
  filter: optional(text),
  /** Fields of the items, beside `_id`; absent for all. */
  projection: optional(listOf(text)),
  /** Name of the index to use; absent for the server's choice. */
  hint: optional(text),
  /** Absent: as the connection string says, else `primary`. */
  readPreference: optional(oneOf('primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest')),
  /** Absent: as the connection string says, else the server's default. */
  readConcern: optional(oneOf('local', 'available', 'majority', 'linearizable', 'snapshot')),
  /** Absent: as the collection has it, which compares bytes unless it has a collation of its own. */
  collation: optional(collation),
  /** What a collection is that is not there; absent: an error. */
  ifMissing: optional(oneOf('fail', 'empty')),
  /** Whether the first page fails when no index serves filter and sort together. */
  indexCheck: flag,
  /** Whether values of `_id` can be of several types; MongoDB 5.0 or newer, no DocumentDB. */
  mixedIdTypes: flag,
  /** EJSON of the documents handed on. */
  itemFormat: oneOf('relaxed', 'canonical'),
});

export type MongoSourceConfig = Shape<typeof mongoSourceConfig>;

export type MongoCollationConfig = Shape<typeof collation>;

/** What idempotency keys depend on where that is not the run. */
export const idempotencyConfig = exactly({
  scope: oneOf('window', 'item'),
  /** Names the construct: the same in every deployment, another in every other construct, stack, account and Region. */
  construct: text,
});

export type IdempotencyConfig = Shape<typeof idempotencyConfig>;

/** Environment variables of our source functions. */
export const SourceEnvironment = {
  /** JSON of `ParameterRules`. */
  PARAMETERS: 'PARAMETERS',
  /** Most bytes, as UTF-8 JSON, of a page that travels in the state of the workflow, where the event does not say it. */
  PAGE_BYTES: 'PAGE_BYTES',
  /** Name of the bucket that pages are written to; absent, like those below, where none are. */
  PAGE_BUCKET: 'PAGE_BUCKET',
  /** What the keys of all pages begin with: nothing, or something that ends in `/`. */
  PAGE_PREFIX: 'PAGE_PREFIX',
  /** Most bytes, as UTF-8 JSON, of the items of a page that is written. */
  PAGE_OBJECT_BYTES: 'PAGE_OBJECT_BYTES',
  /** Most bytes of a batch of such a page; an item that is larger is told of by where it is. Like the two below, where the event does not say it. */
  PAGE_BATCH_BYTES: 'PAGE_BATCH_BYTES',
  /** Most bytes of a batch as a JSON string, in which quotation marks and backslashes take two each. */
  PAGE_BATCH_TEXT_BYTES: 'PAGE_BATCH_TEXT_BYTES',
  /** Most items of a batch; absent: as many as the run says. */
  PAGE_BATCH_ITEMS: 'PAGE_BATCH_ITEMS',
  /** Name of the bucket of letters; absent, like what their keys begin with, where no failures are tolerated. */
  LETTERS_BUCKET: 'LETTERS_BUCKET',
  /** Something that ends in `/`. */
  LETTERS_PREFIX: 'LETTERS_PREFIX',
  /** Largest `batch_size` of a run. */
  MAX_BATCH_SIZE: 'MAX_BATCH_SIZE',
  /** `fail` if a run that reads nothing fails; absent if it succeeds. */
  EMPTY_RUN: 'EMPTY_RUN',
  /** JSON of `IdempotencyConfig`; absent where keys depend on the run. */
  IDEMPOTENCY: 'IDEMPOTENCY',
  /** JSON of `MongoSourceConfig`. */
  MONGO_SOURCE: 'MONGO_SOURCE',
  /** ARN of the secret with user and password, or with the connection string. */
  CONNECTION_SECRET_ARN: 'CONNECTION_SECRET_ARN',
  /** ARN of the secret with the certificates that are trusted beside those that Node.js trusts; absent when there is none. */
  CERTIFICATE_AUTHORITY_SECRET_ARN: 'CERTIFICATE_AUTHORITY_SECRET_ARN',
  /** ARN of the user's function behind a custom source. */
  SOURCE_FUNCTION_ARN: 'SOURCE_FUNCTION_ARN',
} as const;
