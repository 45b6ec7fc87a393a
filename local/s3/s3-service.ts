import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BucketAccess, Conditions } from './access';
import { Bucket, Encryption, ObjectAttributes, StoredObject, Upload, UploadPart } from './bucket';
import { S3Errors } from './errors';
import { ListPage, ListRequest, listPage } from './listing';
import { S3Store } from './store';
import { Authorize, AwsEnvironment, CallContext } from '../aws/service';
import { UseKey } from '../iam/key-use';

/** Where a request goes, and what its policies can ask about. */
export interface BucketRequest {
  readonly bucket: string;
  readonly context: CallContext;
  /** `x-amz-expected-bucket-owner`. */
  readonly expectedOwner?: string;
  /** Condition keys of the transport, such as `s3:signatureAge`. */
  readonly conditions?: Conditions;
}

export interface ObjectRequest extends BucketRequest {
  readonly key: string;
}

/** A request that may name a version. Buckets have no versioning here, so every object is the version `null`. */
export interface ReadRequest extends ObjectRequest {
  readonly versionId?: string;
}

export interface PutRequest extends ObjectRequest {
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Default: the bucket's. */
  readonly encryption?: Encryption;
  /** Only if no object, or only if the object with this ETag, is there. */
  readonly precondition?: { readonly ifNoneMatch?: '*'; readonly ifMatch?: string };
}

export interface UploadRequest extends ObjectRequest {
  readonly uploadId: string;
}

const SMALLEST_PART = 5 * 1024 * 1024;

/** Condition keys that only a list has values for, stated as absent: other operations need `s3:ListBucket` too. */
const NO_LIST: Conditions = { 's3:prefix': [], 's3:delimiter': [], 's3:max-keys': [] };

export interface S3Options {
  readonly environment: AwsEnvironment;
  readonly authorize: Authorize;
  /** For buckets and objects with a customer key. */
  readonly useKey: UseKey;
}

/** S3 as a caller sees it: every operation authorises the caller, then touches the store. Other services of the cloud call it too. */
export class S3Service {
  private readonly access: BucketAccess;

  constructor(readonly store: S3Store, { environment, authorize, useKey }: S3Options) {
    this.access = new BucketAccess(environment, authorize, useKey);
  }

  async headBucket(request: BucketRequest): Promise<Bucket> {
    return this.reach('s3:ListBucket', { ...request, conditions: { ...request.conditions, ...NO_LIST } });
  }

  async bucketLocation(request: BucketRequest): Promise<string> {
    return (await this.reach('s3:GetBucketLocation', request)).settings.region;
  }

  async list(request: BucketRequest & ListRequest): Promise<ListPage> {
    const bucket = await this.reach('s3:ListBucket', {
      ...request,
      conditions: {
        ...request.conditions,
        ...NO_LIST,
        's3:prefix': request.prefix ?? '',
        ...request.delimiter !== undefined && { 's3:delimiter': request.delimiter },
        ...request.maxKeys !== undefined && { 's3:max-keys': String(request.maxKeys) },
      },
    });
    return listPage(bucket.list(request.prefix ?? ''), request);
  }

