import { IBucket } from 'aws-cdk-lib/aws-s3';

/** Options of `FailurePolicy.tolerate`. */
export interface TolerateOptions {
  /**
   * How many items of a run may fail, a whole number from 0 to 2,147,483,647. The page at which there are more is done, and then the run fails with
   * `TooManyFailedItems`.
   *
   * @default - any number if `maxPercentage` is given; else 1,000
   */
  readonly maxItems?: number;

  /**
   * Which share of the items of a run may fail, in percent, from 0 to 100. It is looked at when 1,000 items are read, as with Amazon S3 Batch Operations, and at
   * the end of the run: until then, as if 1,000 had been. If `maxItems` is given too, neither may be exceeded.
   *
   * @default - any share if `maxItems` is given; else 50, so that a broken processor does not make letters of a whole collection
   */
  readonly maxPercentage?: number;

  /**
   * Where letters about the items that failed are written.
   *
   * @default - to a new bucket, without documents
   */
  readonly deadLetters?: DeadLetterOptions;
}

/** Where letters about failed items are written, and what is in them. */
export interface DeadLetterOptions {
  /**
   * Bucket for letters, in this account and Region. It should refuse requests without TLS. Nothing removes letters from it. If a customer key encrypts it, the
   * construct must know that: an imported bucket tells its key only if it was looked up by `Bucket.fromBucketAttributes` with `encryptionKey`.
   *
   * @default - a new bucket: encrypted with `encryptionKey` or else by S3, TLS only, no public access; letters stay in it
   */
  readonly bucket?: IBucket;

  /**
   * Prefix of letters in the bucket, ending in a slash and not starting with one. In a bucket that has pages or results of queries too, neither prefix may begin
   * with the other.
   *
   * @default 'dead-letters/'
   */
  readonly prefix?: string;

  /**
   * Whether a letter has the document of its item, as the processor got it. Letters of unreadable documents never have it. A replay of letters of
   * `PageSource.custom` needs it; documents of MongoDB are read once more by their `_id`.
   *
   * @default false
   */
  readonly withDocuments?: boolean;
}
