import { RemovalPolicy } from 'aws-cdk-lib';
import { Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Tolerance } from '../workflow/tolerance';

/** What a run does about items that fail. */
export interface FailurePolicyBinding {
  /** Undefined where the first one fails the run. */
  bind(options: FailurePolicyBindOptions): FailurePolicyParts | undefined;
}

export interface FailurePolicyBindOptions {
  readonly scope: Construct;
  readonly runtime: Runtime;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
  readonly tracing?: boolean;
}

export interface LettersReplay {
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
}

export interface FailurePolicyParts {
  /** For the machines. */
  readonly tolerance: Tolerance;
  readonly collector: LambdaFunction;
  readonly logGroup: ILogGroup;
  /** Where letters are. */
  readonly bucket: IBucket;
  /** What the source function needs to read them in place of its source. */
  readonly replay: LettersReplay;
  /** Grants the collector a right that it needs of others, such as to read pages. */
  allow(statements: readonly PolicyStatement[]): void;
  grantReadLetters(grantee: IGrantable): Grant;
}