  /** The object's description; its bytes are in its `file`. */
  async head(request: ReadRequest): Promise<StoredObject> {
    const { versionId } = request;
    const bucket = await this.reach(versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', request, request.key);
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
    return readFileSync((await this.head(request)).file);
  }

  /** Fails unless the caller may do all of this with the object, as the first of these would. */
  async assertAllowed(actions: readonly string[], request: ObjectRequest): Promise<void> {
    for (const action of actions) await this.reach(action, request, request.key);
  }

  async put(request: PutRequest): Promise<StoredObject> {
    const { bucket, attributes } = await this.prepareWrite(request);
    const { ifNoneMatch, ifMatch } = request.precondition ?? {};
    const present = bucket.get(request.key);
    if (ifNoneMatch !== undefined && present !== undefined) throw S3Errors.preconditionFailed('If-None-Match');
    if (ifMatch !== undefined && present === undefined) throw S3Errors.noSuchKey(request.key);
    if (ifMatch !== undefined && present?.etag !== ifMatch) throw S3Errors.preconditionFailed('If-Match');
    return bucket.put(request.key, request.body, attributes);
  }

  /** No error when the key does not exist. */
  async delete(request: ObjectRequest): Promise<void> {
    const bucket = await this.reach('s3:DeleteObject', request, request.key);
    bucket.delete(request.key);
  }

  async createUpload(request: Omit<PutRequest, 'body' | 'precondition'>): Promise<string> {
    const { bucket, attributes } = await this.prepareWrite(request);
    return bucket.startUpload(randomUUID(), request.key, attributes).id;
  }

  async uploadPart(request: UploadRequest & { readonly partNumber: number; readonly body: Uint8Array }): Promise<UploadPart> {
    const { bucket, upload } = await this.findUpload('s3:PutObject', request);
    await this.access.requireKey('kms:GenerateDataKey', upload.attributes.encryption, bucket, request.context);
    if (!Number.isInteger(request.partNumber) || request.partNumber < 1 || request.partNumber > 10_000) {
      throw S3Errors.invalidArgument('Part number must be an integer between 1 and 10000, inclusive');
    }
    return bucket.putPart(upload, request.partNumber, request.body);
  }

  async completeUpload(request: UploadRequest & { readonly parts: readonly { number: number; etag: string }[] }): Promise<StoredObject> {
    const { bucket, upload } = await this.findUpload('s3:PutObject', request);
    await this.access.requireKey('kms:Decrypt', upload.attributes.encryption, bucket, request.context);
    return bucket.completeUpload(upload, chosenParts(upload, request.parts));
  }

  async abortUpload(request: UploadRequest): Promise<void> {
    const { bucket, upload } = await this.findUpload('s3:AbortMultipartUpload', request);
    bucket.dropUpload(upload);
  }

  private async reach(action: string, request: BucketRequest, key?: string): Promise<Bucket> {
    const bucket = this.store.bucket(request.bucket);
    if (bucket === undefined) throw S3Errors.noSuchBucket(request.bucket);
    await this.access.require(action, bucket, key, request.context, request.conditions);
    if (request.expectedOwner !== undefined && request.expectedOwner !== bucket.settings.ownerAccount) throw S3Errors.accessDenied();
    return bucket;
  }

  private async prepareWrite(request: Omit<PutRequest, 'body'>): Promise<{ bucket: Bucket; attributes: ObjectAttributes }> {
    if (Buffer.byteLength(request.key) > 1_024) throw S3Errors.invalidArgument('A key has at most 1024 bytes');
    const asked = request.encryption && {
      's3:x-amz-server-side-encryption': request.encryption.algorithm,
      ...request.encryption.algorithm === 'aws:kms' && { 's3:x-amz-server-side-encryption-aws-kms-key-id': request.encryption.keyArn },
    };
    const bucket = await this.reach('s3:PutObject', { ...request, conditions: { ...request.conditions, ...asked } }, request.key);
    const encryption = request.encryption ?? bucket.settings.encryption;
    await this.access.requireKey('kms:GenerateDataKey', encryption, bucket, request.context);
    return { bucket, attributes: { encryption, headers: request.headers ?? {}, metadata: request.metadata ?? {} } };
  }

  private async findUpload(action: string, request: UploadRequest): Promise<{ bucket: Bucket; upload: Upload }> {
    const bucket = await this.reach(action, request, request.key);
    const upload = bucket.upload(request.uploadId, request.key);
    if (upload === undefined) throw S3Errors.noSuchUpload(request.uploadId);
    return { bucket, upload };
  }
}

function chosenParts(upload: Upload, asked: readonly { number: number; etag: string }[]): UploadPart[] {
  if (asked.length === 0) throw S3Errors.malformedXml();
  if (asked.some(({ number }, index) => index > 0 && number <= asked[index - 1].number)) throw S3Errors.invalidPartOrder();
  const parts = asked.map(({ number, etag }) => {
    const part = upload.parts.get(number);
    if (part === undefined || part.etag.replaceAll('"', '') !== etag.replaceAll('"', '')) throw S3Errors.invalidPart();
    return part;
  });
  if (parts.slice(0, -1).some(({ size }) => size < SMALLEST_PART)) throw S3Errors.entityTooSmall();
  return parts;
}
