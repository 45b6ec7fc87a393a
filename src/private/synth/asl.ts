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
  readonly ResultPath: string;
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
  readonly ResultPath?: string;
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
  readonly Parameters: AslObject;
  readonly Next: string;
}

export interface AslWait {
  readonly Type: 'Wait';
  readonly Comment?: string;
  readonly SecondsPath: string;
  readonly Next: string;
}

export type AslComparison =
  | { readonly Variable: string; readonly StringEquals: string }
  | { readonly Variable: string; readonly NumericEquals: number }
  | { readonly Variable: string; readonly NumericGreaterThan: number }
  | { readonly Variable: string; readonly NumericGreaterThanEquals: number };

export type AslRule = (AslComparison | { readonly Or: readonly AslComparison[] }) & {
  readonly Comment?: string;
  readonly Assign?: AslObject;
  readonly Next: string;
};

export interface AslChoice {
  readonly Type: 'Choice';
  readonly Comment?: string;
  readonly Choices: readonly AslRule[];
  /** Variables set when the default is taken. */
  readonly Assign?: AslObject;
  readonly Default: string;
}

export type AslState = AslPass | AslTask | AslWait | AslChoice;

export interface AslMachine {
  readonly Comment?: string;
  readonly QueryLanguage: 'JSONPath';
  readonly StartAt: string;
  readonly States: { readonly [name: string]: AslState };
}
