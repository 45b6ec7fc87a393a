import { Duration } from 'aws-cdk-lib';
import { AslState } from '../../private/synth/asl';

/** How the workflow runs a query and learns that it is finished. */
export interface QueryCompletionBinding {
  /**
   * Renders the states from Start Query on. They leave `$.AthenaRequest` and `$.AthenaResult`, or `$.StartError`, nothing of the SQL, and go to
   * `next`.
   */
  render(options: QueryStatesOptions): QueryStates;
}

export interface QueryStatesOptions {
  readonly partition: string;
  readonly workGroupName: string;
  readonly database?: string;
  readonly catalog?: string;
  /** What the input's `Statement` has; undefined where there is none. */
  readonly statement?: StatementMembers;
  /** Results of the same query that are no older are taken again; undefined where every query runs. */
  readonly resultReuseMinutes?: number;
  readonly queryTimeout: Duration;
  /** State that follows, whatever became of the query. */
  readonly next: string;
}

export interface StatementMembers {
  readonly executionParameters: 'NEVER' | 'SOMETIMES' | 'ALWAYS';
  /** Then it always has one. */
  readonly database: boolean;
  /** Whether it says what stands around the SQL; then it always does. */
  readonly wrap: boolean;
}

export interface QueryStates {
  readonly startAt: string;
  readonly states: { readonly [name: string]: AslState };
  /** Name of the variable that is `{ "Query": "" }` when `next` is entered: it blanks the SQL in what it is merged into. */
  readonly blank: string;
  /** How long Athena can take to accept a query at most: every retry used. */
  readonly longestStart: Duration;
  /** Most history events these states can add up to, every retry used. */
  readonly worstCaseEvents: number;
}
