import * as path from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, FunctionOptions, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { writeLogs } from './function-rights';

/** Where the bundles of our handlers lie in the package: `src` and `lib` are equally deep. */
const ASSETS = path.join(__dirname, '../../../assets');

export interface HandlerFunctionProps {
  /** Path of the handler's source below `src/`, without `.lambda.ts`. */
  readonly handler: string;
  readonly description: string;
  readonly roleDescription: string;
  readonly runtime: Runtime;
  readonly timeout: Duration;
  readonly memorySize: number;
  readonly environment: { [name: string]: string };
  /** Rights of the function, beside that to write its log. */
  readonly statements?: readonly PolicyStatement[];
  /** Where it logs, if that is no new log group. */
  readonly logGroup?: ILogGroup;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  /** Encrypts the log group, if that is no key of AWS. */
  readonly encryptionKey?: IKey;
  readonly tracing?: boolean;
  /** Network, concurrency, and what becomes of asynchronous calls. */
  readonly options?: Pick<
    FunctionOptions,
    | 'vpc' | 'vpcSubnets' | 'securityGroups' | 'allowAllOutbound' | 'allowAllIpv6Outbound' | 'ipv6AllowedForDualStack'
    | 'reservedConcurrentExecutions' | 'maxEventAge' | 'retryAttempts' | 'onFailure'
  >;
}

/** One of our handlers as a function, with its role and its log: `<id>`, `<id>Role` and `<id>Logs`. */
export class HandlerFunction {
  public readonly lambdaFunction: LambdaFunction;
  public readonly role: Role;
  public readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    const { removalPolicy, logRetention: retention, encryptionKey } = props;
    this.logGroup = props.logGroup ?? new LogGroup(scope, `${id}Logs`, { retention, removalPolicy, encryptionKey });
    this.role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: props.roleDescription });
    for (const statement of [writeLogs(this.logGroup), ...props.statements ?? []]) this.role.addToPrincipalPolicy(statement);
    this.lambdaFunction = new LambdaFunction(scope, id, {
      ...props.options,
      description: props.description,
      runtime: props.runtime,
      handler: 'index.handler',
      code: Code.fromAsset(path.join(ASSETS, props.handler)),
      memorySize: props.memorySize,
      timeout: props.timeout,
      role: this.role,
      logGroup: this.logGroup,
      environment: props.environment,
      tracing: props.tracing ? Tracing.ACTIVE : undefined,
    });
  }
}
