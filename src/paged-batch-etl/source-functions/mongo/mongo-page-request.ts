import type { Collection, CollationOptions, Document } from 'mongodb';

/** What to read, from where, and within which bounds. */
export interface MongoPageRequest {
  /** Opened with the read preference and read concern of the source. */
  readonly collection: Collection<Document>;
  readonly engine: 'mongo' | 'documentDb';
  /** Fields of the key, ascending, `_id` last; dotted paths are allowed. */
  readonly sort: readonly string[];
  /** Filter with its parameters bound; `{}` for none. */
  readonly filter: Document;
  /** Fields of the items, beside `_id`. Default: all. */
  readonly projection?: readonly string[];
  /** Name of the index to use. Default: the server's choice. */
  readonly hint?: string;
  /** Collation of filter and sort. Default: bytes are compared, also in a collection that has a collation of its own. */
  readonly collation?: CollationOptions;
  /** Whether the first page fails when no index serves filter and sort together. */
  readonly indexCheck: boolean;
  /** Whether values of `_id` can be of several types; MongoDB 5.0 or newer, no DocumentDB. */
  readonly mixedIdTypes: boolean;
  readonly itemFormat: 'relaxed' | 'canonical';
  /** Where the page before this one ended; null for the first. */
  readonly cursor: string | null;
  /** Most items of the page. */
  readonly batchSize: number;
  /** Most bytes of the list of items, as UTF-8 JSON. */
  readonly pageBytes: number;
  readonly idempotencyKeyOf: (itemIdentifier: string) => string;
  /** Milliseconds that one command may take on the server, asked before each command. */
  readonly maxTimeMS: () => number;
  readonly warn: (message: string) => void;
}
