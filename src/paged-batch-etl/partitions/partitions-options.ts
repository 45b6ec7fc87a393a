/** Options of `Partitions.ofTime` and of `Partitions.ofObjectIds`. */
export interface EqualPartitionsOptions {
  /**
   * Ranges that are read and processed at the same time, from 1 to 40. Each worker has one invocation of the source function at a time, so a run reads the
   * source over at most that many connections at the same time.
   */
  readonly workers: number;

  /**
   * Ranges for each worker. With more of them a worker that is ready early takes over more of what is left, so that the run ends sooner where documents are
   * spread unevenly. A run has at most 128 ranges.
   *
   * @default - 8, or as many as keep the run within 128 ranges
   */
  readonly slices?: number;
}

/** Options of `Partitions.at`. */
export interface PartitionsAtOptions {
  /**
   * Where ranges begin, but for the first: values of the first field of `sort`, in ascending order and of one type, as EJSON texts such as `42`, `"m"`,
   * `{ "$date": "2026-01-01T00:00:00Z" }` or `{ "$oid": "655f5f5f0000000000000000" }`. From 1 to 127 of them, each of at most 256 bytes.
   */
  readonly boundaries: string[];

  /**
   * Ranges that are read and processed at the same time, from 1 to 40, and no more than there are ranges: one more than `boundaries`.
   *
   * @default - all, or 40 if there are more
   */
  readonly workers?: number;
}
