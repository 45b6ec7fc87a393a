/**
 * What a strategy class hands to the construct. Internal: strategies are chosen by factory, not written by users,
 * so these interfaces may change in any release. A binding is stateless: one strategy object serves several constructs.
 */
import { Duration } from 'aws-cdk-lib';
import { MethodOptions, StageOptions } from 'aws-cdk-lib/aws-apigateway';
import { Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroupProps } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CallbackRules } from './contract';
import { AslState } from '../private/synth/asl';

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
  readonly queryTimeout: Duration;
  /** State that follows, whatever became of the query. */
  readonly next: string;
}

export interface QueryStates {
  readonly startAt: string;
  readonly states: { readonly [name: string]: AslState };
  /** Most history events these states can add up to, every retry used. */
  readonly worstCaseEvents: number;
}

/** Who may submit queries. */
export interface SubmitAccessBinding {
  readonly methodOptions: MethodOptions;
  /** Grants the right to call the method, given its ARN. */
  grantInvoke(grantee: IGrantable, methodArn: string): Grant;
}

/** Where API Gateway writes a line for each request. */
export interface AccessLogsBinding {
  /** A log group that has to be made is made with these props. */
  stageOptions(scope: Construct, logGroupProps: LogGroupProps): StageOptions;
}

/** Who may be called back. */
export interface CallbackPolicyBinding {
  readonly rules: CallbackRules;
  /** Regular expression for the host part of a callback URL, in the subset that JSON schema and Java share. */
  readonly hostPattern: string;
}

/** What queries may read or write. */
export interface QueryableDataBinding {
  /** Rights of the query role, to be used by Athena only. */
  statements(scope: Construct): PolicyStatement[];
}
