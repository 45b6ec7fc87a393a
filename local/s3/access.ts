import { Bucket, Encryption } from './bucket';
import { S3Errors } from './errors';
import { AuthorizationRequest, Authorize, AwsEnvironment, CallContext, ServiceError } from '../aws/service';
import { UseKey, viaService } from '../iam/key-use';

/** Condition keys of a request beyond the global ones. */
export type Conditions = NonNullable<AuthorizationRequest['conditions']>;

/** Decides who may do what with buckets and objects: the caller's policies and the bucket's. */
export class BucketAccess {
  constructor(private readonly environment: AwsEnvironment, private readonly authorize: Authorize, private readonly useKey: UseKey) {}

  /** Throws AccessDenied unless the action on the bucket, or on one of its objects, is allowed. */
  async require(action: string, bucket: Bucket, key: string | undefined, context: CallContext, conditions: Conditions = {}): Promise<void> {
    const { arn, ownerAccount, publicAccess } = bucket.settings;
    const anonymous = context.caller.arn === undefined && context.caller.service === undefined;
    if (anonymous && (publicAccess.restrictPublicBuckets || bucket.policy === undefined)) throw S3Errors.accessDenied();
    const resource = key === undefined ? arn : `${arn}/${key}`;
    const request = { action, resource, conditions, resourcePolicy: bucket.policy, resourceAccount: ownerAccount };
    await this.decide(async () => this.authorize(request, context));
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
  async requireKey(action: 'kms:Decrypt' | 'kms:GenerateDataKey', encryption: Encryption, bucket: Bucket, context: CallContext): Promise<void> {
    if (encryption.algorithm !== 'aws:kms') return;
    const { region } = bucket.settings;
    const circumstances = { viaService: viaService('s3', { ...this.environment, region }) };
    await this.decide(async () => this.useKey(encryption.keyArn, action, context, circumstances));
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
