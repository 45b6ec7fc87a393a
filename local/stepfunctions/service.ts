import { randomUUID } from 'node:crypto';
import { AwsEnvironment, AwsService, CallContext, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { isObject, JsonObject } from '../json';
import { toWireEvent } from './api/history-wire';
import { JsonTextError, parseJsonText } from './api/json-text';
import { describeMapRun, summarizeMapRun } from './api/map-runs';
import { pageOf } from './api/page';
import { assertName, Request } from './api/request';
import {
  describeExecution, describeStateMachine, EncryptionSettings, ExecutionRecord, LoggingSettings, NO_LOGS, StateMachine, summarizeExecution, toSeconds,
} from './api/state-machine';
import { statusChangeEvent, StatusChangeEvent } from './api/status-change';
import { parseDefinition } from './definition/validate';
import { MachineKeys } from './encryption';
import { AssumeRole, assumeAnyRole, roleContext } from './integrations/integration';
import { createIntegrations, IntegrationTargets, TaskIntegrations } from './integrations/integrations';
import { ItemSource } from './interpreter/distributed/item-source';
import { Execution } from './interpreter/execution';
import { MAX_CAUSE_LENGTH, MAX_ERROR_LENGTH } from './interpreter/failure';
import { HistoryEvent } from './interpreter/history';
import { MAX_PAYLOAD_BYTES } from './interpreter/payload';
import { TaskResource } from './interpreter/resource-arn';
import { looksLikeTaskToken, TaskTokens } from './interpreter/task-tokens';
import { LogDeliveryOptions, setUpLogDelivery } from './log-delivery';
import { UseKey } from '../iam/key-use';

/** A closed execution's name can be used again after this many days (AWS quota). */
const NAME_REUSE_DAYS = 90;
const DAY = 86_400_000;

/** One event of a history, as it happens. */
export interface ObservedEvent {
  readonly executionArn: string;
  readonly event: HistoryEvent;
}

export interface StepFunctionsOptions extends Omit<LogDeliveryOptions, 'keys'> {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  /** The services that Tasks can reach. Default: only Step Functions itself. */
  readonly targets?: IntegrationTargets;
  /** Default: every role trusts Step Functions. */
  readonly assumeRole?: AssumeRole;
  /** Replaces all integrations: tests answer Tasks themselves. */
  readonly integrations?: TaskIntegrations;
  /** Where the ItemReader of a distributed Map reads. */
  readonly items?: ItemSource;
  /** Gets the status change events meant for the default event bus. */
  readonly onEvent?: (event: StatusChangeEvent) => void;
  /** For machines with a customer's key. Default: there can be none. */
  readonly useKey?: UseKey;
  /** Sees every event of every history as it is appended. */
  readonly observe?: (observed: ObservedEvent) => void;
  /** From 0 (inclusive) to 1 (exclusive), for jitter. Default: `Math.random`. */
  readonly random?: () => number;
  /** Default: `crypto.randomUUID`. */
  readonly uuid?: () => string;
}

/** What a state machine is made of. */
export interface StateMachineSettings {
  readonly name: string;
  readonly roleArn: string;
  /** JSON text. */
  readonly definition: string;
  /** Default: no logs. They are not written, but the role must be allowed to set them up. */
  readonly logging?: LoggingSettings;
  /** Default: false. Traces are not written. */
  readonly tracing?: boolean;
  /** Default: a key of AWS. */
  readonly encryption?: EncryptionSettings;
}

type Operation = (request: Request, context: CallContext) => Promise<JsonObject>;

/** AWS Step Functions: Standard workflows with JSONPath, in virtual time. */
export class StepFunctionsService implements AwsService {
  readonly name = 'states';
  private readonly machines = new Map<string, StateMachine>();
  private readonly executions = new Map<string, ExecutionRecord>();
  private readonly integrations: TaskIntegrations;
  private readonly assumeRole: AssumeRole;
  private readonly tokens: TaskTokens;
  private readonly uuid: () => string;
  private readonly keys: MachineKeys;
  private hiddenMilliseconds = 0;

  private readonly operations: Readonly<Record<string, Operation>> = {
    CreateStateMachine: async (request, context) => this.createFromRequest(request, context),
    DescribeStateMachine: async (request, context) => {
      const arn = request.arn('stateMachineArn', 'stateMachine');
      await this.allow('DescribeStateMachine', arn, context);
      await this.keys.allowCaller('DescribeStateMachine', this.machine(arn), context);
      return describeStateMachine(this.machine(arn));
    },
    StartExecution: async (request, context) => this.start(request, context),
    StartSyncExecution: async (request, context) => {
      const arn = request.arn('stateMachineArn', 'stateMachine');
      await this.allow('StartSyncExecution', arn, context);
      throw new ServiceError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
    },
    DescribeExecution: async (request, context) => describeExecution(this.seen(await this.allowedExecution('DescribeExecution', request, context))),
    GetExecutionHistory: async (request, context) => this.history(request, context),
    ListExecutions: async (request, context) => this.list(request, context),
    StopExecution: async (request, context) => this.stop(request, context),
    RedriveExecution: async (request, context) => this.redrive(request, context),
    SendTaskSuccess: async (request, context) => this.sendSuccess(request, context),
    SendTaskFailure: async (request, context) => this.sendFailure(request, context),
    SendTaskHeartbeat: async (request, context) => this.sendHeartbeat(request, context),
    ListMapRuns: async (request, context) => {
      const { mapRuns, execution } = await this.allowedExecution('ListMapRuns', request, context);
      return { mapRuns: mapRuns.map((mapRun) => summarizeMapRun(mapRun, execution.identity.executionArn)) };
    },
    DescribeMapRun: async (request, context) => this.describeMapRun(request, context),
  };

  constructor(private readonly options: StepFunctionsOptions) {
    this.uuid = options.uuid ?? randomUUID;
    this.keys = new MachineKeys(options.environment, options.useKey);
    this.tokens = new TaskTokens(this.uuid);
    this.assumeRole = options.assumeRole ?? assumeAnyRole(options.environment);
    this.integrations = options.integrations ?? createIntegrations(options.targets ?? { services: [] }, this, this.assumeRole);
  }

  async call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    const perform = Object.hasOwn(this.operations, operation) ? this.operations[operation] : undefined;
    if (perform === undefined) throw new Error(`states: the local cloud does not implement ${operation}`);
    const request = new Request(operation, input);
    const answer = await perform(request, context);
    request.assertAllRead();
    return answer;
  }

  /**
   * Creates a state machine on behalf of the account, as CloudFormation does. The same name with the same definition and role is the same
   * machine; anything else under that name is `StateMachineAlreadyExists`.
   */
  async createStateMachine(settings: StateMachineSettings): Promise<StateMachine> {
    const { name, roleArn, definition: definitionText, logging = NO_LOGS, tracing = false, encryption } = settings;
    assertName(name);
    const arn = this.arn('stateMachine', name);
    const resources: TaskResource[] = [];
    const definition = parseDefinition(definitionText, (resource) => {
      resources.push(resource);
      return this.integrations.supports(resource);
    }, (resource, parameters) => this.integrations.parametersProblem?.(resource, parameters));
    const context = await this.roleContext(roleArn);
    if (resources.some(needsManagedRule)) await this.allowManagedRule(roleArn, context);
    const { logGroupArn } = logging;
    if (logGroupArn !== undefined) await setUpLogDelivery({ ...this.options, keys: this.keys }, logGroupArn, { arn, encryption }, context);
    const existing = this.machines.get(arn);
    if (existing !== undefined) {
      if (existing.definitionText === definitionText && existing.roleArn === roleArn) return existing;
      throw new ServiceError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    const machine = {
      arn, name, roleArn, definitionText, definition, logging, tracing, encryption, revisionId: this.uuid(), creationTime: this.options.clock.now(),
    };
    this.machines.set(arn, machine);
    return machine;
  }

  /** Resolves when an execution, or its latest redrive, has ended. */
  async ended(executionArn: string): Promise<void> {
    await this.execution(executionArn).ended;
  }

  /**
   * From now on, DescribeExecution and GetExecutionHistory do not see an execution that was started less than so much virtual time ago: reads
   * of Step Functions are eventually consistent. A clock that idles leaps over that time, so hold or pace it from the start to the read.
   */
  hideNewExecutions(milliseconds: number): void {
    this.hiddenMilliseconds = milliseconds;
  }

  /** Drops an execution that has ended, as Step Functions itself does 90 days later: for simulations that would outgrow memory. */
  forget(executionArn: string): void {
    if (this.execution(executionArn).execution.result === undefined) throw new Error(`The execution is running: ${executionArn}`);
    this.executions.delete(executionArn);
  }

  private async createFromRequest(request: Request, context: CallContext): Promise<JsonObject> {
    const name = request.name('name') ?? request.string('name');
    const settings = { name, roleArn: request.string('roleArn'), definition: request.string('definition') };
    if ((request.optionalString('type') ?? 'STANDARD') !== 'STANDARD') throw new Error('states: the local cloud does not implement state machines of type EXPRESS');
    // Tags do not change what an execution does; logs and traces only come with a template.
    request.ignore('tags');
    request.refuseUnless('loggingConfiguration', (value) => value === undefined || (isObject(value) && (value.level ?? 'OFF') === 'OFF'));
    request.refuseUnless('tracingConfiguration', (value) => value === undefined || (isObject(value) && value.enabled !== true));
    await this.allow('CreateStateMachine', this.arn('stateMachine', name), context);
    const machine = await this.createStateMachine(settings);
    return { stateMachineArn: machine.arn, creationDate: toSeconds(machine.creationTime) };
  }

  private async start(request: Request, context: CallContext): Promise<JsonObject> {
    const machineArn = request.arn('stateMachineArn', 'stateMachine');
    const name = request.name('name') ?? this.uuid();
    const { text, value } = request.executionInput();
    request.ignore('traceHeader');
    await this.allow('StartExecution', machineArn, context);
    const machine = this.machine(machineArn);
    if (machine.encryption !== undefined) await this.allowKey(machine);
    const executionArn = `${this.arn('execution', machine.name)}:${name}`;
    const existing = this.executions.get(executionArn);
    if (existing !== undefined && !this.isForgotten(existing)) {
      if (existing.execution.result !== undefined || existing.inputText !== text) {
        throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
      }
      return { executionArn, startDate: toSeconds(existing.execution.startTime) };
    }
    const mapRuns: ExecutionRecord['mapRuns'] = [];
    const execution = new Execution({
      definition: machine.definition,
      input: value,
      clock: this.options.clock,
      task: async (call) => this.integrations.call(call),
      identity: {
        executionArn,
        executionName: name,
        stateMachineArn: machine.arn,
        stateMachineName: machine.name,
        roleArn: machine.roleArn,
        region: this.options.environment.region,
      },
      tokens: this.tokens,
      items: this.options.items,
      random: this.options.random,
      uuid: this.options.uuid,
      onEvent: (event) => this.options.observe?.({ executionArn, event }),
      onMapRun: (mapRun) => mapRuns.push(mapRun),
    });
    const record: ExecutionRecord = { machine, execution, inputText: text, mapRuns, ended: Promise.resolve() };
    this.executions.set(executionArn, record);
    this.follow(record, async () => execution.run());
    return { executionArn, startDate: toSeconds(execution.startTime) };
  }

  /** Lets an execution run on its own, and tells when its status changes. */
  private follow(record: ExecutionRecord, run: () => Promise<unknown>): void {
    const running = run();
    this.emit(record);
    record.ended = running.then(() => this.emit(record));
  }

  private emit(record: ExecutionRecord): void {
    const { environment, clock, onEvent } = this.options;
    onEvent?.(statusChangeEvent(record, environment, this.uuid(), clock.now()));
  }

  private async history(request: Request, context: CallContext): Promise<JsonObject> {
    const { execution } = this.seen(await this.allowedExecution('GetExecutionHistory', request, context));
    const include = request.boolean('includeExecutionData') ?? true;
    const reverse = request.boolean('reverseOrder') ?? false;
    const { events } = execution.history;
    // From the newest event at the time of the first page: later ones do not shift the pages.
    const page = pageOf(request, events.length, { growing: !reverse });
    // Only the events of the page are looked at, however long the history is.
    const wanted = reverse
      ? events.slice(page.length - page.end, page.length - page.start).reverse()
      : events.slice(page.start, page.end);
    return { events: wanted.map((event) => toWireEvent(event, include)), ...page.nextToken };
  }

  private async list(request: Request, context: CallContext): Promise<JsonObject> {
    const arn = request.arn('stateMachineArn', 'stateMachine');
    const status = request.optionalString('statusFilter');
    await this.allow('ListExecutions', arn, context);
    const machine = this.machine(arn);
    const found = [...this.executions.values()].filter((record) => record.machine === machine && !this.isForgotten(record)).map(summarizeExecution)
      .filter((summary) => status === undefined || summary.status === status).reverse();
    const page = pageOf(request, found.length, { growing: true });
    return { executions: found.slice(page.start, page.end), ...page.nextToken };
  }

  private async stop(request: Request, context: CallContext): Promise<JsonObject> {
    const { execution } = await this.allowedExecution('StopExecution', request, context);
    execution.stop(request.optionalString('error', MAX_ERROR_LENGTH), request.optionalString('cause', MAX_CAUSE_LENGTH));
    return { stopDate: toSeconds(execution.stopTime ?? this.options.clock.now()) };
  }

  private async redrive(request: Request, context: CallContext): Promise<JsonObject> {
    const record = await this.allowedExecution('RedriveExecution', request, context);
    request.ignore('clientToken');
    if (record.machine.encryption !== undefined) await this.allowKey(record.machine);
    const reason = record.execution.notRedrivableReason;
    if (reason !== undefined) throw new ServiceError('ExecutionNotRedrivable', `Execution Not Redrivable: '${reason}'`);
    this.follow(record, async () => record.execution.redrive());
    return { redriveDate: toSeconds(record.execution.redriveTime ?? this.options.clock.now()) };
  }

  private async sendSuccess(request: Request, context: CallContext): Promise<JsonObject> {
    const output = request.string('output', MAX_PAYLOAD_BYTES);
    return this.send('SendTaskSuccess', request, context, (token) => {
      try {
        return this.tokens.succeed(token, parseJsonText(output));
      } catch (error) {
        if (error instanceof JsonTextError) throw new ServiceError('InvalidOutput', `Invalid Output: '${error.message}'`);
        throw error;
      }
    });
  }

  private async sendFailure(request: Request, context: CallContext): Promise<JsonObject> {
    const [error, cause] = [request.optionalString('error', MAX_ERROR_LENGTH), request.optionalString('cause', MAX_CAUSE_LENGTH)];
    return this.send('SendTaskFailure', request, context, (token) => this.tokens.fail(token, error, cause));
  }

  private async sendHeartbeat(request: Request, context: CallContext): Promise<JsonObject> {
    return this.send('SendTaskHeartbeat', request, context, (token) => this.tokens.heartbeat(token));
  }

  private async send(action: string, request: Request, context: CallContext, settle: (token: string) => boolean): Promise<JsonObject> {
    const token = request.string('taskToken');
    await this.allow(action, this.tokens.ownerOf(token) ?? '*', context);
    if (settle(token)) return {};
    if (looksLikeTaskToken(token)) throw new ServiceError('TaskTimedOut', 'Task Timed Out: \'Provided task does not exist anymore\'');
    throw new ServiceError('InvalidToken', 'Invalid Token: \'Invalid token\'');
  }

  private async describeMapRun(request: Request, context: CallContext): Promise<JsonObject> {
    const arn = request.arn('mapRunArn', 'mapRun');
    await this.allow('DescribeMapRun', arn, context);
    for (const { execution, mapRuns } of this.executions.values()) {
      const mapRun = mapRuns.find((candidate) => candidate.mapRunArn === arn);
      if (mapRun !== undefined) return describeMapRun(mapRun, execution.identity.executionArn);
    }
    throw new ServiceError('ResourceNotFound', `Resource not found: '${arn}'`);
  }

  private async allowedExecution(action: string, request: Request, context: CallContext): Promise<ExecutionRecord> {
    const arn = request.arn('executionArn', 'execution');
    await this.allow(action, arn, context);
    const record = this.execution(arn);
    if (this.isForgotten(record)) throw doesNotExist(arn);
    // Not even a moment passes where there is no key: who stops an execution at an event means that one.
    if (record.machine.encryption !== undefined) await this.keys.allowCaller(action, record.machine, context);
    return record;
  }

  /** The role of a machine with a customer's key can use that. */
  private async allowKey(machine: StateMachine): Promise<void> {
    await this.keys.allowRole(machine, await this.roleContext(machine.roleArn));
  }

  private execution(arn: string): ExecutionRecord {
    const record = this.executions.get(arn);
    if (record === undefined) throw doesNotExist(arn);
    return record;
  }

  private seen(record: ExecutionRecord): ExecutionRecord {
    const { startTime, identity } = record.execution;
    if (this.options.clock.now() < startTime + this.hiddenMilliseconds) throw doesNotExist(identity.executionArn);
    return record;
  }

  private machine(arn: string): StateMachine {
    const machine = this.machines.get(arn);
    if (machine === undefined) throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return machine;
  }

  private isForgotten({ execution: { stopTime } }: ExecutionRecord): boolean {
    return stopTime !== undefined && this.options.clock.now() - stopTime > NAME_REUSE_DAYS * DAY;
  }

  private async allow(action: string, resource: string, context: CallContext): Promise<void> {
    await this.options.authorize({ action: `states:${action}`, resource }, context);
  }

  private async roleContext(roleArn: string): Promise<CallContext> {
    try {
      return await roleContext(this.assumeRole, roleArn, 'create-state-machine');
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const principal = 'Neither the global service principal states.amazonaws.com, nor the regional one';
      throw new ServiceError('AccessDeniedException', `${principal} is authorized to assume the provided role.`);
    }
  }

  /** A machine that waits for executions of others needs the managed rule that tells of their end. */
  private async allowManagedRule(roleArn: string, context: CallContext): Promise<void> {
    const { environment, authorize } = this.options;
    const { partition, region, accountId } = environment;
    const resource = `arn:${partition}:events:${region}:${accountId}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`;
    try {
      for (const action of ['PutTargets', 'PutRule', 'DescribeRule']) {
        await authorize({ action: `events:${action}`, resource }, context);
      }
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new ServiceError('AccessDeniedException', `'${roleArn}' is not authorized to create managed-rule.`);
    }
  }

  private arn(kind: string, name: string): string {
    const { partition, region, accountId } = this.options.environment;
    return `arn:${partition}:states:${region}:${accountId}:${kind}:${name}`;
  }
}

function doesNotExist(executionArn: string): ServiceError {
  return new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
}

function needsManagedRule(resource: TaskResource): boolean {
  return resource.kind === 'service' && resource.service === 'states' && (resource.pattern === 'sync' || resource.pattern === 'sync:2');
}
