/**
 * A run of any length on the local Step Functions, in virtual time: the machines that synthesis writes, a source that counts and a handler that
 * only looks. Nothing is kept of a segment that has ended, so that memory does not grow with the run. What is like other parts of it can be replayed.
 */
import { EtlStackOptions, HANDLER_ARN, SOURCE_ARN, synthEtl } from './etl-stack';
import { pageBucketConfig } from './page-objects';
import { CountingSource, CountingSourceOptions, numbersIn } from './simulation/counting-source';
import { Replay, Replayer, ReplayCounts } from './simulation/replay';
import { ChildStarts, simulatedStorage, simulatedTasks } from './simulation/simulated-tasks';
import { kindOf, UsageMeter } from './simulation/usage-meter';
import { resourcesOfType } from './template';
import { CallContext } from '../../local/aws/service';
import { VirtualClock } from '../../local/clock';
import { JsonObject, JsonValue, memberOf } from '../../local/json';
import { assumeAnyRole } from '../../local/stepfunctions/integrations/integration';
import { createIntegrations } from '../../local/stepfunctions/integrations/integrations';
import { LambdaInvocation } from '../../local/stepfunctions/integrations/lambda';
import { ObservedEvent, StepFunctionsService } from '../../local/stepfunctions/service';
import { ASSUMED } from '../../projenrc/tools/tables/etl-assumptions';
import { Usage } from '../../projenrc/tools/tables/etl-usage';
import { PagedBatchEtlErrorName } from '../../src/paged-batch-etl/contracts/error-names';
import { BatchLimits } from '../../src/paged-batch-etl/source-functions/reader/source-config';
import { PageState } from '../../src/paged-batch-etl/workflow/page-states';

export interface SimulationOptions extends EtlStackOptions, CountingSourceOptions {
  /** How long the functions take for that many items, in virtual milliseconds. Default: nothing. */
  readonly readMilliseconds?: (items: number) => number;
  readonly processMilliseconds?: (items: number) => number;
  /** What the source function uses for a page of that many items, beside itself. Default: nothing. */
  readonly readUsage?: (items: number) => Partial<Usage>;
  /** Virtual milliseconds until a Map Run has read its page. Default: none. */
  readonly mapRunMilliseconds?: number;
  /** Virtual milliseconds of reading a batch of a page from S3. Default: as the tables assume. */
  readonly requestMilliseconds?: number;
  /** Default: any number at once. */
  readonly childStarts?: ChildStarts;
  /** Default: nothing is replayed. */
  readonly replay?: Replay;
  /** Sees the numbers of what is processed with one call, or replayed: from the first up to the one before the end. */
  readonly onPage?: (first: number, end: number) => void;
}

export interface Simulated {
  readonly status: string;
  /** The sums of all runs. */
  readonly output: JsonValue;
  /** Runs, one going on where the one before had no room for more. */
  readonly runs: number;
  /** Executions of both machines, but for those of segments that were replayed. */
  readonly executions: number;
  /** Events of the fullest execution of each machine. */
  readonly fullestSegment: number;
  readonly run: number;
  /** Of both machines. */
  readonly events: number;
  /** State transitions, as Step Functions bills them: every state that is entered, and every retry. Starts of children are in `usage`. */
  readonly transitions: number;
  readonly usage: Usage;
  readonly replayed: ReplayCounts;
  readonly virtualMilliseconds: number;
}

