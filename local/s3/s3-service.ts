import { readFileSync } from 'node:fs';
import { AccessOptions, BucketAccess, NO_LIST } from './access';
import { Bucket } from './bucket';
import { S3Errors } from './errors';
import { ListPage, ListRequest, listPage } from './listing';
import { MultipartUploads } from './multipart-uploads';
import { StoredObject } from './objects';
import { assertDeletePrecondition, assertPrecondition } from './preconditions';
import { BucketRequest, DeleteRequest, ObjectRequest, ObservedRequest, PutRequest, ReadRequest } from './requests';
import { S3Store } from './store';
import { ServiceError } from '../aws/service';

/** Most keys of one DeleteObjects. Source: API reference. */
const MAX_DELETED = 1_000;

/** What became of the keys of DeleteObjects. */
export interface BatchDeletion {
  readonly deleted: readonly string[];
  readonly errors: readonly { readonly key: string; readonly code: string; readonly message: string }[];
}

/** S3 as a caller sees it: every operation authorises the caller, then touches the store. Other services of the cloud call it too. */
export class S3Service {
  readonly uploads: MultipartUploads;
  /** Awaited between the decision that a caller may write or delete and the deed: a test lets others in there. */
  duringWrite?: (request: ObjectRequest) => Promise<void>;
  /** Told of every request, also of those that fail. */
  onRequest?: (request: ObservedRequest) => void;
  private readonly access: BucketAccess;

  constructor(readonly store: S3Store, options: AccessOptions) {
    this.access = new BucketAccess(store, options);
    const watch = { tell: this.tell, duringWrite: async (request: ObjectRequest) => this.duringWrite?.(request) };
    this.uploads = new MultipartUploads(store, this.access, watch);
  }

  async headBucket(request: BucketRequest): Promise<Bucket> {
    this.tell('HeadBucket', request);
    return this.access.reach('s3:ListBucket', request, undefined, NO_LIST);
  }

  async bucketLocation(request: BucketRequest): Promise<string> {
    this.tell('GetBucketLocation', request);
    return (await this.access.reach('s3:GetBucketLocation', request)).settings.region;
  }

  async list(request: BucketRequest & ListRequest): Promise<ListPage> {
    this.tell('ListObjectsV2', request);
    const bucket = await this.access.reach('s3:ListBucket', request, undefined, {
      ...NO_LIST,
      's3:prefix': request.prefix ?? '',
      ...request.delimiter !== undefined && { 's3:delimiter': request.delimiter },
      ...request.maxKeys !== undefined && { 's3:max-keys': String(request.maxKeys) },
    });
    return listPage(bucket.list(request.prefix ?? ''), request);
  }

  /** The object's description; its bytes are in its `file`. */
  async head(request: ReadRequest, operation: 'GetObject' | 'HeadObject' = 'HeadObject'): Promise<StoredObject> {
    this.tell(operation, request);
    const { versionId } = request;
    const bucket = await this.access.reach(versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', request, request.key);
    if (versionId !== undefined && versionId !== 'null') throw S3Errors.noSuchVersion(request.key, versionId);
    const object = bucket.get(request.key);
    if (object === undefined) {
      // Only who may list learns that a key does not exist.
      const mayList = await this.access.allows('s3:ListBucket', bucket, request.context, { ...request.conditions, ...NO_LIST });
      throw mayList ? S3Errors.noSuchKey(request.key) : S3Errors.accessDenied();
    }
    await this.access.requireKey('kms:Decrypt', object.encryption, bucket, request.context);
    return object;
  }

  async read(request: ReadRequest): Promise<Buffer> {
    return readFileSync((await this.head(request, 'GetObject')).file);
  }

  async put(request: PutRequest): Promise<StoredObject> {
    this.tell('PutObject', request);
    const { key, body, checksum, precondition } = request;
    const begun = this.store.bucket(request.bucket)?.changesOf(key);
    const { bucket, attributes } = await this.access.reachForWrite(request, 'object', precondition);
    await this.duringWrite?.(request);
    assertPrecondition(precondition, bucket, key, begun ?? bucket.changesOf(key));
    return bucket.put(key, body, attributes, checksum && { ...checksum, type: 'FULL_OBJECT' });
  }

  /** No error when the key does not exist, unless an object is asked for. */
  async delete(request: DeleteRequest): Promise<void> {
    this.tell('DeleteObject', request);
    await this.remove(request);
  }

  /** Each key has an outcome of its own. */
  async deleteAll(request: BucketRequest, keys: readonly Pick<DeleteRequest, 'key' | 'ifMatch'>[]): Promise<BatchDeletion> {
    this.tell('DeleteObjects', request);
    if (this.store.bucket(request.bucket) === undefined) throw S3Errors.noSuchBucket(request.bucket);
    if (keys.length === 0 || keys.length > MAX_DELETED) throw S3Errors.malformedXml();
    const deleted: string[] = [];
    const errors: { key: string; code: string; message: string }[] = [];
    for (const { key, ifMatch } of keys) {
      try {
        await this.remove({ ...request, key, ifMatch });
        deleted.push(key);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        errors.push({ key, code: error.code, message: error.message });
      }
    }
    return { deleted, errors };
  }

  /** Fails unless the caller may upload under this key in parts, and do all the rest of this with the object. */
  async assertUploadAllowed(actions: readonly string[], request: ObjectRequest): Promise<void> {
    const { bucket, attributes: { encryption } } = await this.access.reachForWrite(request, 'upload');
    for (const action of actions) await this.access.reach(action, request, request.key);
    await this.access.requireKey('kms:Decrypt', encryption, bucket, request.context);
    // AWS documents this right for results, but S3 does not use it: where a role has it, it counts as used.
    await this.access.requireKey('kms:Encrypt', encryption, bucket, request.context).catch((error: unknown) => {
      if (!(error instanceof ServiceError)) throw error;
    });
  }

  private async remove(request: DeleteRequest): Promise<void> {
    const { key, ifMatch } = request;
    const begun = this.store.bucket(request.bucket)?.changesOf(key);
    const bucket = await this.access.reach('s3:DeleteObject', request, key, { 's3:if-match': ifMatch ?? [] });
    if (ifMatch !== undefined && ifMatch !== '*') await this.access.reach('s3:GetObject', request, key);
    await this.duringWrite?.(request);
    assertDeletePrecondition(ifMatch, bucket, key, begun ?? bucket.changesOf(key));
    bucket.delete(key);
  }

  private readonly tell = (operation: string, { bucket, context, key }: BucketRequest & { readonly key?: string }): void => {
    this.onRequest?.({ operation, bucket, key, context });
  };
}
