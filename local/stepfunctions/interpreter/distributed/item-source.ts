import { JsonObject } from '../../../json';
import { ExecutionIdentity } from '../task';

/** Where the ItemReader of a distributed Map gets its items, with the rights of the execution's role. Throws `TaskFailure`. */
export interface ItemSource {
  /** The text of an object. */
  getObject(bucket: string, key: string, execution: ExecutionIdentity): Promise<string>;
  /** What is in a bucket, as items: `Etag`, `Key`, `LastModified`, `Size`, `StorageClass`. */
  listObjects(bucket: string, prefix: string | undefined, execution: ExecutionIdentity): Promise<JsonObject[]>;
}
