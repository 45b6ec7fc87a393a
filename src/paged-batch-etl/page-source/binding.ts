import { Duration } from 'aws-cdk-lib';
import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { JsonObject } from '../mongo-filter/structure/json-value';
import { RunParameterBindings } from '../run-parameter/binding';

/** Where pages come from. */
export interface PageSourceBinding {
  /** What the source function needs. Checks the source against the parameters of the run and throws `InvalidPropError`. */
  bind(options: PageSourceBindOptions): PageSourceParts;
}

export interface PageSourceBindOptions {
  readonly scope: Construct;
  readonly parameters: RunParameterBindings;
}

export interface PageSourceParts {
  /** What reads a page, as `HandlerFunction` names it. */
  readonly handler: string;
  readonly description: string;
  /** Which documents are read, all with an empty one: schedules are checked against it. Absent where a function of the user's decides. */
  readonly filter?: JsonObject;
  /** Fields of the key, in the order in which items are read. Absent where a function of the user's decides. */
  readonly sort?: readonly string[];
  /** Whether texts are in the order of a collation that the source was given. */
  readonly collated?: boolean;
  /** The command that creates the index which the source needs; absent where it needs none, or nobody knows. */
  readonly requiredIndex?: string;
  /** Whether it can say, in a few seconds, about how many items a run reads. */
  readonly countsItems: boolean;
  /** Environment beside what all source functions have. */
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly PolicyStatement[];
  /** Whether it is asked for as many items at a time as `batchSize` says, wherever pages travel. */
  readonly takesBatchSize: boolean;
  readonly timeout: Duration;
  /** Whether a read that timed out goes on for minutes inside the source, so that it must not be repeated at once. */
  readonly timedOutReadsRunOn: boolean;
  readonly memorySize: number;
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
  readonly securityGroups?: ISecurityGroup[];
}
