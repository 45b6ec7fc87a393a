import { IBucket } from 'aws-cdk-lib/aws-s3';

/** Options of `QueryableData.glueTables`. */
export interface GlueTablesOptions {
  /** Name of the database in the Glue Data Catalog of this account and Region: in lower case, without a catalog before it. */
  readonly database: string;

  /**
   * Names of the tables: in lower case, without the database before them.
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

/** Options of `QueryableData.lakeFormation`. */
export interface LakeFormationOptions {
  /** Name of the database in the Glue Data Catalog of this account and Region. */
  readonly database: string;

  /**
   * Names of the tables.
   *
   * @default - every table of the database
   */
  readonly tables?: string[];
}
