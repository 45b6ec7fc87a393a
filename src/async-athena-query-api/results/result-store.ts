import { ArnFormat, Duration, Names, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { IGrantable, IPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { CALLED_VIA_ATHENA, glueArn } from '../../private/synth/athena-calls';
import { KeptObjects } from '../../private/synth/kept-objects';
import { useKey } from '../../private/synth/key-rights';

export interface ResultStoreProps {
  readonly resultBucket?: IBucket;
  readonly resultPrefix: string;
  /** Prefixes of executions that were started with others. */
  readonly formerResultPrefixes: readonly string[];
  readonly resultEncryptionKey?: IKey;
  readonly resultRetention: Duration;
  readonly workGroupName?: string;
  readonly bytesScannedCutoffPerQuery: Size;
  readonly removalPolicy: RemovalPolicy;
}

/** What unqualified names of tables are of. */
interface QueryContext {
  readonly catalog?: string;
  readonly database?: string;
  /** Those that a request may choose from. */
  readonly databases?: readonly string[];
}

/** What a query may be run with. */
interface RunContext extends QueryContext {
  readonly choosesFormat: boolean;
  readonly resultReuse?: Duration;
}

/** Where results lie: the bucket, and the workgroup that makes every query write there. */
export class ResultStore {
  public readonly bucket: IBucket;
  public readonly workGroupName: string;
  public readonly workGroupArn: string;
  /** `s3://bucket/prefix/`. */
  public readonly location: string;
  /** The same for results of executions that were started with other prefixes. */
  public readonly formerLocations: readonly string[];
  /** Customer key that results are encrypted with, if any. */
  public readonly encryptionKey?: IKey;
  private readonly prefixes: readonly string[];
  private readonly objects: readonly string[];

  constructor(private readonly scope: Construct, props: ResultStoreProps) {
    this.bucket = props.resultBucket ?? createBucket(scope, props);
    new KeptObjects(scope, {
      option: 'resultPrefix', kind: 'results', bucket: this.bucket, prefix: props.resultBucket === undefined ? '' : props.resultPrefix,
    });
    this.location = this.bucket.s3UrlForObject(props.resultPrefix);
    this.formerLocations = props.formerResultPrefixes.map((prefix) => this.bucket.s3UrlForObject(prefix));
    this.encryptionKey = props.resultEncryptionKey ?? this.bucket.encryptionKey;
    this.prefixes = [props.resultPrefix, ...props.formerResultPrefixes];
    this.objects = this.prefixes.map((prefix) => this.bucket.arnForObjects(`${prefix}*`));
    this.workGroupName = props.workGroupName ?? this.createWorkGroup(scope, props);
    this.workGroupArn = Stack.of(scope).formatArn({
      service: 'athena', resource: 'workgroup', resourceName: this.workGroupName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }

  /** Rights to run queries in the workgroup and, through Athena only, to write results under the prefix, or under one that was it. */
  public grantRunQueries(grantee: IGrantable, { catalog, database, databases = [], choosesFormat, resultReuse }: RunContext): void {
    const principal = grantee.grantPrincipal;
    add(principal, ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:StopQueryExecution'], [this.workGroupArn]);
    const bucketActions = ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'];
    add(principal, bucketActions, [this.bucket.bucketArn], CALLED_VIA_ATHENA);
    add(principal, ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject'], [...this.objects], CALLED_VIA_ATHENA);
    // UNLOAD looks whether its folder is empty.
    if (choosesFormat) this.grantList(principal, CALLED_VIA_ATHENA);
    // Athena takes a former result for whoever may read it. Source: Athena user guide, "Reuse query results".
    if (resultReuse !== undefined) add(principal, ['s3:GetObject'], [...this.objects], CALLED_VIA_ATHENA);
    // Athena writes and reads objects, and S3 calls KMS for it.
    if (this.encryptionKey) principal.addToPrincipalPolicy(useKey(this.encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey'], { via: 's3' }));
    if (catalog !== undefined) {
      add(principal, ['athena:GetDataCatalog'], [Stack.of(this.scope).formatArn({ service: 'athena', resource: 'datacatalog', resourceName: catalog })]);
    }
    // Athena looks up Glue's default database, and those that unqualified names are of, whatever the query is about.
    const names = [...new Set(['default', database ?? 'default', ...databases])].map((name) => glueArn(this.scope, 'database', name));
    add(principal, ['glue:GetDatabase'], [glueArn(this.scope, 'catalog'), ...names], CALLED_VIA_ATHENA);
  }

  /** Rights to read results and to list them, and nothing else. */
  public grantReadResults(grantee: IGrantable): void {
    add(grantee.grantPrincipal, ['s3:GetObject'], [...this.objects]);
    // Without it, nobody can tell a result that is missing from one that must not be read.
    this.grantList(grantee.grantPrincipal);
    if (this.encryptionKey) grantee.grantPrincipal.addToPrincipalPolicy(useKey(this.encryptionKey, ['kms:Decrypt'], { via: 's3' }));
  }

  private grantList(principal: IPrincipal, conditions: Record<string, unknown> = {}): void {
    add(principal, ['s3:ListBucket'], [this.bucket.bucketArn], { ...conditions, StringLike: { 's3:prefix': this.prefixes.map((prefix) => `${prefix}*`) } });
  }

  private createWorkGroup(scope: Construct, props: ResultStoreProps): string {
    // CloudFormation requires a name here.
    const name = Names.uniqueResourceName(scope, { maxLength: 128, separator: '-' });
    const workGroup = new CfnWorkGroup(scope, 'WorkGroup', {
      name,
      // Without this, a stack could not be deleted after its first query.
      recursiveDeleteOption: props.removalPolicy === RemovalPolicy.DESTROY,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: props.bytesScannedCutoffPerQuery.toBytes(),
        resultConfiguration: {
          outputLocation: this.location,
          expectedBucketOwner: this.bucket.env.account,
          encryptionConfiguration: this.encryptionKey
            ? { encryptionOption: 'SSE_KMS', kmsKey: this.encryptionKey.keyArn }
            : { encryptionOption: 'SSE_S3' },
        },
      },
    });
    workGroup.applyRemovalPolicy(props.removalPolicy);
    return workGroup.ref;
  }
}

function createBucket(scope: Construct, props: ResultStoreProps): Bucket {
  return new Bucket(scope, 'Results', {
    encryption: props.resultEncryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
    encryptionKey: props.resultEncryptionKey,
    bucketKeyEnabled: props.resultEncryptionKey ? true : undefined,
    enforceSSL: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    lifecycleRules: [{ expiration: props.resultRetention, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy: props.removalPolicy,
  });
}

function add(principal: IPrincipal, actions: string[], resources: string[], conditions: Record<string, unknown> = {}): void {
  principal.addToPrincipalPolicy(new PolicyStatement({ actions, resources, conditions }));
}
