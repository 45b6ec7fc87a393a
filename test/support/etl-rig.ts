/**
 * Runs the state machines of a PagedBatchEtl on the local Step Functions, made from the synthesised template with the rights of its roles. The
 * functions are imagined: a source that counts, unless there is another, and a handler that remembers what it was called with.
 */
import { DeadLetters } from './dead-letters';
import { COLLECTOR_ARN, EtlStack, EtlStackOptions, HANDLER_ARN, SOURCE_ARN, synthEtl } from './etl-stack';
import { localLedgerTable } from './local-ledger-table';
import { ImaginedPage, pageBucketConfig, PageObjects } from './page-objects';
import { AuthorizationRequest, CallContext, ServiceError } from '../../local/aws/service';
import { VirtualClock } from '../../local/clock';
import { DynamoDb } from '../../local/dynamodb/dynamodb-service';
import { dynamoDbResources } from '../../local/dynamodb/resources';
import { createAuthorizer } from '../../local/iam/authorize';
import { iamResources } from '../../local/iam/resources';
import { Roles } from '../../local/iam/roles';
import { Users } from '../../local/iam/users';
import { JsonObject, JsonValue } from '../../local/json';
import { Keys } from '../../local/kms/keys';
import { LogStore } from '../../local/logs/log-store';
import { logsResources } from '../../local/logs/resources';
import { S3Operations } from '../../local/s3/operations';
import { s3Resources } from '../../local/s3/resources';
import { S3Service } from '../../local/s3/s3-service';
import { S3Store } from '../../local/s3/store';
import { assumeAnyRole } from '../../local/stepfunctions/integrations/integration';
import { LambdaInvocation } from '../../local/stepfunctions/integrations/lambda';
import { s3Storage } from '../../local/stepfunctions/integrations/s3-storage';
import { HistoryEvent } from '../../local/stepfunctions/interpreter/history';
import { stepFunctionsResources } from '../../local/stepfunctions/resources';
import { ObservedEvent, StepFunctionsService } from '../../local/stepfunctions/service';
import { ResourceProviders } from '../../local/template/resource';
import { createResources } from '../../local/template/stack';
import { parseTemplate } from '../../local/template/template';
import { ESTIMATE_ITEMS_CONTRACT } from '../../src/paged-batch-etl/contracts/estimate-items';
import { PLAN_RANGES_CONTRACT } from '../../src/paged-batch-etl/contracts/plan-ranges';
import {
  NO_ITEMS_LEFT, READ_TOLERANTLY_CONTRACT, WRITE_PAGE_CONTRACT, WRITE_PAGE_CONTRACT_2, WRITE_TOLERANTLY_CONTRACT,
} from '../../src/paged-batch-etl/contracts/read-page';
import { executionState } from '../../src/paged-batch-etl/run-ledger/function/executions';
import { keepLedger } from '../../src/paged-batch-etl/run-ledger/function/keep-ledger';
import { LedgerConfig, readLedgerConfig } from '../../src/paged-batch-etl/run-ledger/function/ledger-config';
import { LedgerServices } from '../../src/paged-batch-etl/run-ledger/function/ledger-services';
import { Item, LedgerTable } from '../../src/paged-batch-etl/run-ledger/function/ledger-table';

