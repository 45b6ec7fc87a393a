import { Authorize, AwsEnvironment, AwsService, CallContext, JsonObject, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { FunctionConfiguration, FunctionCredentials } from './function-configuration';
import { LogWriter } from './function-log';
import { assertLatest, functionNotFound, parseFunctionReference } from './function-names';
import { FunctionHost, InvocationResult, LambdaFunction, throttled } from './lambda-function';
import { assertPayload, MAX_CONCURRENCY } from './limits';
import { TaskFolders } from './task-folder';
import { LocalNetwork } from '../network/local-network';

export interface LambdaServiceOptions {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  readonly authorize: Authorize;
  /** Opens a session of a function's role, as Lambda does; rejects when the role does not trust Lambda. */
  readonly credentialsFor: (roleArn: string, functionName: string) => Promise<FunctionCredentials>;
  /** Variables that lead functions to the local services, such as `AWS_ENDPOINT_URL_S3` and `NODE_EXTRA_CA_CERTS`; asked for each new process. */
  readonly extraEnvironment?: () => Readonly<Record<string, string>>;
  /** What functions can reach beside loopback; asked for each invocation. Default: nothing. */
  readonly network?: () => LocalNetwork;
  /** Gets every event of every log. Default: they are dropped. */
  readonly log?: LogWriter;
}

/** Lambda: functions in processes of their own. */
export class LambdaService implements AwsService {
  readonly name = 'lambda';
  /** Settings of functions that are accepted but have no effect here, `LogicalId.Property`. */
  readonly notModelled: string[] = [];
  private readonly functions = new Map<string, LambdaFunction>();
  private readonly folders = new TaskFolders();
  private readonly host: FunctionHost;

  constructor(private readonly options: LambdaServiceOptions) {
    this.host = {
      environment: options.environment,
      clock: options.clock,
      credentialsFor: options.credentialsFor,
      extraEnvironment: options.extraEnvironment ?? (() => ({})),
      network: options.network ?? (() => ({})),
      log: options.log ?? (() => {}),
      readable: this.folders.readable,
    };
  }

  /** Makes a function. Fails, as on AWS, when Lambda may not assume its role. */
  async createFunction(configuration: FunctionConfiguration): Promise<void> {
    const { functionName, roleArn } = configuration;
    if (this.functions.has(functionName)) throw new ServiceError('ResourceConflictException', `Function already exist: ${functionName}`, 409);
    await this.options.credentialsFor(roleArn, functionName);
    this.functions.set(functionName, new LambdaFunction(configuration, this.folders.add(configuration.code), this.host));
  }

  /** Adds a statement to the policy of a function. */
  addPermission(functionNameOrArn: string, statement: JsonObject): void {
    const reference = parseFunctionReference(functionNameOrArn, this.options.environment);
    const lambda = this.functions.get(reference.functionName);
    if (lambda === undefined) throw functionNotFound(reference.arn);
    lambda.policyStatements.push({ ...statement, Resource: reference.arn });
  }

  /** Invokes a function and waits for its answer; virtual time follows real time meanwhile. */
  async invoke(functionNameOrArn: string, payloadJson: string, context: CallContext, qualifier?: string): Promise<InvocationResult> {
    // A handler takes its time: time-outs of whoever called it must be able to overtake it.
    return this.options.clock.pace(1, async () => {
      const reference = parseFunctionReference(functionNameOrArn, this.options.environment, qualifier);
      const lambda = this.functions.get(reference.functionName);
      const statements = lambda?.policyStatements ?? [];
      await this.options.authorize({
        action: 'lambda:InvokeFunction',
        resource: reference.arn,
        resourcePolicy: statements.length > 0 ? { Version: '2012-10-17', Statement: statements } : undefined,
      }, context);
      assertPayload(payloadJson);
      assertLatest(reference);
      if (lambda === undefined) throw functionNotFound(reference.arn);
      const underway = [...this.functions.values()].reduce((sum, { concurrency }) => sum + concurrency, 0);
      if (underway >= MAX_CONCURRENCY) throw throttled('ConcurrentInvocationLimitExceeded');
      return lambda.invoke(payloadJson, reference.arn);
    });
  }

  /** The same, under the name that the workflow engine calls. */
  async invokeFunction(functionNameOrArn: string, payloadJson: string, context: CallContext): Promise<InvocationResult> {
    return this.invoke(functionNameOrArn, payloadJson, context);
  }

  async call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    if (operation !== 'Invoke') throw new Error(`lambda: the local cloud does not implement ${operation}`);
    const { FunctionName, Payload = '{}', Qualifier, InvocationType = 'RequestResponse', LogType = 'None', ...rest } = input;
    const unsupported = Object.keys(rest);
    if (InvocationType !== 'RequestResponse') unsupported.push(`InvocationType ${String(InvocationType)}`);
    if (LogType !== 'None') unsupported.push(`LogType ${String(LogType)}`);
    if (unsupported.length > 0) throw new Error(`lambda: the local cloud does not implement ${unsupported.join(', ')} of Invoke`);
    if (typeof FunctionName !== 'string' || typeof Payload !== 'string' || (Qualifier !== undefined && typeof Qualifier !== 'string')) {
      throw new ServiceError('ValidationException', 'FunctionName, Payload and Qualifier must be strings');
    }
    const result = await this.invoke(FunctionName, Payload, context, Qualifier);
    return {
      StatusCode: result.statusCode,
      ExecutedVersion: result.executedVersion,
      Payload: result.payload,
      ...result.functionError !== undefined && { FunctionError: result.functionError },
    };
  }

  /** Ends every process and deletes every unpacked bundle. */
  async close(): Promise<void> {
    await Promise.all([...this.functions.values()].map(async (lambda) => lambda.close()));
    this.folders.remove();
  }
}
