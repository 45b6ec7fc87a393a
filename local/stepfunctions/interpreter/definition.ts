import { JsonObject, JsonValue } from '../../json';

/** States and where to begin: a state machine, a branch of a Parallel, the item processor of a Map. */
export interface StateGraph {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** What the fields of a state are written in. A state has that of its machine, unless it says otherwise; JSONPath is the default. */
export type QueryLanguage = 'JSONPath' | 'JSONata';

/** A state machine in the Amazon States Language. */
export interface StateMachineDefinition extends StateGraph {
  readonly Comment?: string;
  readonly QueryLanguage?: QueryLanguage;
  readonly TimeoutSeconds?: number;
}

export type State = PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;

/** A field whose value is a number, an expression in JSONata, or in JSONPath found by the path in the field of the same name with `Path`. */
export type Numbers<Field extends string> = { readonly [name in Field]?: number | string } & { readonly [name in `${Field}Path`]?: string };

interface Described {
  readonly Comment?: string;
  readonly QueryLanguage?: QueryLanguage;
}

/** Fields of every state that passes data on. A path of null stands for the empty object. */
export interface DataFlow extends Described {
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

/** JSONata only. */
export interface Outputs {
  readonly Output?: JsonValue;
}

/** Fields of the states that produce a result. */
export interface Results {
  readonly Parameters?: JsonValue;
  /** JSONata only. */
  readonly Arguments?: JsonValue;
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

export interface Catcher extends Assigning, Outputs {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
}

export interface PassState extends DataFlow, Transitions, Assigning, Outputs, Results {
  readonly Type: 'Pass';
  readonly Result?: JsonValue;
}

export interface TaskState extends DataFlow, Transitions, Assigning, Outputs, Results, ErrorHandling, Numbers<'TimeoutSeconds' | 'HeartbeatSeconds'> {
  readonly Type: 'Task';
  readonly Resource: string;
  /** `RoleArn`: the role to act with, instead of that of the state machine. */
  readonly Credentials?: JsonObject;
}

export interface ChoiceState extends DataFlow, Assigning, Outputs {
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

export interface ChoiceRule extends ChoiceExpression, Assigning, Outputs {
  readonly Next: string;
  /** JSONata only, and there in the place of the fields of `ChoiceExpression`. */
  readonly Condition?: string | boolean;
}

export interface WaitState extends DataFlow, Transitions, Assigning, Outputs, Numbers<'Seconds'> {
  readonly Type: 'Wait';
  readonly Timestamp?: string;
  readonly TimestampPath?: string;
}

export interface SucceedState extends DataFlow, Outputs {
  readonly Type: 'Succeed';
}

export interface FailState extends Described {
  readonly Type: 'Fail';
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

export interface ParallelState extends DataFlow, Transitions, Assigning, Outputs, Results, ErrorHandling {
  readonly Type: 'Parallel';
  readonly Branches: readonly StateGraph[];
}

export interface MapState extends DataFlow, Transitions, Assigning, Outputs, Results, ErrorHandling,
  Numbers<'MaxConcurrency' | 'ToleratedFailureCount' | 'ToleratedFailurePercentage'> {
  readonly Type: 'Map';
  readonly ItemProcessor?: ItemProcessor;
  /** The older name of `ItemProcessor`. */
  readonly Iterator?: ItemProcessor;
  readonly ItemsPath?: string;
  /** JSONata only. */
  readonly Items?: JsonValue;
  readonly ItemSelector?: JsonValue;
  /** This and the following: distributed only. */
  readonly ItemReader?: ItemReader;
  readonly ItemBatcher?: ItemBatcher;
  readonly ResultWriter?: ResultWriter;
  readonly Label?: string;
}

export interface ItemProcessor extends StateGraph {
  readonly ProcessorConfig?: { readonly Mode?: 'INLINE' | 'DISTRIBUTED'; readonly ExecutionType?: 'STANDARD' | 'EXPRESS' };
}

export interface ItemReader {
  readonly Resource: string;
  readonly Parameters?: JsonValue;
  /** JSONata only. */
  readonly Arguments?: JsonValue;
  readonly ReaderConfig?: ReaderConfig;
}

/** With neither Resource nor Parameters, the results are only put into another form. */
export interface ResultWriter {
  readonly Resource?: string;
  readonly Parameters?: JsonValue;
  /** JSONata only. */
  readonly Arguments?: JsonValue;
  readonly WriterConfig?: WriterConfig;
}

export interface WriterConfig {
  readonly OutputType?: 'JSON' | 'JSONL';
  readonly Transformation?: 'NONE' | 'COMPACT' | 'FLATTEN';
}

export interface ReaderConfig extends Numbers<'MaxItems'> {
  readonly InputType?: string;
  readonly ManifestType?: 'ATHENA_DATA' | 'S3_INVENTORY';
  readonly Transformation?: 'NONE' | 'LOAD_AND_FLATTEN';
  /** JSON Pointer to the list in a file of JSON. */
  readonly ItemsPointer?: string;
  readonly CSVHeaderLocation?: string;
  readonly CSVHeaders?: readonly string[];
  readonly CSVDelimiter?: string;
}

export interface ItemBatcher extends Numbers<'MaxItemsPerBatch' | 'MaxInputBytesPerBatch'> {
  readonly BatchInput?: JsonValue;
}

/** The states that a Map runs for each item. */
export function itemProcessor(state: MapState): ItemProcessor {
  const processor = state.ItemProcessor ?? state.Iterator;
  if (processor === undefined) throw new Error('a Map state needs an ItemProcessor');
  return processor;
}
