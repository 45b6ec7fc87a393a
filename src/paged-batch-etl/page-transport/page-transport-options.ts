import { Duration, Size } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';

/** Options of `PageTransport.s3`. */
export interface S3TransportOptions {
  /**
   * Bucket for pages, in this account and Region. It should refuse requests without TLS. Nothing removes pages from it: let objects under `prefix` expire,
   * no sooner than after 15 days, and let incomplete multipart uploads be aborted after a day. If it has versioning, let noncurrent versions expire, too: what
   * expires, or is removed by `deletePages`, stays as such a version. If a customer key encrypts it, the construct must know
   * that: an imported bucket tells its key only if it was looked up by `Bucket.fromBucketAttributes` with `encryptionKey`.
   *
   * @default - a new bucket: encrypted with `encryptionKey` or else by S3, TLS only, no public access, with expiry
   */
  readonly bucket?: IBucket;

  /**
   * Prefix of pages in the bucket, ending in a slash and not starting with one. Change it when no run is going on: executions that were started before
   * lose their rights to the old one, and their pages are read again after a redrive. In a bucket that has letters or results of queries too, neither prefix may
   * begin with the other.
   *
   * @default 'pages/'
   */
  readonly prefix?: string;

  /**
   * Most bytes of a page, from 1 MiB to 1 GiB, as UTF-8 JSON. The object in S3 has more where items are not ASCII: six bytes for a letter such as `ä`. A page
   * is written while it is read, so that the memory of the source function does not limit it. It also ends at 20,000 items, or when 70 % of the source
   * function's time-out are over. With larger pages a run has fewer of them and more to do again after a failure, for the whole page is processed again.
   * A page may begin with an item, or an answer of a custom source, that is larger than that.
   *
   * @default Size.mebibytes(16)
   */
  readonly maxPageBytes?: Size;

  /**
   * How long pages are kept in the bucket made here, in whole days, at least 15: a failed run can be redriven for 14 days, and then goes on with the page as
   * it was. A page is as old as its first reading, so it needs the longest time that your processor takes for a page, and 14 days for each time that the run fails at it: with
   * the default, a page may take 16 days. Nothing is lost with a page that has expired: if it is still being processed, the run fails with `ItemsFailed`; a redrive
   * reads the page again, with what the source has then. Not together with `bucket`.
   *
   * @default Duration.days(30)
   */
  readonly retention?: Duration;

  /**
   * Whether a page is deleted when it is processed. It costs a state transition and a request to S3 a page. What could not be deleted is kept for
   * `retention`, like the pages of failed runs, and what Step Functions notes about the processing of a page. In a `bucket` of your own with versioning, what
   * is deleted stays as a noncurrent version.
   *
   * @default false
   */
  readonly deletePages?: boolean;
}
