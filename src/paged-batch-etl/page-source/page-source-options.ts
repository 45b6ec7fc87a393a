import { Duration } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { MongoCollation } from './mongo-collation';
import { MongoFilter } from '../mongo-filter/mongo-filter';

/** Which members of a replica set are read. */
export enum MongoReadPreference {
  /** The primary only. */
  PRIMARY = 'primary',
  /** The primary, or a secondary while there is no primary. */
  PRIMARY_PREFERRED = 'primaryPreferred',
  /**
   * Pages are read from secondaries. Whether anything is left after the last page is checked at the primary: a run waits for a secondary that lags
   * behind.
   */
  SECONDARY = 'secondary',
  /** Secondaries, or the primary while there is no secondary. */
  SECONDARY_PREFERRED = 'secondaryPreferred',
  /** Whichever answers fastest. */
  NEAREST = 'nearest',
}

/** Which writes are read. */
export enum MongoReadConcern {
  /** The newest writes of the member that is read, even those that a failover may undo. */
  LOCAL = 'local',
  /** What a majority of the replica set has. */
  MAJORITY = 'majority',
}

/** How a run treats a collection that does not exist when the run begins. */
export enum MissingCollection {
  /** As an error, `CollectionNotFound`: the name is probably misspelt. */
  FAIL = 'fail',
  /** As an empty collection: the run ends with no items. Choose it if the collection is created with its first document. */
  EMPTY = 'empty',
}

/** How documents are written as JSON. */
export enum MongoItemFormat {
  /** Relaxed EJSON, in which no integer loses precision: numbers and texts are plain JSON where JSON can hold them. */
  RELAXED = 'relaxed',
  /** Canonical EJSON: each value is written with its type, so nothing is lost. It takes more room in a page. */
  CANONICAL = 'canonical',
}

/** Options of all sources that use the protocol of MongoDB. */
export interface MongoCompatibleSourceOptions {
  /**
   * Secret with the credentials: a JSON object with `username` and `password`, as Secrets Manager makes and rotates it, with `host` and `port`
   * unless `host` is given here; or a connection string. A connection string is read as the MongoDB driver for Node.js reads it, TXT record
   * included. Options of the source win over those of the string. An option that the source does not take fails the first page with
   * `ConnectionSecretInvalid`, which names it.
   */
  readonly connectionSecret: ISecret;

  /** Name of the database. */
  readonly database: string;

  /** Name of the collection, without the database. It cannot be a view or a time series. */
  readonly collection: string;

  /**
   * Fields that pages are ordered by, ascending. The last one is `_id`, so that no two documents have the same place. An index must have the fields
   * that the filter compares for equality, and then exactly these.
   *
   * Choose fields that are in every document, hold no arrays, are of one type and do not change while a run reads.
   *
   * @default ['_id']
   */
  readonly sort?: string[];

  /**
   * Which documents are read.
   *
   * @default - all of them
   */
  readonly filter?: MongoFilter;

  /**
   * Fields outside `sort` that the filter compares in another way than for equality. The server still reads the documents that only these conditions
   * leave out: if few are left, a page takes long.
   *
   * @default - none: such a filter is refused
   */
  readonly unindexedFilterFields?: string[];

  /**
   * Host, or host and port, or comma-separated hosts of a replica set.
   *
   * @default - what the secret says
   */
  readonly host?: string;

  /**
   * Whether the connection is encrypted, and the server's certificate checked.
   *
   * @default true
   */
  readonly tls?: boolean;

  /**
   * Fields of the documents that are handed on, in addition to `_id`. Dots lead into subdocuments. A hyphen before a name cannot leave out a field.
   *
   * @default - whole documents
   */
  readonly projection?: string[];

  /**
   * Name of the index to use if the server would choose another one. It must have all documents of the filter. The server would use a partial or
   * sparse index even if it lacks some of them, so such an index is refused (`IncompleteIndex`), unless the filter has the condition of the index
   * word for word.
   *
   * @default - the server chooses
   */
  readonly hint?: string;

  /**
   * Which members of a replica set are read.
   *
   * @default - what the connection string says, else `MongoReadPreference.PRIMARY`
   */
  readonly readPreference?: MongoReadPreference;

