import { parseArn } from '../aws/arn';
import { Authorize, AwsEnvironment, AwsService, CallContext, Caller, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { EmitMetric } from '../cloudwatch/metric-store';
import { JsonObject } from '../json';
import { AsynchronousInvocations, DroppedEvent, EventInvokeSettings } from './asynchronous';
import { FunctionConfiguration, FunctionCredentials } from './function-configuration';
import { OpenLog } from './function-log';
import { assertLatest, functionNotFound, FunctionReference, parseFunctionReference } from './function-names';
import { FunctionHost, InvocationResult, LambdaFunction } from './lambda-function';
import { assertPayload, MAX_ASYNCHRONOUS_PAYLOAD_BYTES, MAX_CONCURRENCY, MAX_PAYLOAD_BYTES, MIN_UNRESERVED_CONCURRENCY, unreservedRoom } from './limits';
import { assertNetworkInterfaces, NetworkOwners } from './network-interfaces';
import { assertTracing } from './role-rights';
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
  /** Ports of loopback that functions can reach; asked for each invocation. Default: all. */
  readonly loopbackPorts?: () => readonly number[];
  /** Opens the log of each new process. Default: what functions log is dropped. */
  readonly openLog?: OpenLog;
  /** Takes the metrics of functions. Default: nobody does. */
  readonly emitMetric?: EmitMetric;
  /** Who Lambda is when it acts with a function's role. Default: a function in a VPC, or with a destination, cannot be made. */
  readonly assumeRole?: (roleArn: string, functionName: string) => Promise<Caller>;
  /** Who owns what functions use of shared VPCs. Default: nothing is shared. */
  readonly networkOwners?: NetworkOwners;
  /** Sends to a queue what asynchronous invocations failed at. Default: a function cannot have such a destination. */
  readonly sendToQueue?: (queueArn: string, body: string, context: CallContext) => Promise<void>;
  /** Told what an asynchronous invocation threw that is no failure of the function. Default: nobody is. */
  readonly onFault?: (fault: Error) => void;
}

/** A function, and how it was named. */
interface NamedFunction {
  readonly lambda: LambdaFunction;
  readonly reference: FunctionReference;
}

/** Lambda: functions in processes of their own. */
export class LambdaService implements AwsService {
  readonly name = 'lambda';
  /** Settings of functions that are accepted but have no effect here, `LogicalId.Property`. */
  readonly notModelled: string[] = [];
  private readonly functions = new Map<string, LambdaFunction>();
  /** What was changed or deleted, whose invocations may go on. */
  private readonly retired: LambdaFunction[] = [];
  private readonly folders = new TaskFolders();
  private readonly host: FunctionHost;
  private readonly queue: AsynchronousInvocations;

  constructor(private readonly options: LambdaServiceOptions) {
    this.queue = new AsynchronousInvocations({
      clock: options.clock,
      onFault: options.onFault ?? (() => {}),
      sendToDestination: async (functionName, destinationArn, body) => {
        const { roleArn } = this.find(functionName).lambda.configuration;
        await this.options.sendToQueue?.(destinationArn, body, { caller: await this.assume(roleArn, functionName) });
      },
    });
    this.host = {
      environment: options.environment,
      clock: options.clock,
      credentialsFor: options.credentialsFor,
      extraEnvironment: options.extraEnvironment ?? (() => ({})),
      network: options.network ?? (() => ({})),
      loopbackPorts: options.loopbackPorts,
      openLog: options.openLog ?? (async () => () => {}),
      emitMetric: options.emitMetric ?? (() => {}),
      readable: this.folders.readable,
    };
  }

  /** Events of asynchronous invocations that Lambda gave up on. */
  get dropped(): readonly DroppedEvent[] {
    return this.queue.dropped;
  }

  /**
   * Makes a function. Fails, as on AWS, when Lambda may not assume its role, or the role of a function in a VPC not manage its
   * interfaces, or that of a traced function not write traces.
   */
  async createFunction(configuration: FunctionConfiguration): Promise<void> {
    const { functionName } = configuration;
    if (this.functions.has(functionName)) throw new ServiceError('ResourceConflictException', `Function already exist: ${functionName}`, 409);
    await this.check(configuration);
    this.functions.set(functionName, new LambdaFunction(configuration, this.folders.add(configuration.code), this.host));
  }

  /** Gives a function other settings or other code, which later invocations run with. Those underway end as they began. */
  async changeFunction(configuration: FunctionConfiguration): Promise<void> {
    const { lambda } = this.find(configuration.functionName);
    await this.check(configuration);
    const next = new LambdaFunction(configuration, this.folders.add(configuration.code), this.host);
    next.policyStatements.push(...lambda.policyStatements);
    this.functions.set(configuration.functionName, next);
    await this.retire(lambda);
  }

