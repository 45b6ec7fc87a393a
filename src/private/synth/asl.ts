/**
 * The part of the Amazon States Language that our workflows use, typed.
 *
 * Workflows are written as the JSON that Step Functions runs, so that what is read here is what is seen in the console,
 * and so that budgets are computed from the very graph that is deployed.
 */

export type AslValue = string | number | boolean | null | readonly AslValue[] | { readonly [key: string]: AslValue };

/** Members of an object; a key ending in `.$` holds a path or an intrinsic function. */
export type AslObject = { readonly [key: string]: AslValue };

export interface AslRetrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly MaxAttempts: number;
  readonly JitterStrategy?: 'FULL';
}

export interface AslCatcher {
  readonly ErrorEquals: readonly string[];
  /** Where the error goes; null for nowhere. */
  readonly ResultPath: string | null;
  readonly Assign?: AslObject;
  readonly Next: string;
}

export interface AslTask {
  readonly Type: 'Task';
  readonly Comment?: string;
  readonly Resource: string;
  readonly InputPath?: string;
  readonly Parameters: AslObject;
  readonly TimeoutSeconds: number;
  readonly ResultSelector?: AslObject;
  /** Null: the input goes on, and the result is left out. */
  readonly ResultPath?: string | null;
  readonly OutputPath?: string;
  readonly Assign?: AslObject;
  readonly Retry?: readonly AslRetrier[];
  readonly Catch?: readonly AslCatcher[];
  readonly Next?: string;
  readonly End?: true;
}

export interface AslPass {
  readonly Type: 'Pass';
  readonly Comment?: string;
  readonly Parameters?: AslObject;
  readonly ResultPath?: string;
  readonly Assign?: AslObject;
  readonly Next?: string;
  readonly End?: true;
}

/** A Pass in JSONata, for what no path and no intrinsic function says, such as a sum. Its texts in `{% … %}` are expressions. */
export interface AslExpression {
  readonly Type: 'Pass';
  readonly QueryLanguage: 'JSONata';
  readonly Comment?: string;
  readonly Output: AslValue;
  readonly Assign?: AslObject;
  readonly Next?: string;
  readonly End?: true;
}

export interface AslWait {
  readonly Type: 'Wait';
  readonly Comment?: string;
  readonly SecondsPath: string;
  readonly Next: string;
}

export type AslComparison =
  | { readonly Variable: string; readonly StringEquals: string }
  | { readonly Variable: string; readonly StringMatches: string }
  | { readonly Variable: string; readonly NumericEquals: number }
  | { readonly Variable: string; readonly NumericEqualsPath: string }
  | { readonly Variable: string; readonly NumericLessThan: number }
  | { readonly Variable: string; readonly NumericGreaterThan: number }
  | { readonly Variable: string; readonly NumericGreaterThanEquals: number }
  | { readonly Variable: string; readonly NumericGreaterThanEqualsPath: string }
  | { readonly Variable: string; readonly NumericLessThanEquals: number }
  | { readonly Variable: string; readonly BooleanEquals: boolean }
  | { readonly Variable: string; readonly IsPresent: boolean }
  | { readonly Variable: string; readonly IsNull: boolean }
  | { readonly Variable: string; readonly IsString: boolean }
  | { readonly Variable: string; readonly IsNumeric: boolean }
  | { readonly Variable: string; readonly IsBoolean: boolean };

/** What a rule asks. `And` and `Or` look at one condition after another, and no further than they must. */
export type AslCondition =
  | AslComparison
  | { readonly And: readonly AslCondition[] }
  | { readonly Or: readonly AslCondition[] }
  | { readonly Not: AslCondition };

export type AslRule = AslCondition & {
  /** What the rule asks, in words: the console shows it, and the diagrams in docs/ write it on the arrow. What stands in parentheses is left out of small diagrams. */
  readonly Comment: string;
  readonly Assign?: AslObject;
  readonly Next: string;
};

export interface AslChoice {
  readonly Type: 'Choice';
  /** When the default is taken, in words, as in the rules. */
  readonly Comment: `Default: ${string}`;
  readonly Choices: readonly AslRule[];
  /** Variables set when the default is taken. */
  readonly Assign?: AslObject;
  readonly Default: string;
}

export interface AslFail {
  readonly Type: 'Fail';
  readonly Comment?: string;
  readonly Error?: string;
  /** A path or an intrinsic function; so is `CausePath`. */
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
}

/** A Map whose iterations are part of the same execution. */
export interface AslMap {
  readonly Type: 'Map';
  readonly Comment?: string;
  readonly ItemsPath: string;
  readonly MaxConcurrency: number;
  readonly ItemSelector: AslObject;
  readonly ItemProcessor: AslGraph & { readonly ProcessorConfig: { readonly Mode: 'INLINE' } };
  readonly ResultSelector?: AslObject;
  readonly ResultPath?: string;
  readonly OutputPath?: string;
  readonly Catch?: readonly AslCatcher[];
  readonly Next?: string;
  readonly End?: true;
}

/** A Map that reads its items from an object, and whose iterations, or batches of them, are executions of their own. */
export interface AslDistributedMap {
  readonly Type: 'Map';
  readonly Comment?: string;
  /** Part of the names of its executions and Map Runs. */
  readonly Label: string;
  readonly ItemReader: {
    readonly Resource: string;
    readonly ReaderConfig: { readonly InputType: 'JSONL' };
    readonly Parameters: AslObject;
  };
  readonly MaxConcurrency: number;
  readonly ItemSelector?: AslObject;
  readonly ItemBatcher?: {
    readonly MaxItemsPerBatch: number;
    readonly BatchInput: AslObject;
  };
  readonly ItemProcessor: AslGraph & { readonly ProcessorConfig: { readonly Mode: 'DISTRIBUTED'; readonly ExecutionType: 'EXPRESS' | 'STANDARD' } };
  readonly ResultWriter: {
    readonly Resource: string;
    readonly WriterConfig: { readonly Transformation: 'COMPACT'; readonly OutputType: 'JSONL' };
    readonly Parameters: AslObject;
  };
  readonly ResultSelector?: AslObject;
  /** Null: the input goes on, and the result is left out. */
  readonly ResultPath: string | null;
  readonly Retry?: readonly AslRetrier[];
  readonly Catch?: readonly AslCatcher[];
  readonly Next?: string;
  readonly End?: true;
}

export type AslState = AslPass | AslExpression | AslTask | AslWait | AslChoice | AslFail | AslMap | AslDistributedMap;

export interface AslGraph {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: AslState };
}

/** Whether the iterations of a Map are executions of their own. */
export function isDistributed(map: AslMap | AslDistributedMap): map is AslDistributedMap {
  return map.ItemProcessor.ProcessorConfig.Mode === 'DISTRIBUTED';
}

export interface AslMachine extends AslGraph {
  readonly Comment?: string;
  readonly QueryLanguage: 'JSONPath';
}
