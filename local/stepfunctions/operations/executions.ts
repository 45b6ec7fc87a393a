import { ExpressExecutions } from './express';
import { newExecution } from './launcher';
import { ChildKeeper, mapRunOptions } from './map-run-options';
import { MapRuns } from './map-runs';
import { Operations, Workplace } from './operation';
import { RedriveTokens } from './redrive-tokens';
import { StateMachines } from './state-machines';
import { CallContext, ServiceError } from '../../aws/service';
import { JsonObject } from '../../json';
import { Access } from '../access';
import { describeExecution, ExecutionRecord, MAX_LIST_TOKEN, REDRIVE_FILTERS, STATUSES, summarizeExecution } from '../api/execution';
import { toWireEvent } from '../api/history-wire';
import { summarizeMapRun } from '../api/map-runs';
import { pageOf } from '../api/page';
import { ExecutionInput, MAX_TRACE_HEADER, Request } from '../api/request';
import { describeForExecution, StateMachine, toSeconds } from '../api/state-machine';
import { statusChangeEvent } from '../api/status-change';
import { ExecutionResult } from '../interpreter/execution-result';
import { MAX_CAUSE_LENGTH, MAX_ERROR_LENGTH } from '../interpreter/failure';

/** A closed execution's name can be used again after this many days (AWS quota). */
const NAME_REUSE_DAYS = 90;
const DAY = 86_400_000;

/** Source: API reference of RedriveExecution. */
const MAX_CLIENT_TOKEN = 64;

/** The executions of Standard workflows, and of whatever type the children of their Map Runs are. */
export class Executions {
  private readonly executions = new Map<string, ExecutionRecord>();
  private readonly access: Access;
  private readonly childKeeper: ChildKeeper;
  private readonly redriveTokens = new RedriveTokens();
  private hiddenMilliseconds = 0;

  readonly operations: Operations = {
    StartExecution: async (request, context) => this.start(request, context),
    DescribeExecution: async (request, context) => {
      // Of Express executions, only those of Map Runs can be described.
      const kinds = this.has(String(request.value('executionArn'))) ? ['express'] : [];
      const included = request.includesData();
      return describeExecution(this.seen(await this.allowed('DescribeExecution', request, context, { kinds, included })), included);
    },
    DescribeStateMachineForExecution: async (request, context) => {
      const included = request.includesData();
      const { machine, child } = await this.allowed('DescribeStateMachineForExecution', request, context, { included });
      return describeForExecution(machine, child?.mapRun.mapRunArn, included);
    },
    ListMapRuns: async (request, context) => {
      const { mapRuns } = await this.allowed('ListMapRuns', request, context);
      const page = pageOf(request, mapRuns.length, { growing: true });
      return { mapRuns: mapRuns.slice(page.start, page.end).map(summarizeMapRun), ...page.nextToken };
    },
    GetExecutionHistory: async (request, context) => this.history(request, context),
    ListExecutions: async (request, context) => this.list(request, context),
    StopExecution: async (request, context) => this.stop(request, context),
    RedriveExecution: async (request, context) => this.redrive(request, context),
  };

  constructor(
    private readonly workplace: Workplace,
    private readonly machines: StateMachines,
    private readonly express: ExpressExecutions,
    private readonly mapRuns: MapRuns,
  ) {
    this.access = workplace.access;
    this.childKeeper = {
      access: this.access,
      mapRuns,
      onExpress: workplace.options.onExpress,
      runsExpressTwice: () => express.runsTwice,
      find: (arn) => this.executions.get(arn),
      add: (record) => void this.executions.set(record.execution.identity.executionArn, record),
      follow: async (record, run) => this.follow(record, run),
    };
  }

  has(executionArn: string): boolean {
    return this.executions.has(executionArn);
  }

  /** Resolves when an execution, or its latest redrive, has ended. */
  async ended(executionArn: string): Promise<void> {
    await this.get(executionArn).ended;
  }

  /** See `StepFunctionsService`. */
  hideNew(milliseconds: number): void {
    this.hiddenMilliseconds = milliseconds;
  }

  /** Drops an execution that has ended. */
  forget(executionArn: string): void {
    const { execution, mapRuns } = this.get(executionArn);
    if (execution.result === undefined) throw new Error(`The execution is running: ${executionArn}`);
    for (const child of mapRuns.flatMap((mapRun) => this.mapRuns.remove(mapRun))) this.forget(child.execution.identity.executionArn);
    this.executions.delete(executionArn);
  }

  private async start(request: Request, context: CallContext): Promise<JsonObject> {
    const machineArn = request.wholeMachineArn();
    const name = request.name('name') ?? this.workplace.uuid();
    const input = request.executionInput();
    request.optionalString('traceHeader', MAX_TRACE_HEADER);
    await this.access.allow('StartExecution', machineArn, context);
    const machine = this.machines.active(machineArn);
    if (machine.encryption !== undefined) await this.access.allowKey(machine);
    return machine.type === 'EXPRESS' ? this.express.start(machine, name, input) : this.startStandard(machine, name, input);
  }

