import { Bucket } from './bucket';
import { S3Errors } from './errors';
import { Encryption, ObjectAttributes } from './objects';
import { BucketRequest, Conditions, Precondition, WriteRequest } from './requests';
import { S3Store } from './store';
import { Authorize, AwsEnvironment, CallContext, ServiceError } from '../aws/service';
import { KeyAction, UseKey, viaService } from '../iam/key-use';

export interface AccessOptions {
  readonly environment: AwsEnvironment;
  readonly authorize: Authorize;
  /** For buckets and objects with a customer key. */
  readonly useKey: UseKey;
}

/** Condition keys that only a list has values for, stated as absent: other operations need `s3:ListBucket` too. */
export const NO_LIST: Conditions = { 's3:prefix': [], 's3:delimiter': [], 's3:max-keys': [] };

/** Decides who may do what with buckets and objects: the caller's policies and the bucket's. */
export class BucketAccess {
  constructor(private readonly store: S3Store, private readonly options: AccessOptions) {}

  /** The bucket, for a caller who may do that with it, or with one of its objects. */
  async reach(action: string, { bucket: name, context, conditions, expectedOwner }: BucketRequest, key?: string, more?: Conditions): Promise<Bucket> {
    const bucket = this.store.bucket(name);
    if (bucket === undefined) throw S3Errors.noSuchBucket(name);
    await this.require(action, bucket, key, context, { ...conditions, ...more });
    if (expectedOwner !== undefined && expectedOwner !== bucket.settings.ownerAccount) throw S3Errors.accessDenied();
    return bucket;
  }

  /** The bucket and what is stored with an object, for a caller who may create it; `operation`: the whole object, or an upload of its parts. */
  async reachForWrite(
    request: WriteRequest, operation: 'object' | 'upload', precondition?: Precondition,
  ): Promise<{ bucket: Bucket; attributes: ObjectAttributes }> {
    if (Buffer.byteLength(request.key) > 1_024) throw S3Errors.invalidArgument('A key has at most 1024 bytes');
    const bucket = await this.reach('s3:PutObject', request, request.key, writeConditions(operation === 'object', precondition, request.encryption));
    if (precondition?.ifMatch !== undefined) await this.reach('s3:GetObject', request, request.key);
    const encryption = request.encryption ?? bucket.settings.encryption;
    await this.requireKey('kms:GenerateDataKey', encryption, bucket, request.context);
    return { bucket, attributes: { encryption, headers: request.headers ?? {}, metadata: request.metadata ?? {} } };
  }

  async allows(action: string, bucket: Bucket, context: CallContext, conditions: Conditions): Promise<boolean> {
    try {
      await this.require(action, bucket, undefined, context, conditions);
      return true;
    } catch (error) {
      if (error instanceof ServiceError) return false;
      throw error;
    }
  }

  /** With a KMS key, the caller needs the key too: `kms:GenerateDataKey` to write, `kms:Decrypt` to read. */
  async requireKey(action: KeyAction, encryption: Encryption, bucket: Bucket, context: CallContext): Promise<void> {
    if (encryption.algorithm !== 'aws:kms') return;
    const { environment, useKey } = this.options;
    const { region } = bucket.settings;
    const circumstances = { viaService: viaService('s3', { ...environment, region }) };
    await this.decide(async () => useKey(encryption.keyArn, action, context, circumstances));
  }

  private async require(action: string, bucket: Bucket, key: string | undefined, context: CallContext, conditions: Conditions): Promise<void> {
    const { arn, ownerAccount, publicAccess } = bucket.settings;
    const anonymous = context.caller.arn === undefined && context.caller.service === undefined;
    if (anonymous && (publicAccess.restrictPublicBuckets || bucket.policy === undefined)) throw S3Errors.accessDenied();
    const resource = key === undefined ? arn : `${arn}/${key}`;
    const request = { action, resource, conditions, resourcePolicy: bucket.policy, resourceAccount: ownerAccount };
    await this.decide(async () => this.options.authorize(request, context));
  }

  private async decide(decision: () => Promise<void>): Promise<void> {
    try {
      await decision();
    } catch (error) {
      // S3 has its own name for what other services call AccessDeniedException.
      throw error instanceof ServiceError ? S3Errors.accessDenied(error.message) : error;
    }
  }
}

/**
 * What a policy can ask about `s3:PutObject`: PutObject and CompleteMultipartUpload create an object, the other operations on parts do not. Source: S3
 * user guide, "Enforce conditional writes on Amazon S3 buckets".
 */
export function writeConditions(createsObject: boolean, { ifNoneMatch, ifMatch }: Partial<Precondition> = {}, encryption?: Encryption): Conditions {
  return {
    's3:ObjectCreationOperation': String(createsObject),
    's3:if-none-match': ifNoneMatch ?? [],
    's3:if-match': ifMatch ?? [],
    's3:x-amz-server-side-encryption': encryption?.algorithm ?? [],
    's3:x-amz-server-side-encryption-aws-kms-key-id': encryption?.algorithm === 'aws:kms' ? encryption.keyArn : [],
  };
}