  /** Deletes a function; its invocations underway end. There need not be such a function. */
  async removeFunction(functionName: string): Promise<void> {
    const lambda = this.functions.get(functionName);
    if (lambda === undefined) return;
    this.functions.delete(functionName);
    this.queue.unconfigure(functionName);
    await this.retire(lambda);
  }

  private async retire(lambda: LambdaFunction): Promise<void> {
    this.retired.push(lambda);
    await lambda.retire();
  }

  private async check(configuration: FunctionConfiguration): Promise<void> {
    const { functionName, roleArn, vpc, traced, reservedConcurrency = 0 } = configuration;
    this.assertUnreservedConcurrency(reservedConcurrency, functionName);
    await this.options.credentialsFor(roleArn, functionName);
    const { authorize, environment, networkOwners = {} } = this.options;
    if (traced === true) await assertTracing(await this.assume(roleArn, functionName), authorize);
    if (vpc !== undefined) {
      await assertNetworkInterfaces(vpc, await this.assume(roleArn, functionName), authorize, environment, networkOwners);
    }
  }

  /** Adds a statement to the policy of a function. */
  addPermission(functionNameOrArn: string, statement: JsonObject): void {
    const { lambda, reference } = this.find(functionNameOrArn);
    lambda.policyStatements.push({ ...statement, Resource: reference.arn });
  }

  /** Takes a statement of that `Sid` from the policy of a function; there need not be either. */
  removePermission(functionNameOrArn: string, sid: string): void {
    const { functionName } = parseFunctionReference(functionNameOrArn, this.options.environment);
    const statements = this.functions.get(functionName)?.policyStatements;
    const index = statements?.findIndex(({ Sid }) => Sid === sid) ?? -1;
    if (index >= 0) statements?.splice(index, 1);
  }

  /** Says how asynchronous invocations of a function are tried. Fails, as on AWS, when its role may not send to the destination. */
  async configureEventInvoke(functionNameOrArn: string, settings: EventInvokeSettings): Promise<void> {
    this.queue.configure(await this.checkEventInvoke(functionNameOrArn, settings), settings);
  }

  /** The same for a function that may have other settings already. */
  async reconfigureEventInvoke(functionNameOrArn: string, settings: EventInvokeSettings): Promise<void> {
    this.queue.reconfigure(await this.checkEventInvoke(functionNameOrArn, settings), settings);
  }

  /** Goes back to the defaults. */
  unconfigureEventInvoke(functionNameOrArn: string): void {
    this.queue.unconfigure(parseFunctionReference(functionNameOrArn, this.options.environment).functionName);
  }

  private async checkEventInvoke(functionNameOrArn: string, settings: EventInvokeSettings): Promise<string> {
    const { lambda, reference: { functionName } } = this.find(functionNameOrArn);
    if (settings.onFailureArn !== undefined) await this.assertDestination(settings.onFailureArn, lambda.configuration);
    return functionName;
  }

  /** Invokes a function and waits for its answer; virtual time follows real time meanwhile. */
  async invoke(functionNameOrArn: string, payloadJson: string, context: CallContext, qualifier?: string): Promise<InvocationResult> {
    // A handler takes its time: time-outs of whoever called it must be able to overtake it.
    return this.options.clock.pace(1, async () => {
      const { lambda, reference } = await this.admit(functionNameOrArn, payloadJson, MAX_PAYLOAD_BYTES, context, qualifier);
      return this.run(lambda, payloadJson, reference);
    });
  }

  /** Takes an event for a function, which runs when it can; a function that fails gets the event two more times. */
  async invokeAsynchronously(functionNameOrArn: string, payloadJson: string, context: CallContext, qualifier?: string): Promise<void> {
    const { lambda, reference } = await this.admit(functionNameOrArn, payloadJson, MAX_ASYNCHRONOUS_PAYLOAD_BYTES, context, qualifier);
    const { functionName, functionArn } = lambda.configuration;
    // Each attempt runs the function as it is then.
    this.queue.accept({ functionName, functionArn, payload: payloadJson }, async () => (
      this.options.clock.pace(1, async () => this.run(this.find(functionName).lambda, payloadJson, reference))
    ));
  }

  /** The same, under the name that the workflow engine calls. */
  async invokeFunction(functionNameOrArn: string, payloadJson: string, context: CallContext): Promise<InvocationResult> {
    return this.invoke(functionNameOrArn, payloadJson, context);
  }

