import { IBucket } from 'aws-cdk-lib/aws-s3';
import { QueryableDataBinding } from './binding';
import { glueTables } from './glue-tables';

/** Options of `QueryableData.glueTables`. */
export interface GlueTablesOptions {
  /** Name of the database in the Glue Data Catalog of this account and Region. */
  readonly database: string;

  /**
   * Names of the tables.
   *
   * @default - every table of the database
   */
  readonly tables?: string[];

  /** Bucket that holds the data. A customer key it knows of is included. */
  readonly bucket: IBucket;

  /**
   * Prefix of the data in the bucket, ending in a slash, such as `sales/`.
   *
   * @default - the whole bucket
   */
  readonly prefix?: string;

  /**
   * Whether queries may also write: create tables and partitions in the database, and put and delete objects under the prefix.
   *
   * @default false
   */
  readonly write?: boolean;
}

/**
 * What queries may read or write.
 *
 * Without any, queries can use no table. The rights hold only for calls that Athena makes (`aws:CalledVia`). Tables governed by Lake
 * Formation need its grants besides.
 */
export class QueryableData {
  /** Tables in the Glue Data Catalog, and their data in a bucket. */
  public static glueTables(options: GlueTablesOptions): QueryableData {
    return new QueryableData(glueTables(options));
  }

  /** @internal */
  public readonly _binding: QueryableDataBinding;

  private constructor(binding: QueryableDataBinding) {
    this._binding = binding;
  }
}