  /**
   * What to do when there is no such collection. One that is dropped while a run reads it is always an error.
   *
   * @default MissingCollection.FAIL
   */
  readonly ifMissing?: MissingCollection;

  /**
   * Whether the first page of a run fails when no index serves filter and sort together. Without an index every page reads the whole
   * collection.
   *
   * @default true
   */
  readonly indexCheck?: boolean;

  /**
   * How documents are written as JSON. A value that neither form can hold fails the run with `DocumentUnreadable`, which names the document and the
   * path.
   *
   * @default MongoItemFormat.RELAXED
   */
  readonly itemFormat?: MongoItemFormat;

  /**
   * How long reading a page may take, in whole seconds from 10 seconds to 30 minutes. When 70 % of it are over and the server has not answered, the page ends
   * with the documents that were read.
   *
   * @default Duration.minutes(1)
   */
  readonly timeout?: Duration;

  /**
   * Memory of the source function in MiB, a whole number from 256 to 10,240, the most that Lambda gives. Source: Lambda developer guide,
   * "Lambda quotas". A function has a share of a CPU that grows with its memory; with less, large pages take longer to read.
   *
   * @default 1769, with which a function has one whole CPU
   */
  readonly memorySize?: number;

  /**
   * Subnets of the VPC that the source function runs in. They need a way to Secrets Manager: a NAT gateway or an interface endpoint. With `PageTransport.s3` they
   * need a way to S3 as well: a NAT gateway or a gateway endpoint.
   *
   * @default - the private subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Security groups of the source function.
   *
   * @default - a new one, which is the construct's `connections`
   */
  readonly securityGroups?: ISecurityGroup[];
}

/** Options of `PageSource.mongo`. */
export interface MongoSourceOptions extends MongoCompatibleSourceOptions {
  /**
   * Whether `host` is a DNS seed list (`mongodb+srv`). It must be `true` for the name of an Atlas cluster. A connection string says this itself.
   *
   * @default false
   */
  readonly srv?: boolean;

  /**
   * Secret with the certificates of the authority that signed the server's certificate: PEM text of one or more. They are trusted in addition to the
   * authorities that Node.js trusts. A server of your own needs it if its certificate comes from a private authority.
   *
   * @default - only the authorities that Node.js trusts
   */
  readonly certificateAuthority?: ISecret;

  /**
   * Which writes are read.
   *
   * @default - what the connection string says, else the server's default
   */
  readonly readConcern?: MongoReadConcern;

  /**
   * How the texts of filter and sort are compared. An index must have the same collation.
   *
   * @default - as the collection does: by its own collation, or else by bytes
   */
  readonly collation?: MongoCollation;

  /**
   * Whether `_id` may have values of several types. An ordinary comparison finds values of one type only. Needs MongoDB 5.0, and `sort` must be
   * `_id` alone.
   *
   * @default false
   */
  readonly mixedIdTypes?: boolean;

  /**
   * VPC that the source function runs in.
   *
   * @default - none: the server is reached over the internet
   */
  readonly vpc?: IVpc;
}

/** Options of `PageSource.documentDb`. */
export interface DocumentDbSourceOptions extends MongoCompatibleSourceOptions {
  /** VPC that the source function runs in: a cluster can be reached only from a VPC. */
  readonly vpc: IVpc;
}

/** Options of `PageSource.custom`. */
export interface CustomSourceOptions {
  /**
   * Function that answers a page. It is called with `{ "parameters": {…}, "cursor": string | null, "batchSize": n, "run": { "id", "page" } }` and
   * answers `{ "items": [{ "itemIdentifier": "…", "item": … }], "cursor": string | null, "done": boolean }`.
   *
   * If it throws, it is called again up to 2 times, with `RunContinuation.selfRestart()` up to 4 times; then the run fails. After an error that is
   * called `SourceUnavailable`, a supervised run waits up to its `outageTolerance` before it fails.
   */
  readonly handler: IFunction;

  /**
   * How long the function may take for an answer, in whole seconds from 1 second to 29 minutes. With `PageTransport.s3`, answers are read one after the other
   * into a page: the first one has all this time, and the ones after it have what is left of it. One that does not come in time is read again for the next
   * page.
   *
   * @default - the time-out of `handler` where it is known, else one minute
   */
  readonly timeout?: Duration;
}
