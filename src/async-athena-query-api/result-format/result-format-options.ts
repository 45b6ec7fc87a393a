/** How Parquet files are compressed. Source: Athena user guide, "UNLOAD". */
export enum ParquetCompression {
  /** Smaller than with Snappy, slower to read. What Athena takes where it is told none. */
  GZIP = 'GZIP',
  /** Quick to write and to read; every reader of Parquet knows it. */
  SNAPPY = 'SNAPPY',
  /** About as small as with gzip, and quicker to read. Some older readers do not know it. */
  ZSTD = 'ZSTD',
}

/** How ORC files are compressed. Source: Athena user guide, "UNLOAD". */
export enum OrcCompression {
  /** Quickest, and largest. */
  LZ4 = 'LZ4',
  /** Quick. */
  SNAPPY = 'SNAPPY',
  /** Small; every reader of ORC knows it. What Athena takes where it is told none. */
  ZLIB = 'ZLIB',
  /** About as small as with zlib, and quicker to read. Some older readers do not know it. */
  ZSTD = 'ZSTD',
}

/** Options of `ResultFormat.parquet`. */
export interface ParquetResultFormatOptions {
  /**
   * How the files are compressed.
   *
   * @default ParquetCompression.SNAPPY
   */
  readonly compression?: ParquetCompression;
}

/** Options of `ResultFormat.orc`. */
export interface OrcResultFormatOptions {
  /**
   * How the files are compressed.
   *
   * @default OrcCompression.ZLIB
   */
  readonly compression?: OrcCompression;
}

/** Options of `ResultFormat.textFile`. */
export interface TextFileResultFormatOptions {
  /**
   * The character between two values of a row: a tab, or a character that can be seen and is no letter, digit, quote, backslash or brace.
   * Nothing marks it where it is part of a value, so choose one that is in none.
   *
   * @default - the character with the code 1, which is Athena's own default
   */
  readonly fieldDelimiter?: string;
}
