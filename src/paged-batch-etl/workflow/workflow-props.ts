import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RunParameterBindings } from '../run-parameter/binding';

/** What all state machines of a construct have in common. */
export interface MachineSettings {
  readonly workflowLogGroup?: ILogGroup;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
  readonly tracing?: boolean;
}

/** What the machines are made of. */
export interface WorkflowProps extends MachineSettings {
  readonly sourceFunction: IFunction;
  /** Time-out of one invocation of the source function. */
  readonly sourceTimeout: Duration;
  /** Whether a read that timed out goes on for minutes inside the source, so that it must not be repeated at once. */
  readonly timedOutReadsRunOn: boolean;
  readonly parameters: RunParameterBindings;
}
