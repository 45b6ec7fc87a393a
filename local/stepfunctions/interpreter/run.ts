import { CancellationScope } from './cancellation';
import { ChildExecution, ChildPlan, MapRun } from './distributed/map-run';
import { ObjectStorage } from './distributed/object-storage';
import { ExecutionResult } from './execution-result';
import { Frame } from './frame';
import { History } from './history';
import { Languages } from './languages/languages';
import { PayloadMeter } from './payload';
import { ExecutionIdentity, TaskHandler } from './task';
import { TaskTokens } from './task-tokens';
import { Clock } from '../../clock';
import { JsonObject } from '../../json';
import { Chance } from '../intrinsics/functions';

/** What all states of one execution share. */
export interface Run {
  readonly clock: Clock;
  readonly history: History;
  readonly languages: Languages;
  readonly meter: PayloadMeter;
  readonly chance: Chance;
  readonly tokens: TaskTokens;
  readonly task: TaskHandler;
  /** Where a distributed Map reads items and writes results; absent: one that needs it fails. */
  readonly storage?: ObjectStorage;
  readonly identity: ExecutionIdentity;
  /** `$$.Execution` and `$$.StateMachine`. */
  readonly context: { readonly Execution: JsonObject; readonly StateMachine: JsonObject };
  /** Told about every distributed Map, so that a service can describe it. */
  readonly onMapRun: (mapRun: MapRun) => void;
  /** When it has lasted as long as an execution can, epoch milliseconds. */
  readonly deadline: number;
  /** Ends the execution because it has run out of time. */
  expire(): void;
  /** Runs the states of a frame from where it stands until it is done. */
  runGraph(frame: Frame, scope: CancellationScope): Promise<void>;
  /** Fails if the role may not start, or redrive, children of a Map Run. */
  admitMapRun(mapRun: MapRun): Promise<void>;
  /** Whether an Express child of this identity runs twice at once: AWS promises at least once. */
  repeatsExpress(identity: ExecutionIdentity): boolean;
  /** Makes an item of a distributed Map an execution of its own, which has not begun. */
  newChild(plan: ChildPlan): ChildExecution;
  /** Lets a child begin or go on, and tells whoever describes executions. */
  follow(child: ChildExecution, begin: () => Promise<ExecutionResult>): Promise<ExecutionResult>;
}
