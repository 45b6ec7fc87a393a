import { randomUUID } from 'node:crypto';
import { AwsEnvironment, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { JsonObject } from '../json';
import { FunctionConfiguration, FunctionCredentials, LATEST, VpcConfiguration } from './function-configuration';
import { functionEnvironment } from './function-environment';
import { FunctionLog, OpenLog } from './function-log';
import { FunctionMetrics } from './function-metrics';
import { MAX_PAYLOAD_BYTES } from './limits';
import { Sandbox, SandboxReply } from './sandbox';
import { FunctionFailure, SandboxPresent } from './sandbox-protocol';
import { EmitMetric } from '../cloudwatch/metric-store';
import { LocalNetwork, NetworkPlace } from '../network/local-network';

/** What functions need of the world around them. */
export interface FunctionHost {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  readonly credentialsFor: (roleArn: string, functionName: string) => Promise<FunctionCredentials>;
  readonly extraEnvironment: () => Readonly<Record<string, string>>;
  readonly network: () => LocalNetwork;
  readonly loopbackPorts?: () => readonly number[];
  readonly openLog: OpenLog;
  readonly emitMetric: EmitMetric;
  /** Folders every function may read beside its own. */
  readonly readable: readonly string[];
}

/** What an invocation came to, as the Invoke operation answers it. */
export interface InvocationResult {
  readonly statusCode: 200;
  /** Present when the function failed; the payload then is its error. */
  readonly functionError?: 'Unhandled';
  /** JSON text. */
  readonly payload: string;
  readonly executedVersion: typeof LATEST;
}

interface WarmSandbox {
  readonly sandbox: Sandbox;
  readonly log: FunctionLog;
  readonly credentialsExpireAt: number;
}

/** A function and its warm processes, one for each invocation at the same time. */
export class LambdaFunction {
  /** Statements of the function's own policy. */
  readonly policyStatements: JsonObject[] = [];
  private readonly idle: WarmSandbox[] = [];
  private readonly busy = new Set<WarmSandbox>();
  private underway = 0;
  private retired = false;
  private readonly metrics: FunctionMetrics;

  constructor(readonly configuration: FunctionConfiguration, private readonly taskRoot: string, private readonly host: FunctionHost) {
    this.metrics = new FunctionMetrics(configuration.functionName, host.emitMetric);
  }

  /** Invocations underway. */
  get concurrency(): number {
    return this.underway;
  }

  /** Refuses an invocation for which there is no room. */
  throttle(reason: string): never {
    this.metrics.throttled();
    throw throttled(reason);
  }

  /** Runs the handler with an event; throws only what is not the function's own failure. */
  async invoke(event: string, invokedArn: string): Promise<InvocationResult> {
    const { reservedConcurrency } = this.configuration;
    if (reservedConcurrency !== undefined && this.underway >= reservedConcurrency) {
      this.throttle('ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    this.underway++;
    this.metrics.started(this.underway);
    try {
      return await this.run(event, invokedArn);
    } finally {
      this.underway--;
    }
  }

  /** Takes no more invocations: processes that have nothing to do end, the others end after what they do. */
  async retire(): Promise<void> {
    this.retired = true;
    await Promise.all(this.idle.splice(0).map(async ({ sandbox }) => sandbox.kill()));
  }

  /** Ends every process. */
  async close(): Promise<void> {
    await Promise.all([...this.idle.splice(0), ...this.busy].map(async ({ sandbox }) => sandbox.kill()));
  }

  private async run(event: string, invokedArn: string): Promise<InvocationResult> {
    const warm = await this.acquire();
    this.busy.add(warm);
    const { log, sandbox } = warm;
    const { configuration } = this;
    const awsRequestId = randomUUID();
    const started = performance.now();
    log.start(awsRequestId);
    const reply = await sandbox.invoke({
      kind: 'invoke',
      event,
      context: {
        awsRequestId,
        functionName: configuration.functionName,
        functionVersion: LATEST,
        invokedFunctionArn: invokedArn,
        memoryLimitInMB: String(configuration.memoryMegabytes),
        logGroupName: configuration.logGroup,
        logStreamName: log.streamName,
        timeoutMilliseconds: configuration.timeoutSeconds * 1000,
      },
      ...this.present(),
    });
    this.busy.delete(warm);
    if (sandbox.usable && !this.retired) this.idle.push(warm);
    else await sandbox.kill();
    const result = this.resultOf(reply, awsRequestId);
    if (reply.kind === 'timeout') log.write(`${new Date(this.host.clock.now()).toISOString()} ${awsRequestId} ${this.timeoutText()}`);
    const durationMilliseconds = performance.now() - started;
    this.metrics.ended(result.functionError !== undefined, durationMilliseconds);
    log.end({
      requestId: awsRequestId,
      durationMilliseconds,
      memoryBytes: reply.kind === 'success' ? reply.memoryBytes : 0,
      status: reply.kind === 'timeout' ? 'timeout' : result.functionError === undefined ? 'success' : 'error',
    });
    return result;
  }

  /** A process that is idle and whose credentials last for an invocation, else a new one. */
  private async acquire(): Promise<WarmSandbox> {
    const until = this.host.clock.now() + this.configuration.timeoutSeconds * 1000;
    for (let warm = this.idle.pop(); warm !== undefined; warm = this.idle.pop()) {
      if (warm.sandbox.usable && warm.credentialsExpireAt > until) return warm;
      await warm.sandbox.kill();
    }
    return this.start();
  }

  private async start(): Promise<WarmSandbox> {
    const { configuration, host, taskRoot } = this;
    const credentials = await host.credentialsFor(configuration.roleArn, configuration.functionName);
    const log = await FunctionLog.open(configuration, () => host.clock.now(), host.openLog);
    const environment = functionEnvironment({
      environment: host.environment,
      configuration,
      credentials,
      taskRoot,
      logStreamName: log.streamName,
      extra: host.extraEnvironment(),
    });
    const sandbox = Sandbox.start({ configuration, taskRoot, readable: [taskRoot, ...host.readable], environment, log }, this.present());
    return { sandbox, log, credentialsExpireAt: credentials.expiresAt };
  }

  private present(): SandboxPresent {
    const { clock, network, loopbackPorts } = this.host;
    const { vpc } = this.configuration;
    return { now: clock.now(), network: network(), place: placeOf(vpc), loopbackPorts: loopbackPorts?.() };
  }

  private resultOf(reply: SandboxReply, requestId: string): InvocationResult {
    switch (reply.kind) {
      case 'success':
        if (Buffer.byteLength(reply.payload) > MAX_PAYLOAD_BYTES) return failed(responseTooLarge());
        return { statusCode: 200, payload: reply.payload, executedVersion: LATEST };
      case 'failure':
        return failed(reply.error);
      case 'timeout':
        return failed({ errorType: 'Sandbox.Timedout', errorMessage: `RequestId: ${requestId} Error: ${this.timeoutText()}` });
      case 'exit':
        return failed({ errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${reply.reason}` });
      case 'refusal':
        throw new Error(reply.message);
      case 'ready':
        throw new Error(`${this.configuration.functionName}: its process answered an invocation as if it were new`);
    }
  }

  private timeoutText(): string {
    return `Task timed out after ${this.configuration.timeoutSeconds.toFixed(2)} seconds`;
  }
}

function placeOf(vpc: VpcConfiguration | undefined): NetworkPlace {
  return vpc === undefined ? { inVpc: false, ipv6: true } : { inVpc: true, ipv6: vpc.ipv6 === true };
}

/** Too many invocations at once. */
function throttled(reason: string): ServiceError {
  return new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: reason, Type: 'User' });
}

function failed(error: FunctionFailure): InvocationResult {
  return { statusCode: 200, functionError: 'Unhandled', payload: JSON.stringify(error), executedVersion: LATEST };
}

function responseTooLarge(): FunctionFailure {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`,
  };
}
