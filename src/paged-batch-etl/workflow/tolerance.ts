import { Duration } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FailureLimits } from '../contracts/collect-failures';

/** What the machines are made with where a run goes past items that fail. */
export interface Tolerance {
  /** Collects the failures of a page. */
  readonly collector: IFunction;
  /** Time-out of one invocation of it. */
  readonly collectorTimeout: Duration;
  readonly limits: FailureLimits;
  /** Whether letters have the documents of their items. */
  readonly withDocuments: boolean;
}
