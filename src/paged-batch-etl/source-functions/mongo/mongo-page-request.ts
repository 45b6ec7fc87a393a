import type { Collection, Document } from 'mongodb';
import type { ReadingTime } from './reading-time';
import type { MongoSourceConfig } from '../../contracts/source-function';

/** What to read, from where, and within which bounds. */
export interface MongoPageRequest {
  /** How the source reads, all of it. */
  readonly source: MongoSourceConfig;
  /** Opened with the read preference and read concern of the source. */
  readonly collection: Collection<Document>;
  /** Filter of the source with its parameters bound; `{}` for none. */
  readonly filter: Document;
  /** Where the page before this one ended; null for the first. */
  readonly cursor: string | null;
  /** Most items of the page. */
  readonly batchSize: number;
  /** Most bytes of the list of items, as UTF-8 JSON. */
  readonly pageBytes: number;
  readonly idempotencyKeyOf: (itemIdentifier: string) => string;
  /** Milliseconds that one command may take on the server, asked before each command. */
  readonly maxTimeMS: () => number;
  /** How long the page waits for answers of the server. */
  readonly readingTime: ReadingTime;
  /** Whether there is time for another item, beside the first of the page; absent where a page ends by its other bounds only. */
  readonly hasTime?: () => boolean;
  /** Most bytes of the text of the first item, which may be more than those of the page; absent where they may not. */
  readonly firstItemBytes?: number;
  /** Whether a document that can be in no page is told of beside it, if its key is known; else it fails the page that would begin with it. */
  readonly passesOver?: boolean;
  readonly warn: (message: string) => void;
}
