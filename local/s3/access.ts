import { Bucket, Encryption } from './bucket';
import { S3Errors } from './errors';
import { parseArn } from '../aws/arn';
import { AuthorizationRequest, Authorize, CallContext, PolicyDocument, ServiceError } from '../aws/service';

/** Condition keys of a request beyond the global ones. */
export type Conditions = NonNullable<AuthorizationRequest['conditions']>;

/** Policy of a KMS key by its ARN. */
export type KeyPolicyOf = (keyArn: string) => PolicyDocument;

/** The policy that a key has when nobody gave it another: the account's own policies decide. */
export function defaultKeyPolicy(keyArn: string): PolicyDocument {
  const { partition, account } = parseArn(keyArn);
  const principal = { AWS: `arn:${partition}:iam::${account}:root` };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: 'kms:*', Resource: '*' }] };
}

/** Decides who may do what with buckets and objects: the caller's policies and the bucket's. */
export class BucketAccess {
  constructor(private readonly authorize: Authorize, private readonly keyPolicyOf: KeyPolicyOf) {}

  /** Throws AccessDenied unless the action on the bucket, or on one of its objects, is allowed. */
  async require(action: string, bucket: Bucket, key: string | undefined, context: CallContext, conditions: Conditions = {}): Promise<void> {
    const { arn, ownerAccount, publicAccess } = bucket.settings;
    const anonymous = context.caller.arn === undefined && context.caller.service === undefined;
    if (anonymous && (publicAccess.restrictPublicBuckets || bucket.policy === undefined)) throw S3Errors.accessDenied();
    const resource = key === undefined ? arn : `${arn}/${key}`;
    await this.decide({ action, resource, conditions, resourcePolicy: bucket.policy, resourceAccount: ownerAccount }, context);
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
    const { partition, account } = parseArn(encryption.keyArn);
    const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    const conditions = { 'kms:ViaService': `s3.${bucket.settings.region}.${suffix}` };
    const { keyArn: resource } = encryption;
    // S3 is no service that `aws:CalledVia` names, and it is not known to pass on what called it before.
    const request = { action, resource, conditions, resourcePolicy: this.keyPolicyOf(resource), resourceAccount: account };
    await this.decide(request, { ...context, calledVia: [] });
  }

  private async decide(request: AuthorizationRequest, context: CallContext): Promise<void> {
    try {
      await this.authorize(request, context);
    } catch (error) {
      // S3 has its own name for what other services call AccessDeniedException.
      throw error instanceof ServiceError ? S3Errors.accessDenied(error.message) : error;
    }
  }
}
