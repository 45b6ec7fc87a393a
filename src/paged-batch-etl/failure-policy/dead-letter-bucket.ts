import { RemovalPolicy } from 'aws-cdk-lib';
import { Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { KeptObjects } from '../../private/synth/kept-objects';
import { useKey } from '../../private/synth/key-rights';
import { checkPlace } from '../../private/synth/place';

export interface DeadLetterBucketProps {
  /** The user's own. */
  readonly bucket?: IBucket;
  readonly prefix: string;
  readonly encryptionKey?: IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** The bucket of letters, and who may do what with it. */
export class DeadLetterBucket {
  public readonly bucket: IBucket;
  private readonly letters: string;

  constructor(scope: Construct, private readonly props: DeadLetterBucketProps) {
    const { bucket, prefix, encryptionKey, removalPolicy } = props;
    if (bucket !== undefined) {
      checkPlace('bucket of deadLetters of FailurePolicy.tolerate', scope, bucket, 'letters may have documents, which stay in the account and Region of the run');
    }
    this.bucket = bucket ?? new Bucket(scope, 'DeadLetters', {
      encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      encryptionKey,
      bucketKeyEnabled: encryptionKey ? true : undefined,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy,
    });
    new KeptObjects(scope, { option: 'prefix of deadLetters of FailurePolicy.tolerate', kind: 'letters', bucket: this.bucket, prefix });
    this.letters = this.bucket.arnForObjects(`${prefix}*`);
  }

  /** Letters of an attempt before are removed where nothing failed anymore, and so is what an attempt wrote in part. */
  public get writerStatements(): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'], resources: [this.letters] }),
      // A part of an upload is encrypted with the key of the others.
      ...this.keyRights('kms:Decrypt', 'kms:GenerateDataKey'),
    ];
  }

  /** A replay reads letters and never changes them: that it is done with them stand in receipts. */
  public get replayStatements(): PolicyStatement[] {
    const { prefix } = this.props;
    return [
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.letters] }),
      new PolicyStatement({ actions: ['s3:PutObject'], resources: [this.bucket.arnForObjects(`${prefix}receipts/*`)] }),
      // No condition on the prefix: without the right, S3 answers that a letter which is gone may not be read, and a condition on a list does not hold then. Source:
      // S3 API reference, "GetObject".
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
      ...this.keyRights('kms:Decrypt', 'kms:GenerateDataKey'),
    ];
  }

  /** Letters have the names of hashes, so whoever reads them lists them. */
  public grantRead(grantee: IGrantable): Grant {
    for (const statement of this.keyRights('kms:Decrypt')) grantee.grantPrincipal.addToPrincipalPolicy(statement);
    const read = Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: [this.letters] });
    return read.combine(Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucket.bucketArn], conditions: this.belowPrefix }));
  }

  private get belowPrefix() {
    return { StringLike: { 's3:prefix': `${this.props.prefix}*` } };
  }

  /** S3 calls KMS for whoever reads and writes. */
  private keyRights(...actions: string[]): PolicyStatement[] {
    const { encryptionKey } = this.bucket;
    return encryptionKey === undefined ? [] : [useKey(encryptionKey, actions, { via: 's3' })];
  }
}
