import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { PageSourceParts } from './binding';
import { warnOfS3Route } from './service-route';
import { checkEnvironment } from '../../private/synth/environment-size';
import { workInVpc } from '../../private/synth/function-network';
import { HandlerFunction } from '../../private/synth/handler-function';
import { IdempotencyConfig, SourceEnvironment } from '../contracts/source-function';
import { RunParameterBindings } from '../run-parameter/binding';

export interface SourceFunctionProps {
  readonly source: PageSourceParts;
  readonly parameters: RunParameterBindings;
  readonly batchSize: number;
  readonly failEmptyRun: boolean;
  /** What idempotency keys depend on; absent where that is the run. */
  readonly idempotency?: IdempotencyConfig;
  /** Most bytes of a page that travels in the state of the workflow. */
  readonly maxPageBytes: number;
  /** Where pages are written, if they are. */
  readonly store?: PageWriting;
  /** How letters of failed items are read in place of the source, where there are any. */
  readonly replay?: LettersReading;
  readonly runtime: Runtime;
  readonly sourceLogGroup?: ILogGroup;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
  readonly tracing?: boolean;
}

/** What a source function needs to write pages. */
export interface PageWriting {
  readonly environment: Readonly<Record<string, string>>;
  readonly writerStatements: readonly PolicyStatement[];
}

/** What a source function needs to read letters. */
export interface LettersReading {
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
}

/** Reads a page: the function, its role and its log. */
export class SourceFunction {
  public readonly sourceFunction: LambdaFunction;
  public readonly logGroup: ILogGroup;

  constructor(scope: Construct, props: SourceFunctionProps) {
    const { source } = props;
    const environment = environmentOf(scope, props);
    checkEnvironment(scope, 'the source together with the parameters', environment, 'shorten the filter or the projection');
    if (props.store !== undefined) warnOfS3Route(scope, 'the source', source, 'pages');
    else if (props.replay !== undefined) warnOfS3Route(scope, 'the source', source, 'letters');
    const networking = source.vpc === undefined ? [] : workInVpc();
    const { lambdaFunction, logGroup } = new HandlerFunction(scope, 'Source', {
      handler: source.handler,
      description: source.description,
      roleDescription: 'Reads the pages of a run',
      runtime: props.runtime,
      timeout: source.timeout,
      memorySize: source.memorySize,
      environment,
      statements: [...source.statements, ...props.store?.writerStatements ?? [], ...props.replay?.statements ?? [], ...networking],
      logGroup: props.sourceLogGroup,
      logRetention: props.logRetention,
      removalPolicy: props.removalPolicy,
      encryptionKey: props.encryptionKey,
      tracing: props.tracing,
      options: { vpc: source.vpc, vpcSubnets: source.vpcSubnets, securityGroups: source.securityGroups },
    });
    this.sourceFunction = lambdaFunction;
    this.logGroup = logGroup;
  }
}

function environmentOf(scope: Construct, props: SourceFunctionProps): Record<string, string> {
  const { source, parameters, batchSize, maxPageBytes, store, replay, failEmptyRun, idempotency } = props;
  const rules = Object.fromEntries(Object.entries(parameters).map(([name, { rule }]) => [name, rule]));
  return {
    [SourceEnvironment.PARAMETERS]: Stack.of(scope).toJsonString(rules),
    [SourceEnvironment.PAGE_BYTES]: `${maxPageBytes}`,
    [SourceEnvironment.MAX_BATCH_SIZE]: `${batchSize}`,
    ...store?.environment,
    ...replay?.environment,
    ...(failEmptyRun && { [SourceEnvironment.EMPTY_RUN]: 'fail' }),
    ...(idempotency !== undefined && { [SourceEnvironment.IDEMPOTENCY]: Stack.of(scope).toJsonString(idempotency) }),
    ...source.environment,
  };
}