  async call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    if (operation !== 'Invoke') throw new Error(`lambda: the local cloud does not implement ${operation}`);
    const { FunctionName, Payload = '{}', Qualifier, InvocationType = 'RequestResponse', LogType = 'None', ...rest } = input;
    const unsupported = Object.keys(rest);
    if (InvocationType !== 'RequestResponse' && InvocationType !== 'Event') unsupported.push(`InvocationType ${String(InvocationType)}`);
    if (LogType !== 'None') unsupported.push(`LogType ${String(LogType)}`);
    if (unsupported.length > 0) throw new Error(`lambda: the local cloud does not implement ${unsupported.join(', ')} of Invoke`);
    if (typeof FunctionName !== 'string' || typeof Payload !== 'string' || (Qualifier !== undefined && typeof Qualifier !== 'string')) {
      throw new ServiceError('ValidationException', 'FunctionName, Payload and Qualifier must be strings');
    }
    if (InvocationType === 'Event') {
      await this.invokeAsynchronously(FunctionName, Payload, context, Qualifier);
      return { StatusCode: 202 };
    }
    const result = await this.invoke(FunctionName, Payload, context, Qualifier);
    return {
      StatusCode: result.statusCode,
      ExecutedVersion: result.executedVersion,
      Payload: result.payload,
      ...result.functionError !== undefined && { FunctionError: result.functionError },
    };
  }

  /** Ends every process of a function, whatever it does: as where its host is lost. The function itself stays, and gets other processes. */
  async killProcesses(functionName: string): Promise<void> {
    const lambda = this.functions.get(functionName);
    if (lambda === undefined) throw new Error(`there is no function ${functionName}`);
    await lambda.close();
  }

  /** Ends every process and deletes every unpacked bundle. */
  async close(): Promise<void> {
    await Promise.all([...this.functions.values(), ...this.retired].map(async (lambda) => lambda.close()));
    this.removeFolders();
  }

  /** Deletes every unpacked bundle, when there is no time left for more: the processes end by themselves with the one that started them. */
  removeFolders(): void {
    this.folders.remove();
  }

  private assertUnreservedConcurrency(added: number, functionName: string): void {
    const others = [...this.functions.values()].filter(({ configuration }) => configuration.functionName !== functionName);
    const reserved = others.reduce((sum, { configuration }) => sum + (configuration.reservedConcurrency ?? 0), added);
    if (MAX_CONCURRENCY - reserved >= MIN_UNRESERVED_CONCURRENCY) return;
    const message = "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of";
    throw new ServiceError('InvalidParameterValueException', `${message} [${MIN_UNRESERVED_CONCURRENCY}].`, 400, { Type: 'User' });
  }

  /** How each function is configured. */
  configurations(): FunctionConfiguration[] {
    return [...this.functions.values()].map(({ configuration }) => configuration);
  }

  private find(functionNameOrArn: string): NamedFunction {
    const reference = parseFunctionReference(functionNameOrArn, this.options.environment);
    const lambda = this.functions.get(reference.functionName);
    if (lambda === undefined) throw functionNotFound(reference.arn);
    return { lambda, reference };
  }

  /** Finds the function of an invocation that the caller may make, with a payload that Lambda takes. */
  private async admit(
    functionNameOrArn: string, payload: string, maxBytes: number, context: CallContext, qualifier?: string,
  ): Promise<NamedFunction> {
    const reference = parseFunctionReference(functionNameOrArn, this.options.environment, qualifier);
    const lambda = this.functions.get(reference.functionName);
    const statements = lambda?.policyStatements ?? [];
    await this.options.authorize({
      action: 'lambda:InvokeFunction',
      resource: reference.arn,
      resourcePolicy: statements.length > 0 ? { Version: '2012-10-17', Statement: statements } : undefined,
    }, context);
    assertPayload(payload, maxBytes);
    assertLatest(reference);
    if (lambda === undefined) throw functionNotFound(reference.arn);
    return { lambda, reference };
  }

  private async run(lambda: LambdaFunction, payload: string, { arn }: FunctionReference): Promise<InvocationResult> {
    const uses = [...this.functions.values()].map(({ concurrency, configuration: { reservedConcurrency: reserved } }) => ({ concurrency, reserved }));
    if (lambda.configuration.reservedConcurrency === undefined && unreservedRoom(uses) <= 0) lambda.throttle('ConcurrentInvocationLimitExceeded');
    return lambda.invoke(payload, arn);
  }

  private async assertDestination(destinationArn: string, { roleArn, functionName }: FunctionConfiguration): Promise<void> {
    if (this.options.sendToQueue === undefined || parseArn(destinationArn).service !== 'sqs') {
      throw new Error(`${functionName}: the local cloud does not implement the destination ${destinationArn}`);
    }
    try {
      await this.options.authorize({ action: 'sqs:SendMessage', resource: destinationArn }, { caller: await this.assume(roleArn, functionName) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const message = "The function's execution role does not have permissions to call SendMessage on SQS";
      throw new ServiceError('InvalidParameterValueException', message, 400, { Type: 'User' });
    }
  }

  private async assume(roleArn: string, functionName: string): Promise<Caller> {
    if (this.options.assumeRole === undefined) throw new Error(`${functionName}: there is nobody to act with its role here`);
    return this.options.assumeRole(roleArn, functionName);
  }
}