const environment = { accountId: '111122223333', region: 'us-east-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
const tester: CallContext = { caller: { service: 'tests.example.com' } };

export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const clock = new VirtualClock(0);
  const { template, machines, transport } = synthEtl(options);
  const definitions = resourcesOfType(template, 'AWS::StepFunctions::StateMachine').map(({ id, Properties }) => ({
    name: id, definition: JSON.stringify(machines[id.slice(0, -8)]), type: Properties.StateMachineType === 'EXPRESS' ? 'EXPRESS' as const : 'STANDARD' as const,
  }));
  const meter = new UsageMeter(new Map(definitions.map(({ name, definition }) => [name, Buffer.byteLength(definition)])));
  const source = new CountingSource(options, transport.store && batchLimits(transport.store.environment, transport.batchSize));
  const objects = () => source.objectsOf(replayer.page ?? { first: 0, end: 0 });
  let batches: ReadonlyMap<string, string> = new Map();
  const replay = options.replay ?? new Replay();
  const replayer = new Replayer({ replay, clock, meter, pageItems: options.pageItems, onPage: options.onPage });
  const counts = new EventCounts();
  const functions = new SimulatedFunctions({ options, clock, meter, source, replayer });

  const assumeRole = assumeAnyRole(environment);
  const service: StepFunctionsService = new StepFunctionsService({
    environment,
    clock,
    authorize: async () => {},
    integrations: {
      // The service itself is one of the targets.
      supports: (resource) => integrations().supports(resource),
      missingParameters: (resource, parameters) => integrations().missingParameters?.(resource, parameters) ?? [],
      call: async (call) => integrations().call(call),
    },
    storage: simulatedStorage({
      clock,
      meter,
      replayer,
      mapRunMilliseconds: options.mapRunMilliseconds,
      pageIndex: () => {
        const page = objects();
        batches = page.batches;
        return page.index;
      },
    }),
    observe: (observed) => {
      meter.observe(observed);
      const kind = kindOf(observed.executionArn);
      if (kind.express || kind.child) return;
      if (/^(Workflow|Segment)/.test(kind.machine)) counts.add(observed);
      const { executionArn, event: { type, details } } = observed;
      if (details.state === PageState.PROCESS && type.endsWith('StateEntered')) replayer.onProcessEntered();
      if (details.state === PageState.PROCESS && type.endsWith('StateExited')) replayer.onProcessExited();
      if (type === 'ExecutionSucceeded' && !kind.machine.startsWith('Workflow')) queueMicrotask(() => ended.push(executionArn));
      // The one before the newest has surely told its parent.
      if (ended.length > 1) service.forget(String(ended.shift()));
    },
    random: () => 0.5,
  });
  const known = simulatedTasks(createIntegrations({ services: [], lambda: functions }, service, assumeRole), {
    clock,
    meter,
    replay,
    replayer,
    childStarts: options.childStarts,
    itemsAfter: (cursor) => options.items - Number(cursor ?? 0),
    eventsOf: (arn) => counts.of(arn),
    batchMilliseconds: options.requestMilliseconds ?? ASSUMED.requestMilliseconds,
    batchText: (range) => batches.get(range) ?? '',
  });
  const integrations = () => known;
  const ended: string[] = [];
  for (const definition of definitions) await service.createStateMachine({ ...definition, roleArn: 'arn:aws:iam::111122223333:role/any' });
  const workflow = definitions.find(({ name }) => name.startsWith('Workflow'));
  const stateMachineArn = `arn:aws:states:us-east-1:111122223333:stateMachine:${workflow?.name}`;
  const { runArns, status, output } = await runAll(service, stateMachineArn);
  // Thrown where it was found, it would have been a failure of the run.
  if (replay.fault !== undefined) throw replay.fault;
  return {
    status,
    output,
    runs: runArns.length,
    ...counts.summary(runArns, replayer.fullestReplayed),
    events: counts.events + replayer.replayedEvents,
    transitions: meter.usage.transitions,
    usage: meter.usage,
    replayed: replayer.counts,
    virtualMilliseconds: clock.now(),
  };
}

interface EndedRuns {
  readonly runArns: readonly string[];
  readonly status: string;
  readonly output: JsonValue;
}