const environment = { accountId: '111122223333', region: 'us-east-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
const tester: CallContext = { caller: { service: 'tests.example.com' } };

/** How a call of a function fails. */
export interface ImaginedError {
  readonly errorType: string;
  readonly errorMessage?: string;
}

export interface EtlRigOptions extends EtlStackOptions {
  /** Items of the source that counts, from 0. Default: none. */
  readonly items?: number;
  /** Another source. What it throws fails the call, by the name of the error, as in Lambda. */
  readonly source?: (event: JsonObject) => Promise<JsonValue>;
  /** What it says how many items there are, or what it throws. Default: how many there are. */
  readonly estimate?: () => JsonValue;
  /** What the handler answers; what it throws fails the call when the work is done. Default: nothing. */
  readonly answer?: (event: JsonObject) => JsonValue | Promise<JsonValue>;
  /** What the handler answers, byte by byte; instead of `answer`. */
  readonly payload?: string;
  /** May fail a call of a function; `call` counts the calls of all, from 1. */
  readonly fail?: (name: 'source' | 'handler' | 'collector', call: number, event: JsonObject) => ImaginedError | undefined;
  readonly onEvent?: (observed: ObservedEvent, rig: EtlRig) => void;
  /** Whether calls are decided by the policies in the template. Default: no, which is quicker. */
  readonly iam?: boolean;
  /** Actions that the roles of the machines may not take, whatever their policies say. */
  readonly denied?: readonly string[];
  /** May refuse a call of a machine's role, before its rights are looked at. */
  readonly refuse?: (request: AuthorizationRequest, roleArn: string) => ServiceError | undefined;
  /** What the function that keeps the ledger has in place of its table: one that fails. */
  readonly ledgerTable?: (table: LedgerTable, event: JsonObject) => LedgerTable;
  /** Characters of each item, beside its number. */
  readonly itemSize?: number;
  /** The first item of each range of a run that is divided. Default: ranges of the same length. */
  readonly rangeStarts?: readonly number[];
  /** Most items of a page that travels through S3. Default: all. */
  readonly pageItems?: number;
  /** Virtual seconds that each call takes. */
  readonly seconds?: number;
  /** For jitter. Default: always a half. */
  readonly random?: () => number;
}

export interface Ended {
  readonly status: string;
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
}

/** An item that the handler was called with. */
export interface HandledItem {
  readonly itemIdentifier: string;
  readonly idempotencyKey: string;
  readonly item: JsonValue;
  readonly page: number;
  /** Place in its page, where items are processed one by one. */
  readonly index?: number;
}

/** What pages were written to. */
const stores: S3Store[] = [];

/** For `afterAll`, where pages travel through S3: removes what they were written to. */
export function closeStores(): void {
  for (const store of stores.splice(0)) store.close();
}

const databases: DynamoDb[] = [];

/** For `afterAll`, where runs have a ledger. */
export async function closeLedgers(): Promise<void> {
  await Promise.all(databases.splice(0).map(async (each) => each.close()));
}

const LEDGER_ARN = 'arn:aws:lambda:us-east-1:111122223333:function:ledger';

/** The stacks of one test file: synthesis takes longer than a run. */
const stacks = new WeakMap<EtlStackOptions, EtlStack>();

export class EtlRig {
  static async deploy(options: EtlRigOptions, stack: EtlStackOptions = options): Promise<EtlRig> {
    const known = stacks.get(stack) ?? synthEtl(stack);
    stacks.set(stack, known);
    const rig = new EtlRig(options, known);
    await rig.create();
    return rig;
  }

  readonly clock = new VirtualClock(0);
  readonly service: StepFunctionsService;
  /** Events of the handler's calls that did not fail. */
  handled: JsonObject[] = [];
  /** Events of the source's calls, failed or not. */
  read: JsonObject[] = [];
  /** Lines of the log of the function that keeps the ledger. */
  readonly ledgerLines: JsonObject[] = [];
  private readonly histories = new Map<string, HistoryEvent[]>();
  private readonly forgotten = new Set<string>();
  private readonly roles = new Roles(environment);
  private readonly machineArns = new Map<string, string>();
  private readonly s3?: S3Service;
  private readonly authorize: (request: AuthorizationRequest, context: CallContext) => Promise<void>;
  private written?: PageObjects;
  private readonly told?: DeadLetters;
  private readonly dynamoDb: DynamoDb;
  private ledgerConfig?: LedgerConfig;
  private calls = 0;

  private constructor(private options: EtlRigOptions, readonly stack: EtlStack) {
    const { authorize } = createAuthorizer({ environment, clock: this.clock, roles: this.roles, users: new Users(environment) });
    this.authorize = async (request, context) => {
      const { action } = request;
      if (options.denied?.includes(action) && context.caller.roleArn !== undefined) throw new ServiceError('AccessDeniedException', `no ${action}`, 400);
      const refusal = context.caller.roleArn === undefined ? undefined : this.options.refuse?.(request, context.caller.roleArn);
      if (refusal !== undefined) throw refusal;
      if (options.iam && context.caller.roleArn !== undefined) await this.clock.hold(async () => authorize(request, context));
    };
    if (stack.transport.store !== undefined || options.tolerance !== undefined) this.s3 = this.createS3();
    if (this.s3 !== undefined && options.tolerance !== undefined) this.told = new DeadLetters(this.s3, options.tolerance.withDocuments ?? false);
    this.dynamoDb = new DynamoDb({ environment, clock: this.clock, authorize: this.authorize, useKey: new Keys(environment, this.authorize).use });
    databases.push(this.dynamoDb);
    this.service = new StepFunctionsService({
      environment,
      clock: this.clock,
      authorize: this.authorize,
      storage: this.s3 && s3Storage(this.s3, assumeAnyRole(environment)),
      targets: {
        services: this.s3 === undefined ? [] : [new S3Operations(this.s3)],
        lambda: { invokeFunction: async (arn, payload, context) => this.invoke(arn, JSON.parse(payload), context) },
      },
      observe: (observed) => {
        this.historyOf(observed.executionArn).push(observed.event);
        this.options.onEvent?.(observed, this);
      },
      random: options.random ?? (() => 0.5),
    });
  }

  /** The pages in S3. */
  get pages(): PageObjects {
    if (this.written === undefined) throw new Error('pages do not travel through S3');
    return this.written;
  }

  /** The letters about items that failed. */
  get deadLetters(): DeadLetters {
    if (this.told === undefined) throw new Error('failures are not tolerated');
    return this.told;
  }

  /** Items that the handler was called with, in order. */
  get handledItems(): HandledItem[] {
    return this.handled.flatMap((event) => {
      const page = Number(member(event.run, 'page'));
      const index = member(event.run, 'index');
      const items = Array.isArray(event.items) ? event.items : [event];
      return items.map((item) => ({
        itemIdentifier: String(member(item, 'itemIdentifier')),
        idempotencyKey: String(member(item, 'idempotencyKey')),
        item: member(item, 'item') ?? null,
        page,
        ...(index === undefined ? {} : { index: Number(index) }),
      }));
    });
  }

  /** Numbers of the items that the handler was called with, in order. */
  get processed(): number[] {
    return this.handledItems.map(({ item }) => Number(member(item, 'number')));
  }

  /** Distinct idempotency keys that the handler was called with. */
  get keys(): string[] {
    return [...new Set(this.handledItems.map(({ idempotencyKey }) => idempotencyKey))];
  }

  /** Forgets all that was, and goes on with other trouble: to create the machines takes longer than a run. */
  again(trouble: Partial<Pick<EtlRigOptions, 'fail' | 'onEvent' | 'ledgerTable' | 'source' | 'answer' | 'refuse' | 'items' | 'rangeStarts'>>): void {
    for (const executionArn of this.histories.keys()) this.forgotten.add(executionArn);
    this.histories.clear();
    this.handled = [];
    this.read = [];
    this.calls = 0;
    this.options = { ...this.options, fail: undefined, onEvent: undefined, refuse: undefined, ledgerTable: undefined, ...trouble };
  }

  machineArn(name: 'Workflow' | 'Segment' | 'Items' | 'Child' | 'BackfillYearWorkflow'): string {
    const [arn] = [...this.machineArns].filter(([id]) => new RegExp(`^${name}[0-9A-F]{8}$`).test(id)).map(([, found]) => found);
    if (arn === undefined) throw new Error(`there is no machine ${name}`);
    return arn;
  }

  /** Starts a run; answers the ARN of its execution. */
  async start(input: JsonValue = {}, name: 'Workflow' | 'Segment' | 'BackfillYearWorkflow' = 'Workflow'): Promise<string> {
    const answer = await this.service.call('StartExecution', { stateMachineArn: this.machineArn(name), input: JSON.stringify(input) }, tester);
    return String(answer.executionArn);
  }

  /** Starts a run that times out, after this number of seconds, or never. */
  async startLimited(input: JsonValue, seconds: number | null): Promise<string> {
    const stateMachineArn = this.machineArn('Workflow');
    const { definition } = await this.service.call('DescribeStateMachine', { stateMachineArn }, tester);
    const unlimited = Object.entries(JSON.parse(String(definition))).filter(([name]) => name !== 'TimeoutSeconds');
    const limited = { ...Object.fromEntries(unlimited), ...seconds !== null && { TimeoutSeconds: seconds } };
    await this.service.call('UpdateStateMachine', { stateMachineArn, definition: JSON.stringify(limited) }, tester);
    return this.start(input);
  }

  /** Starts a run by a name, unless there was one of the name. */
  async startNamed(name: string, input: string): Promise<'Started' | 'StartedBefore'> {
    try {
      await this.service.call('StartExecution', { stateMachineArn: this.machineArn('Workflow'), name, input }, tester);
      return 'Started';
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'ExecutionAlreadyExists') return 'StartedBefore';
      throw error;
    }
  }

  async run(input: JsonValue = {}): Promise<Ended> {
    return this.ended(await this.start(input));
  }

  async ended(executionArn: string): Promise<Ended> {
    await this.service.ended(executionArn);
    const { status, output, error, cause } = await this.service.call('DescribeExecution', { executionArn }, tester);
    return {
      status: String(status),
      ...(typeof output === 'string' && { output: JSON.parse(output) as JsonValue }),
      ...(typeof error === 'string' && { error }),
      ...(typeof cause === 'string' && { cause }),
    };
  }

  async redrive(executionArn: string): Promise<Ended> {
    await this.service.call('RedriveExecution', { executionArn }, tester);
    return this.ended(executionArn);
  }

  async stop(executionArn: string): Promise<void> {
    await this.service.call('StopExecution', { executionArn }, tester);
  }

  /** The answer to the next StartExecution for that machine gets lost, though the execution is started. */
  loseStart(name: 'Workflow' | 'Segment' | 'Child'): void {
    const call = this.service.call.bind(this.service);
    this.service.call = async (operation, input, context) => {
      const answer = await call(operation, input, context);
      if (operation !== 'StartExecution' || input.stateMachineArn !== this.machineArn(name)) return answer;
      this.service.call = call;
      throw new ServiceError('InternalFailure', 'the answer got lost', 500);
    };
  }

  /** Executions of a machine, the oldest first. */
  async executions(name: 'Workflow' | 'Segment' | 'Child'): Promise<string[]> {
    const { executions } = await this.service.call('ListExecutions', { stateMachineArn: this.machineArn(name), maxResults: 1000 }, tester);
    const arns = Array.isArray(executions) ? executions.map((execution) => String(member(execution, 'executionArn'))).reverse() : [];
    return arns.filter((arn) => !this.forgotten.has(arn));
  }

  /** Waits for every execution of a run that restarts itself. */
  async ends(): Promise<Ended[]> {
    for (let known = -1; ;) {
      const executions = await this.executions('Workflow');
      const ends = await Promise.all(executions.map(async (execution) => this.ended(execution)));
      if (executions.length === known) return ends;
      known = executions.length;
    }
  }

  /** What users start of a run, and did not end well. */
  async broken(): Promise<{ readonly executionArn: string; readonly end: Ended }[]> {
    const ends = await this.ends();
    const executions = await this.executions('Workflow');
    return executions.map((executionArn, index) => ({ executionArn, end: ends[index] })).filter(({ end }) => end.status !== 'SUCCEEDED');
  }

  historyOf(executionArn: string): HistoryEvent[] {
    const history = this.histories.get(executionArn) ?? [];
    this.histories.set(executionArn, history);
    return history;
  }

  /** Events of all executions. */
  get eventCount(): number {
    return [...this.histories.values()].reduce((sum, history) => sum + history.length, 0);
  }

  private createS3(): S3Service {
    const store = new S3Store(this.clock);
    stores.push(store);
    return new S3Service(store, { environment, authorize: this.authorize, useKey: async () => {} });
  }

  private async create(): Promise<void> {
    const { resources } = await createResources({ stackName: 'Stack', template: parseTemplate(JSON.stringify(this.stack.template.toJSON())), parameters: {}, asset: (key) => key }, {
      ...iamResources(this.roles),
      ...stepFunctionsResources(this.service),
      ...logsResources(new LogStore()),
      ...this.s3 && s3Resources(this.s3.store),
      ...this.ledgerResources(),
    }, environment);
    for (const [id, { type, ref }] of resources) if (type === 'AWS::StepFunctions::StateMachine') this.machineArns.set(id, ref);
    const [bucket] = [...resources].filter(([, { type }]) => type === 'AWS::S3::Bucket').map(([, { ref }]) => ref);
    const told = this.stack.transport.store?.environment;
    if (this.s3 === undefined || told === undefined) return;
    this.written = new PageObjects(this.s3, pageBucketConfig(bucket, told));
  }

  /** Items of the ledger, in no order. */
  async ledgerItems(): Promise<readonly Item[]> {
    const { Items } = await this.dynamoDb.call('Scan', { TableName: this.ledgerOf().config.tableName }, tester);
    return JSON.parse(JSON.stringify(Items));
  }

  /** What the function that keeps the ledger works with. */
  ledgerOf(): LedgerServices {
    const config = this.ledgerConfig;
    if (config === undefined) throw new Error('there is no ledger');
    return {
      config,
      table: localLedgerTable(this.dynamoDb, config.tableName, tester),
      now: () => this.clock.now(),
      log: (line) => void this.ledgerLines.push(JSON.parse(line)),
      describe: async (executionArn) => {
        const { status, stopDate } = await this.service.call('DescribeExecution', { executionArn }, tester);
        return executionState(String(status), typeof stopDate === 'number' ? new Date(stopDate * 1_000) : undefined);
      },
    };
  }

  /** The table, and the function in whose place `invoke` does its work. */
  private ledgerResources(): ResourceProviders {
    if (this.stack.ledger === undefined) return {};
    return {
      ...dynamoDbResources(this.dynamoDb),
      'AWS::Lambda::Function': async ({ properties }) => {
        const variables = properties.object('Environment', (given) => given.texts('Variables')) ?? new Map();
        this.ledgerConfig = readLedgerConfig({ ...Object.fromEntries(variables), AWS_LAMBDA_FUNCTION_NAME: 'ledger' });
        // The rest is about a function that there is not.
        properties.notModelled('Architectures', 'Code', 'Description', 'Handler', 'LoggingConfig', 'MemorySize', 'Role', 'Runtime', 'Timeout');
        return { ref: 'ledger', attributes: { Arn: LEDGER_ARN } };
      },
    };
  }

  private async keep(event: JsonObject): Promise<LambdaInvocation> {
    const services = this.ledgerOf();
    const table = this.options.ledgerTable?.(services.table, event) ?? services.table;
    return this.answering(async () => JSON.parse(JSON.stringify(await keepLedger(event, { ...services, table }))));
  }

  private async invoke(arn: string, event: JsonObject, context: CallContext): Promise<LambdaInvocation> {
    await this.authorize({ action: 'lambda:InvokeFunction', resource: arn }, context);
    if (arn === COLLECTOR_ARN) return this.collect(event);
    if (arn === LEDGER_ARN) return this.keep(event);
    if (event.contract === ESTIMATE_ITEMS_CONTRACT) return this.answering(async () => this.options.estimate?.() ?? { items: this.items });
    const name = arn === SOURCE_ARN ? 'source' : 'handler';
    if (arn !== SOURCE_ARN && arn !== HANDLER_ARN) throw new Error(`there is no function ${arn}`);
    if (name === 'source') this.read.push(event);
    await this.clock.sleep((this.options.seconds ?? 0) * 1_000);
    const failure = this.options.fail?.(name, ++this.calls, event);
    if (failure !== undefined) return failed(failure);
    if (name === 'handler') this.handled.push(event);
    const payload = name === 'handler' ? this.options.payload : undefined;
    return this.answering(async () => (name === 'source' ? this.readSource(event) : this.options.answer?.(event) ?? null), payload);
  }

  private async answering(answer: () => Promise<JsonValue>, payload?: string): Promise<LambdaInvocation> {
    try {
      const answered = await this.clock.hold(answer);
      return { statusCode: 200, executedVersion: '$LATEST', payload: payload ?? JSON.stringify(answered) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return failed({ errorType: error.name, errorMessage: error.message });
    }
  }

  private async collect(event: JsonObject): Promise<LambdaInvocation> {
    const failure = this.options.fail?.('collector', ++this.calls, event);
    if (failure !== undefined) return failed(failure);
    try {
      const answer = await this.clock.hold(async () => this.deadLetters.collect(event));
      return { statusCode: 200, executedVersion: '$LATEST', payload: JSON.stringify(answer) };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return failed({ errorType: error.name, errorMessage: error.message });
    }
  }

  private async readSource(event: JsonObject): Promise<JsonValue> {
    if (member(event.parameters, 'replay') !== undefined) return this.deadLetters.replay(event, this.written);
    if (this.options.source !== undefined) return this.options.source(event);
    if (event.contract === PLAN_RANGES_CONTRACT) return { ranges: this.ranges(Number(member(event.partitions, 'ranges'))) };
    const { first, last } = this.place(event);
    if (first >= last) throw Object.assign(new Error(), { name: NO_ITEMS_LEFT });
    const { contract } = event;
    const isWritten = contract === WRITE_PAGE_CONTRACT || contract === WRITE_PAGE_CONTRACT_2 || contract === WRITE_TOLERANTLY_CONTRACT;
    const page = isWritten ? await this.pages.write(event, () => this.page(event, this.options.pageItems ?? Infinity)) : this.page(event);
    return contract === READ_TOLERANTLY_CONTRACT || contract === WRITE_TOLERANTLY_CONTRACT ? { ...Object(page), failed: [] } : page;
  }

  private get items(): number {
    return this.options.items ?? 0;
  }

  /** Each range has the same number of them, unless the test says where they begin. */
  private ranges(most: number): JsonObject[] {
    const { items } = this;
    const count = Math.min(most, items);
    const starts = this.options.rangeStarts ?? Array.from({ length: count }, (_, number) => Math.floor((items * number) / count));
    return starts.map((first, number) => ({ number, cursor: `${first}<${starts[number + 1] ?? items}`, pages: 0, items: 0, failed: 0, segments: 0 }));
  }

  /** Items are numbers; the cursor is the number after the last one, in a range with the one after the last of all. */
  private place({ cursor }: JsonObject): { readonly first: number; readonly last: number; readonly end: string } {
    const [first, end] = String(cursor ?? 0).split('<');
    return { first: Number(first), last: Number(end ?? this.items), end: end === undefined ? '' : `<${end}` };
  }

  private page(event: JsonObject, size: number = Number(event.batchSize)): ImaginedPage {
    const { first, last: end, end: range } = this.place(event);
    const last = Math.min(end, first + size);
    const root = String(member(event.run, 'id'));
    const padding = 'x'.repeat(this.options.itemSize ?? 0);
    const items = Array.from({ length: last - first }, (_, index) => ({
      itemIdentifier: `${first + index}`, idempotencyKey: `${root}/${first + index}`, item: { number: first + index, ...(padding !== '' && { padding }) },
    }));
    return { items, cursor: `${last}${range}`, done: last === end };
  }
}

function member(value: JsonValue, name: string): JsonValue | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
}

function failed(failure: ImaginedError): LambdaInvocation {
  return { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled', payload: JSON.stringify(failure) };
}