  private startStandard(machine: StateMachine, name: string, { text, value }: ExecutionInput): JsonObject {
    const executionArn = `${this.access.arn('execution', machine.name)}:${name}`;
    const existing = this.executions.get(executionArn);
    if (existing !== undefined && !this.isForgotten(existing)) {
      if (existing.execution.result !== undefined || existing.inputText !== text) {
        throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
      }
      return { executionArn, startDate: toSeconds(existing.execution.startTime) };
    }
    const mapRuns = mapRunOptions(machine, this.childKeeper);
    const execution = newExecution(this.workplace, { machine, executionArn, name, input: value, mapRuns });
    const record: ExecutionRecord = { machine, execution, inputText: text, mapRuns: [], ended: Promise.resolve() };
    // The newest is the last one, also where the name was used before.
    this.executions.delete(executionArn);
    this.executions.set(executionArn, record);
    void this.follow(record, async () => execution.run());
    return { executionArn, startDate: toSeconds(execution.startTime) };
  }

  /** Lets an execution run on its own, and tells when its status changes. */
  private async follow(record: ExecutionRecord, run: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
    const running = run();
    this.emit(record);
    record.ended = running.then(() => this.emit(record));
    this.machines.keepUntil(record.machine.arn, record.ended);
    return running;
  }

  private emit(record: ExecutionRecord): void {
    const { environment, clock, onEvent } = this.workplace.options;
    onEvent?.(statusChangeEvent(record, environment, this.workplace.uuid(), clock.now()));
  }

  private async history(request: Request, context: CallContext): Promise<JsonObject> {
    const { execution } = this.seen(await this.allowed('GetExecutionHistory', request, context));
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
    const ofMapRun = request.value('mapRunArn') !== undefined;
    if (ofMapRun === (request.value('stateMachineArn') !== undefined)) {
      throw new ServiceError('ValidationException', 'Request must specify either a state machine ARN or a Map Run ARN');
    }
    if (ofMapRun) return this.mapRuns.listExecutions(request, context);
    const arn = request.arn('stateMachineArn', 'stateMachine');
    const status = request.oneOf('statusFilter', STATUSES);
    if (request.oneOf('redriveFilter', REDRIVE_FILTERS) !== undefined) {
      throw new ServiceError('ValidationException', 'A redrive filter can only be specified with a Map Run ARN');
    }
    await this.access.allow('ListExecutions', arn, context);
    const machine = this.machines.get(arn);
    if (machine.type === 'EXPRESS') throw new ServiceError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
    const found = [...this.executions.values()].filter((record) => isOf(machine, record) && !this.isForgotten(record)).map(summarizeExecution)
      .filter((summary) => status === undefined || summary.status === status).reverse();
    const page = pageOf(request, found.length, { growing: true, maxToken: MAX_LIST_TOKEN });
    return { executions: found.slice(page.start, page.end), ...page.nextToken };
  }

  private async stop(request: Request, context: CallContext): Promise<JsonObject> {
    const { execution } = await this.allowed('StopExecution', request, context);
    execution.stop(request.optionalString('error', MAX_ERROR_LENGTH), request.optionalString('cause', MAX_CAUSE_LENGTH));
    return { stopDate: toSeconds(execution.stopTime ?? this.workplace.options.clock.now()) };
  }

  private async redrive(request: Request, context: CallContext): Promise<JsonObject> {
    const { clock } = this.workplace.options;
    const token = request.optionalString('clientToken', MAX_CLIENT_TOKEN, 1);
    const record = await this.allowed('RedriveExecution', request, context);
    const before = this.redriveTokens.find(record, token, clock.now());
    if (before !== undefined) return { redriveDate: toSeconds(before) };
    if (record.machine.encryption !== undefined) await this.access.allowKey(record.machine);
    const reason = record.child === undefined ? record.execution.notRedrivableReason : 'Execution can be redriven by its Map Run only';
    if (reason !== undefined) throw new ServiceError('ExecutionNotRedrivable', `Execution Not Redrivable: '${reason}'`);
    void this.follow(record, async () => record.execution.redrive());
    const time = record.execution.redriveTime ?? clock.now();
    this.redriveTokens.add(record, token, time);
    return { redriveDate: toSeconds(time) };
  }

  /** @param other further kinds of ARNs, and whether the answer has what a customer's key encrypts */
  private async allowed(
    action: string, request: Request, context: CallContext, { kinds = [], included = true }: { kinds?: readonly string[]; included?: boolean } = {},
  ): Promise<ExecutionRecord> {
    const arn = request.arn('executionArn', 'execution', ...kinds);
    await this.access.allow(action, arn, context);
    const record = this.get(arn);
    if (this.isForgotten(record)) throw doesNotExist(arn);
    // Not even a moment passes where there is no key: who stops an execution at an event means that one.
    if (included && record.machine.encryption !== undefined) await this.access.keys.allowCaller(action, record.machine, context);
    return record;
  }

  private get(arn: string): ExecutionRecord {
    const record = this.executions.get(arn);
    if (record === undefined) throw doesNotExist(arn);
    return record;
  }

  private seen(record: ExecutionRecord): ExecutionRecord {
    const { startTime, identity } = record.execution;
    if (this.workplace.options.clock.now() < startTime + this.hiddenMilliseconds) throw doesNotExist(identity.executionArn);
    return record;
  }

  private isForgotten({ execution: { stopTime } }: ExecutionRecord): boolean {
    return stopTime !== undefined && this.workplace.options.clock.now() - stopTime > NAME_REUSE_DAYS * DAY;
  }
}

function doesNotExist(executionArn: string): ServiceError {
  return new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
}

/** Whether an execution is one of a state machine, whatever its revision, or of a version of it. */
function isOf({ arn, version }: StateMachine, { machine }: ExecutionRecord): boolean {
  return machine.arn === arn && (version === undefined || machine.version?.arn === version.arn);
}
