import { ExecutionIdentity } from '../task';

/** An object that an ItemReader reads. */
export interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly expectedBucketOwner?: string;
}

/** Which objects of a bucket are listed. */
export interface ObjectListing {
  readonly bucket: string;
  /** Default: all. */
  readonly prefix?: string;
  /** Only keys after this one. */
  readonly startAfter?: string;
  readonly expectedBucketOwner?: string;
}

/** An object as a list tells of it. */
export interface ListedObject {
  readonly key: string;
  /** With its quotes. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** Epoch milliseconds. */
  readonly lastModified: number;
}

/** Where a distributed Map reads its items and writes its results, with the rights of the execution's role. All of it throws `TaskFailure`. */
export interface ObjectStorage {
  getObject(location: ObjectLocation, execution: ExecutionIdentity): Promise<Buffer>;
  /** All objects, however many pages that takes. */
  listObjects(listing: ObjectListing, execution: ExecutionIdentity): Promise<readonly ListedObject[]>;
  putObject(location: ObjectLocation, body: string, execution: ExecutionIdentity): Promise<void>;
  /** Fails as `putObject` would for lack of rights, and writes nothing. */
  assertWritable(location: ObjectLocation, execution: ExecutionIdentity): Promise<void>;
}
