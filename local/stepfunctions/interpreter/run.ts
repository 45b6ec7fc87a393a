import { CancellationScope } from './cancellation';
import { StateGraph } from './definition';
import { ItemSource } from './distributed/item-source';
import { Expressions } from './expressions';
import { Frame } from './frame';
import { History } from './history';
import { PayloadMeter } from './payload';
import { ExecutionIdentity, TaskHandler } from './task';
import { TaskTokens } from './task-tokens';
import { Clock } from '../../clock';
import { JsonObject, JsonValue } from '../../json';
import { Chance } from '../intrinsics/functions';

/** What all states of one execution share. */
export interface Run {
  readonly clock: Clock;
  readonly history: History;
  readonly expressions: Expressions;
  readonly meter: PayloadMeter;
  readonly chance: Chance;
  readonly tokens: TaskTokens;
  readonly task: TaskHandler;
  /** Where an ItemReader of a distributed Map reads; absent: such a Map fails. */
  readonly items?: ItemSource;
  readonly identity: ExecutionIdentity;
  /** `$$.Execution` and `$$.StateMachine`. */
  readonly context: { readonly Execution: JsonObject; readonly StateMachine: JsonObject };
  /** Told about every distributed Map, so that a service can describe it. */
  readonly onMapRun: (mapRun: MapRunRecord) => void;
  /** Runs the states of a frame from where it stands until it is done. */
  runGraph(frame: Frame, scope: CancellationScope): Promise<void>;
  /** Runs an item of a distributed Map as an execution of its own. */
  runChild(child: ChildExecution, scope: CancellationScope): Promise<ExecutionResult>;
}

/** How an execution ended. */
export interface ExecutionResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** Where it succeeded. */
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
}

/** An execution that a distributed Map starts. */
export interface ChildExecution {
  readonly graph: StateGraph;
  readonly input: JsonValue;
  readonly identity: ExecutionIdentity;
}

/** What DescribeMapRun tells; the counts change while it runs. */
export interface MapRunRecord {
  readonly mapRunArn: string;
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
  readonly startTime: number;
  stopTime?: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  readonly items: MapRunCounts;
  readonly executions: MapRunCounts;
}

export interface MapRunCounts {
  total: number;
  pending: number;
  running: number;
  succeeded: number;
  failed: number;
  aborted: number;
  timedOut: number;
}
