import { Duration, IResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, Grant, IGrantable, IPrincipal, IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PageStore } from './binding';
import { KeptObjects } from '../../private/synth/kept-objects';
import { callsVia, useKey } from '../../private/synth/key-rights';
import { checkPlace } from '../../private/synth/place';
import { warn } from '../../private/synth/warning';
import { BatchRoom, PAGE_RESULTS } from '../contracts/read-page';
import { SourceEnvironment } from '../contracts/source-function';

export interface PageBucketProps {
  /** The user's own. */
  readonly bucket?: IBucket;
  readonly prefix: string;
  readonly retention: Duration;
  readonly encryptionKey?: IKey;
  readonly removalPolicy: RemovalPolicy;
  readonly maxPageBytes: number;
  /** How large a batch may be. Events of contract 2 do not say it, so the source function is told too. */
  readonly room: BatchRoom;
  /** The function or the state machine that processes items. */
  readonly processor: IResource;
}

/** The bucket of pages, and who may do what with it. */
export class PageBucket implements PageStore {
  public readonly bucket: IBucket;
  public readonly environment: Readonly<Record<string, string>>;
  private readonly pages: string;
  private readonly results: string;

  constructor(private readonly scope: Construct, private readonly props: PageBucketProps) {
    const { bucket, prefix, maxPageBytes, room } = props;
    if (bucket !== undefined) checkBucket(scope, bucket, prefix);
    this.bucket = bucket ?? createBucket(scope, props);
    new KeptObjects(scope, { option: 'prefix of PageTransport.s3', kind: 'pages', bucket: this.bucket, prefix: bucket === undefined ? '' : prefix });
    this.pages = this.bucket.arnForObjects(`${prefix}*`);
    this.results = this.bucket.arnForObjects(`${prefix}*/${PAGE_RESULTS}/*`);
    this.environment = {
      [SourceEnvironment.PAGE_BUCKET]: this.bucket.bucketName,
      [SourceEnvironment.PAGE_PREFIX]: prefix,
      [SourceEnvironment.PAGE_OBJECT_BYTES]: `${maxPageBytes}`,
      [SourceEnvironment.PAGE_BATCH_BYTES]: `${room.bytes}`,
      [SourceEnvironment.PAGE_BATCH_TEXT_BYTES]: `${room.textBytes}`,
      ...room.items !== null && { [SourceEnvironment.PAGE_BATCH_ITEMS]: `${room.items}` },
    };
  }

  public get writerStatements(): PolicyStatement[] {
    return [
      // What an attempt wrote that lost the race for its page, it deletes.
      new PolicyStatement({ actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:DeleteObject'], resources: [this.pages] }),
      // Without it, S3 answers that the record of a page may not be read where there is none. No condition on the prefix would hold then: that is one of
      // a list. Source: S3 API reference, "GetObject".
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
      ...this.keyRights('kms:Decrypt', 'kms:GenerateDataKey'),
    ];
  }

  public get readerStatements(): PolicyStatement[] {
    return [new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.pages] }), ...this.keyRights('kms:Decrypt')];
  }

  /** What a Distributed Map needs to read pages and to write what became of them. Source: Step Functions developer guide, "IAM policies for ResultWriter". */
  public processorStatements(deletePages: boolean): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['s3:GetObject', ...deletePages ? ['s3:DeleteObject'] : []], resources: [this.pages] }),
      new PolicyStatement({ actions: ['s3:PutObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'], resources: [this.results] }),
      ...this.keyRights('kms:Decrypt', 'kms:GenerateDataKey'),
    ];
  }

  public grantRead(grantee: IGrantable): Grant {
    const role = this.roleOfProcessorStack(grantee);
    const { encryptionKey } = this.bucket;
    if (encryptionKey !== undefined && role !== undefined && this.isOwn(encryptionKey)) {
      const conditions = { StringEquals: callsVia(encryptionKey, 's3') };
      // Forced by KMS: in the policy of a key, `*` means that key alone. Source: KMS developer guide, "Key policies", element Resource.
      encryptionKey.addToResourcePolicy(new PolicyStatement({ principals: [role], actions: ['kms:Decrypt'], resources: ['*'], conditions }));
    } else {
      for (const statement of this.keyRights('kms:Decrypt')) grantee.grantPrincipal.addToPrincipalPolicy(statement);
    }
    const read = { actions: ['s3:GetObject'], resourceArns: [this.pages] };
    return role !== undefined && this.isOwn(this.bucket)
      ? Grant.addToPrincipalOrResource({ grantee: role, ...read, resource: this.bucket })
      : Grant.addToPrincipal({ grantee, ...read });
  }

  /**
   * The role of the grantee, if it is of the stack of what processes items, and that is another one. The stack of the construct depends on that one already. A
   * right in the policy of the role would make the stacks depend on each other, which CloudFormation refuses; so it is in the policies of what is in the stack
   * of the construct. Within one account, these alone decide.
   */
  private roleOfProcessorStack({ grantPrincipal }: IGrantable): ArnPrincipal | undefined {
    const theirs = Stack.of(this.props.processor);
    if (theirs === Stack.of(this.scope) || !isRole(grantPrincipal) || Stack.of(grantPrincipal) !== theirs) return undefined;
    return new ArnPrincipal(grantPrincipal.roleArn);
  }

  /** Whether it is made in the stack of the construct, and not imported. */
  private isOwn(resource: IResource): boolean {
    return Stack.of(resource) === Stack.of(this.scope) && resource.node.defaultChild !== undefined;
  }

  /** S3 calls KMS for whoever reads and writes. */
  private keyRights(...actions: string[]): PolicyStatement[] {
    const { encryptionKey } = this.bucket;
    return encryptionKey === undefined ? [] : [useKey(encryptionKey, actions, { via: 's3' })];
  }
}

function isRole(principal: IPrincipal): principal is IRole {
  return Construct.isConstruct(principal) && 'roleArn' in principal;
}

function checkBucket(scope: Construct, bucket: IBucket, prefix: string): void {
  checkPlace('bucket of PageTransport.s3', scope, bucket, 'a Distributed Map reads from buckets of its own account and Region only');
  warn(
    scope, 'pageLifecycle',
    `bucket of PageTransport.s3 is your own, so nothing removes pages from it: add lifecycle rules that let objects under ${prefix} expire, such as after 30 `
      + 'days and no sooner than after 15, and that abort incomplete multipart uploads after a day; if it has versioning, noncurrent versions must expire as well, '
      + 'for what expires or is deleted there stays as such a version; acknowledge this warning when it has them',
  );
}

function createBucket(scope: Construct, { encryptionKey, retention, removalPolicy }: PageBucketProps): Bucket {
  return new Bucket(scope, 'Pages', {
    encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
    encryptionKey,
    bucketKeyEnabled: encryptionKey ? true : undefined,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    lifecycleRules: [{ expiration: retention, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy,
  });
}
