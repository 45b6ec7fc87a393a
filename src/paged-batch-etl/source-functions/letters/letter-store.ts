/** An object as a list of them tells it. */
export interface ListedObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

export interface ListOptions {
  readonly prefix: string;
  /** Only keys that have no `/` after the prefix. */
  readonly flat?: boolean;
  /** Only keys that come after this one. */
  readonly startAfter?: string;
}

/** The bucket of letters, as far as a replay needs it. All calls throw a `SourceError` for what is no outcome. */
export interface LetterStore {
  /** In the order of their keys, as many at a time as the bucket tells at once. */
  list(options: ListOptions): AsyncIterable<readonly ListedObject[]>;
  /**
   * Bytes of an object as it was listed; undefined where it is not there anymore, or is another one.
   *
   * @param last the last byte that is wanted; there may be fewer
   */
  readBytes(object: Pick<ListedObject, 'key' | 'etag'>, first: number, last: number): Promise<Buffer | undefined>;
  put(key: string, body: Buffer): Promise<void>;
}
