import { randomUUID } from 'node:crypto';
import { CancellationScope } from './cancellation';
import { StateMachineDefinition } from './definition';
import { ChildExecution, ChildPlan, MapRun } from './distributed/map-run';
import { ObjectStorage } from './distributed/object-storage';
import { ExecutionResult } from './execution-result';
import { Cancelled, StateFailure } from './failure';
import { Frame } from './frame';
import { runGraph } from './graph';
import { History, HistoryEvent } from './history';
import { Languages } from './languages/languages';
import { PayloadMeter } from './payload';
import { Run } from './run';
import { ExecutionIdentity, TaskHandler } from './task';
import { TaskTokens } from './task-tokens';
import { formatTimestamp } from './timestamp';
import { Clock } from '../../clock';
import { JsonObject, JsonValue } from '../../json';
import { JsonataQueries } from '../jsonata/queries';

export interface ExecutionOptions {
  /** A valid definition; see `validateDefinition`. */
  readonly definition: StateMachineDefinition;
  /** Whether it is one of an Express workflow: it has five minutes, and any number of events. Default: false. */
  readonly express?: boolean;
  /** Default: the empty object. */
  readonly input?: JsonValue;
  /** All waiting, timing out and retrying happens in its time. */
  readonly clock: Clock;
  /** Does the work of Task states. Default: every Task is an error. */
  readonly task?: TaskHandler;
  /** Default: an execution called `execution` of a machine called `machine`. */
  readonly identity?: ExecutionIdentity;
  /** Registry of task tokens; share one where tokens of several executions come in at one place. */
  readonly tokens?: TaskTokens;
  /** Where a distributed Map reads items and writes results. */
  readonly storage?: ObjectStorage;
  /** What is compiled of the JSONata of the definition; share one between the executions of one state machine. */
  readonly queries?: JsonataQueries;
  /** From 0 (inclusive) to 1 (exclusive), for jitter, `States.MathRandom`, `$random` and `$shuffle`. Default: `Math.random`. */
  readonly random?: () => number;
  /** Default: `crypto.randomUUID`. */
  readonly uuid?: () => string;
  /** Sees every event as it is appended, also those of child executions. */
  readonly onEvent?: (event: HistoryEvent, executionArn: string, redriveCount: number) => void;
  /** Told of every distributed Map that begins. */
  readonly onMapRun?: (mapRun: MapRun) => void;
  /** Whether the role may start, or redrive, the children of a Map Run; throws `TaskFailure`. Default: it may. */
  readonly admitMapRun?: Run['admitMapRun'];
  /** Which Express children run twice. Default: none. */
  readonly repeatsExpress?: Run['repeatsExpress'];
  /** Told of every child execution of a distributed Map that is made. */
  readonly onChild?: (child: Execution, plan: ChildPlan) => void;
  /** Lets a child begin, or go on. Default: nothing more. */
  readonly follow?: Run['follow'];
}

/** An execution lasts this many milliseconds at most: one year (AWS quota). */
const MAX_DURATION = 365 * 86_400_000;

/** Longest time of an execution of an Express workflow, in seconds (AWS quota). */
const MAX_EXPRESS_SECONDS = 300;

/** Milliseconds after its end in which an execution can be redriven: 14 days (AWS quota). */
const REDRIVE_WINDOW = 14 * 86_400_000;

const exampleIdentity: ExecutionIdentity = {
  executionArn: 'arn:aws:states:us-east-1:000000000000:execution:machine:execution',
  executionName: 'execution',
  stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:machine',
  stateMachineName: 'machine',
  roleArn: 'arn:aws:iam::000000000000:role/machine',
  region: 'us-east-1',
};

/** One execution of a state machine: run it, stop it, redrive it. It knows nothing of services; its Tasks are a function. */
export class Execution {
  readonly history: History;
  readonly identity: ExecutionIdentity;
  readonly input: JsonValue;
  readonly startTime: number;
  /** Epoch milliseconds; undefined while it runs. */
  stopTime?: number;
  /** Undefined while it runs. */
  result?: ExecutionResult;
  redriveCount = 0;
  redriveTime?: number;
  private readonly tokens: TaskTokens;
  private readonly queries: JsonataQueries;
  private readonly languages: Languages;
  private readonly meter = new PayloadMeter();
  private readonly chance: { random: () => number; uuid: () => string };
  private readonly root: Frame;
  private scope = new CancellationScope();

  constructor(private readonly options: ExecutionOptions) {
    this.identity = options.identity ?? exampleIdentity;
    this.input = options.input === undefined ? {} : options.input;
    this.startTime = options.clock.now();
    this.chance = { random: options.random ?? Math.random, uuid: options.uuid ?? randomUUID };
    this.tokens = options.tokens ?? new TaskTokens(this.chance.uuid);
    this.queries = options.queries ?? new JsonataQueries();
    this.languages = new Languages(options.definition.QueryLanguage ?? 'JSONPath', this.queries, this.chance, options.clock);
    const tell = (event: HistoryEvent) => options.onEvent?.(event, this.identity.executionArn, this.redriveCount);
    this.history = new History(options.clock, tell, options.express ? Infinity : undefined);
    this.root = new Frame(options.definition, this.input, 0);
  }

