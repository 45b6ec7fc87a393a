import { randomUUID } from 'node:crypto';
import { CancellationScope } from './cancellation';
import { StateMachineDefinition } from './definition';
import { ItemSource } from './distributed/item-source';
import { Expressions } from './expressions';
import { Cancelled, StateFailure } from './failure';
import { Frame } from './frame';
import { runGraph } from './graph';
import { History, HistoryEvent } from './history';
import { PayloadMeter } from './payload';
import { ChildExecution, ExecutionResult, MapRunRecord, Run } from './run';
import { ExecutionIdentity, TaskHandler } from './task';
import { TaskTokens } from './task-tokens';
import { formatTimestamp } from './timestamp';
import { Clock } from '../../clock';
import { JsonObject, JsonValue } from '../../json';

export interface ExecutionOptions {
  /** A valid definition; see `validateDefinition`. */
  readonly definition: StateMachineDefinition;
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
  /** Where the ItemReader of a distributed Map reads. */
  readonly items?: ItemSource;
  /** From 0 (inclusive) to 1 (exclusive), for jitter and `States.MathRandom`. Default: `Math.random`. */
  readonly random?: () => number;
  /** Default: `crypto.randomUUID`. */
  readonly uuid?: () => string;
  /** Sees every event as it is appended. */
  readonly onEvent?: (event: HistoryEvent) => void;
  readonly onMapRun?: (mapRun: MapRunRecord) => void;
}

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
  private readonly expressions: Expressions;
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
    this.expressions = new Expressions(this.chance);
    this.history = new History(options.clock, options.onEvent);
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
    const { definition, clock } = this.options;
    const { scope } = this;
    const limit = definition.TimeoutSeconds;
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
      expressions: this.expressions,
      meter: this.meter,
      chance: this.chance,
      tokens: this.tokens,
      task: this.options.task ?? noTasks,
      items: this.options.items,
      identity: this.identity,
      context: this.newContext(),
      onMapRun: this.options.onMapRun ?? (() => undefined),
      runGraph: async (frame, scope) => runGraph(run, frame, scope),
      runChild: async (child, scope) => this.runChild(child, scope),
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

  private async runChild({ graph, input, identity }: ChildExecution, scope: CancellationScope): Promise<ExecutionResult> {
    const definition = { StartAt: graph.StartAt, States: graph.States };
    const child = new Execution({ ...this.options, definition, input, identity, tokens: this.tokens, onEvent: undefined });
    scope.signal.addEventListener('abort', () => child.stop(), { once: true });
    return child.run();
  }
}

async function noTasks(): Promise<JsonValue> {
  throw new Error('this execution was given no handler for Task states');
}