/** A run, and one after another that goes on where the one before had no room for more. */
async function runAll(service: StepFunctionsService, stateMachineArn: string): Promise<EndedRuns> {
  const runArns: string[] = [];
  const sums: Record<string, number> = {};
  const addTo = (counted: JsonValue) => {
    for (const name of ['items', 'pages', 'segments']) sums[name] = (sums[name] ?? 0) + Number(memberOf(counted, name));
  };
  for (let input: JsonObject = {}; ;) {
    const runArn = String((await service.call('StartExecution', { stateMachineArn, input: JSON.stringify(input) }, tester)).executionArn);
    runArns.push(runArn);
    await service.ended(runArn);
    const { status, output, error, cause } = await service.call('DescribeExecution', { executionArn: runArn }, tester);
    if (error === PagedBatchEtlErrorName.RUN_TOO_LONG) {
      const progress: JsonValue = JSON.parse(String(cause));
      addTo(progress);
      input = { progress };
      continue;
    }
    if (typeof output === 'string') addTo(JSON.parse(output));
    return { runArns, status: String(status), output: typeof output === 'string' ? sums : null };
  }
}

interface SimulatedFunctionsOptions {
  readonly options: SimulationOptions;
  readonly clock: VirtualClock;
  readonly meter: UsageMeter;
  readonly source: CountingSource;
  readonly replayer: Replayer;
}

/** The function that reads, and the one that processes. */
class SimulatedFunctions {
  constructor(private readonly parts: SimulatedFunctionsOptions) {}

  async invokeFunction(arn: string, payload: string): Promise<LambdaInvocation> {
    const event: JsonObject = JSON.parse(payload);
    if (arn === SOURCE_ARN) return answered(await this.read(event));
    if (arn === HANDLER_ARN) return answered(await this.process(event));
    throw new Error(`there is no function ${arn}`);
  }

  private async read(event: JsonObject): Promise<JsonValue> {
    const { options, clock, meter, source, replayer } = this.parts;
    const page = source.pageOf(event);
    const items = page.end - page.first;
    const milliseconds = options.readMilliseconds?.(items) ?? 0;
    meter.add({ readerCalls: 1, readerSeconds: milliseconds / 1_000 });
    meter.add(options.readUsage?.(items) ?? {});
    await clock.sleep(milliseconds);
    return source.answerTo(event, page, replayer.onRead(page));
  }

  private async process(event: JsonObject): Promise<JsonValue> {
    const { options, clock, meter, replayer } = this.parts;
    const items = Array.isArray(event.items) ? event.items.length : 1;
    const milliseconds = options.processMilliseconds?.(items) ?? 0;
    meter.add({ processorCalls: 1, processorSeconds: milliseconds / 1_000 });
    if (replayer.replayedMilliseconds === undefined) {
      const { first, end } = numbersIn(event);
      options.onPage?.(first, end);
    }
    await clock.sleep(milliseconds);
    return null;
  }
}

function answered(answer: JsonValue): LambdaInvocation {
  return { statusCode: 200, executedVersion: '$LATEST', payload: JSON.stringify(answer) };
}

/** As the source function is told. */
function batchLimits(told: Readonly<Record<string, string>>, batchSize: number): Required<BatchLimits> {
  const { batch } = pageBucketConfig('', told);
  return { ...batch, items: batch.items ?? batchSize };
}

/** Counts events of both machines, and keeps nothing else. */
class EventCounts {
  private readonly byExecution = new Map<string, number>();

  add({ executionArn, event }: ObservedEvent): void {
    this.byExecution.set(executionArn, event.id);
  }

  of(executionArn: string): number {
    return this.byExecution.get(executionArn) ?? 0;
  }

  get events(): number {
    return [...this.byExecution.values()].reduce((sum, events) => sum + events, 0);
  }

  summary(runArns: readonly string[], fullestReplayed: number): Pick<Simulated, 'executions' | 'fullestSegment' | 'run'> {
    const segments = [...this.byExecution].filter(([arn]) => !runArns.includes(arn)).map(([, events]) => events);
    return {
      executions: this.byExecution.size,
      fullestSegment: Math.max(fullestReplayed, ...segments),
      run: Math.max(...runArns.map((arn) => this.of(arn))),
    };
  }
}