  /** Runs to the end; never rejects for anything that happens inside the state machine. */
  async run(): Promise<ExecutionResult> {
    this.history.append('ExecutionStarted', 0, { input: this.input, roleArn: this.identity.roleArn });
    return this.drive();
  }

  /** Stops it as StopExecution does; without effect when it has ended. */
  stop(error?: string, cause?: string): void {
    this.end('ABORTED', { error, cause }, 0);
  }

  /** Why it cannot be redriven, in the words of AWS; undefined if it can. */
  get notRedrivableReason(): string | undefined {
    const status = this.result?.status ?? 'RUNNING';
    if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
    if (this.history.full) return 'Execution history event limit exceeded';
    const closed = this.options.clock.now() - (this.stopTime ?? 0);
    return closed > REDRIVE_WINDOW ? 'Execution redrivable period exceeded' : undefined;
  }

  /** Goes on at the states that failed or were called off; their retries are counted from zero. */
  async redrive(): Promise<ExecutionResult> {
    if (this.notRedrivableReason !== undefined) throw new Error(this.notRedrivableReason);
    this.redriveCount++;
    this.redriveTime = this.options.clock.now();
    this.result = undefined;
    this.stopTime = undefined;
    this.scope = new CancellationScope();
    const { id } = this.history.append('ExecutionRedriven', this.history.length, { redriveCount: this.redriveCount });
    this.root.resumeAfter(id);
    return this.drive();
  }

  private async drive(): Promise<ExecutionResult> {
    const { definition, clock, express } = this.options;
    const { scope } = this;
    const longest = express ? MAX_EXPRESS_SECONDS : undefined;
    const limit = definition.TimeoutSeconds === undefined ? longest : Math.min(definition.TimeoutSeconds, longest ?? Infinity);
    const timer = limit === undefined ? undefined : clock.after(limit * 1000, () => this.end('TIMED_OUT', {}, 0));
    try {
      await scope.race(runGraph(this.newRun(), this.root, scope));
      return this.end('SUCCEEDED', { output: this.root.done?.output ?? null }, this.root.previousEventId);
    } catch (thrown) {
      // Stopped or timed out: that has been recorded already.
      if (thrown instanceof Cancelled && this.result !== undefined) return this.result;
      if (!(thrown instanceof StateFailure)) throw thrown;
      const previousEventId = this.history.full ? this.history.length : this.root.previousEventId;
      return this.end('FAILED', { error: thrown.error, cause: thrown.failureCause }, previousEventId);
    } finally {
      timer?.cancel();
      scope.cancel();
    }
  }

  private end(status: ExecutionResult['status'], details: Omit<ExecutionResult, 'status'>, previousEventId: number): ExecutionResult {
    if (this.result !== undefined) return this.result;
    const result: ExecutionResult = { status, ...details };
    this.result = result;
    this.stopTime = this.options.clock.now();
    const type = { SUCCEEDED: 'ExecutionSucceeded', FAILED: 'ExecutionFailed', ABORTED: 'ExecutionAborted', TIMED_OUT: 'ExecutionTimedOut' }[status];
    this.history.append(type, previousEventId, details);
    this.scope.cancel();
    return result;
  }

  private newRun(): Run {
    const run: Run = {
      clock: this.options.clock,
      history: this.history,
      languages: this.languages,
      meter: this.meter,
      chance: this.chance,
      tokens: this.tokens,
      task: this.options.task ?? noTasks,
      storage: this.options.storage,
      identity: this.identity,
      context: this.newContext(),
      onMapRun: this.options.onMapRun ?? (() => undefined),
      deadline: (this.redriveTime ?? this.startTime) + MAX_DURATION,
      expire: () => void this.end('TIMED_OUT', {}, 0),
      runGraph: async (frame, scope) => runGraph(run, frame, scope),
      admitMapRun: this.options.admitMapRun ?? (async () => undefined),
      repeatsExpress: this.options.repeatsExpress ?? (() => false),
      newChild: (plan) => this.newChild(plan),
      follow: this.options.follow ?? (async (_, begin) => begin()),
    };
    return run;
  }

  private newContext(): Run['context'] {
    const { executionArn, executionName, roleArn, stateMachineArn, stateMachineName } = this.identity;
    const redriven: JsonObject = this.redriveTime === undefined ? {} : { RedriveTime: formatTimestamp(this.redriveTime) };
    return {
      Execution: {
        Id: executionArn,
        Input: this.input,
        StartTime: formatTimestamp(this.startTime),
        Name: executionName,
        RoleArn: roleArn,
        RedriveCount: this.redriveCount,
        ...redriven,
      },
      StateMachine: { Id: stateMachineArn, Name: stateMachineName },
    };
  }

  private newChild(plan: ChildPlan): ChildExecution {
    const { graph: { StartAt, States }, input, identity, mapRun } = plan;
    const { QueryLanguage } = this.options.definition;
    const definition = { QueryLanguage, StartAt, States };
    const child = new Execution({ ...this.options, express: mapRun.type === 'EXPRESS', queries: this.queries, definition, input, identity, tokens: this.tokens });
    this.options.onChild?.(child, plan);
    return child;
  }
}

async function noTasks(): Promise<JsonValue> {
  throw new Error('this execution was given no handler for Task states');
}
