import { JsonObject, JsonValue } from '../../json';

/** States and where to begin: a state machine, a branch of a Parallel, the item processor of a Map. */
export interface StateGraph {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** A state machine in the Amazon States Language, with JSONPath. */
export interface StateMachineDefinition extends StateGraph {
  readonly Comment?: string;
  readonly TimeoutSeconds?: number;
}

export type State = PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;

/** Fields of every state that passes data on. A path of null stands for the empty object. */
export interface DataFlow {
  readonly Comment?: string;
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
}

/** Where a state goes when it is done. */
export interface Transitions {
  readonly Next?: string;
  readonly End?: boolean;
}

export interface Assigning {
  readonly Assign?: JsonObject;
}

/** Fields of the states that produce a result. */
export interface Results {
  readonly Parameters?: JsonValue;
  readonly ResultSelector?: JsonValue;
  readonly ResultPath?: string | null;
}

export interface ErrorHandling {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher extends Assigning {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
}

export interface PassState extends DataFlow, Transitions, Assigning, Results {
  readonly Type: 'Pass';
  readonly Result?: JsonValue;
}

export interface TaskState extends DataFlow, Transitions, Assigning, Results, ErrorHandling {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly TimeoutSeconds?: number;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number;
  readonly HeartbeatSecondsPath?: string;
}

export interface ChoiceState extends DataFlow, Assigning {
  readonly Type: 'Choice';
  readonly Choices: readonly ChoiceRule[];
  readonly Default?: string;
}

/** `And`, `Or`, `Not`, or `Variable` with one comparison operator. */
export interface ChoiceExpression {
  readonly And?: readonly ChoiceExpression[];
  readonly Or?: readonly ChoiceExpression[];
  readonly Not?: ChoiceExpression;
  readonly Variable?: string;
  readonly [operator: string]: JsonValue | ChoiceExpression | readonly ChoiceExpression[] | undefined;
}

export interface ChoiceRule extends ChoiceExpression, Assigning {
  readonly Next: string;
}

export interface WaitState extends DataFlow, Transitions, Assigning {
  readonly Type: 'Wait';
  readonly Seconds?: number;
  readonly SecondsPath?: string;
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}

export interface SucceedState extends DataFlow {
  readonly Type: 'Succeed';
}

export interface FailState {
  readonly Type: 'Fail';
  readonly Comment?: string;
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

export interface ParallelState extends DataFlow, Transitions, Assigning, Results, ErrorHandling {
  readonly Type: 'Parallel';
  readonly Branches: readonly StateGraph[];
}

export interface MapState extends DataFlow, Transitions, Assigning, Results, ErrorHandling {
  readonly Type: 'Map';
  readonly ItemProcessor?: ItemProcessor;
  /** The older name of `ItemProcessor`. */
  readonly Iterator?: ItemProcessor;
  readonly ItemsPath?: string;
  readonly ItemSelector?: JsonValue;
  readonly MaxConcurrency?: number;
  readonly MaxConcurrencyPath?: string;
  /** This and the following: distributed only. */
  readonly ItemReader?: ItemReader;
  readonly ItemBatcher?: ItemBatcher;
  readonly Label?: string;
  readonly ToleratedFailureCount?: number;
  readonly ToleratedFailureCountPath?: string;
  readonly ToleratedFailurePercentage?: number;
  readonly ToleratedFailurePercentagePath?: string;
}

export interface ItemProcessor extends StateGraph {
  readonly ProcessorConfig?: { readonly Mode?: 'INLINE' | 'DISTRIBUTED'; readonly ExecutionType?: 'STANDARD' | 'EXPRESS' };
}

export interface ItemReader {
  readonly Resource: string;
  readonly Parameters?: JsonValue;
  readonly ReaderConfig?: ReaderConfig;
}

export interface ReaderConfig {
  readonly InputType?: string;
  readonly CSVHeaderLocation?: string;
  readonly CSVHeaders?: readonly string[];
  readonly CSVDelimiter?: string;
  readonly MaxItems?: number;
  readonly MaxItemsPath?: string;
}

export interface ItemBatcher {
  readonly BatchInput?: JsonValue;
  readonly MaxItemsPerBatch?: number;
  readonly MaxItemsPerBatchPath?: string;
  readonly MaxInputBytesPerBatch?: number;
  readonly MaxInputBytesPerBatchPath?: string;
}

/** The states that a Map runs for each item. */
export function itemProcessor(state: MapState): ItemProcessor {
  const processor = state.ItemProcessor ?? state.Iterator;
  if (processor === undefined) throw new Error('a Map state needs an ItemProcessor');
  return processor;
}
