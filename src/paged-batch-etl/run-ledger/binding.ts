import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, IDependable } from 'constructs';
import { RunParameterBindings } from '../run-parameter/binding';

/** What a run leaves behind, and who may process a window. */
export interface RunLedgerBinding {
  /** What the ledger is made of; undefined: there is none. Throws `InvalidPropError` where there cannot be one. */
  bind(options: RunLedgerBindOptions): LedgerParts | undefined;
}

export interface RunLedgerBindOptions {
  readonly scope: Construct;
  readonly parameters: RunParameterBindings;
  /** How long after the end of a run calls of the processor may go on. */
  readonly outlivesRun: Duration;
  readonly runtime: Runtime;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
  readonly tracing?: boolean;
}

/** How the machines of a run keep a ledger. */
export interface RunLedgerCalls {
  /** The only one that writes the ledger. */
  readonly ledgerFunction: IFunction;
  readonly timeout: Duration;
  /** Whether a run that does not get its window succeeds. */
  readonly skips: boolean;
  /** Most waits of a run for its window. */
  readonly mostWaits: number;
  /** Lets the function look at executions; no run can begin before that. */
  mayDescribe(machines: readonly IStateMachine[]): IDependable;
}

export interface LedgerParts extends RunLedgerCalls {
  readonly table: ITable;
  /** What the keys of the items of this construct begin with. */
  readonly prefix: string;
  /** How long ago a run must have ended before another one gets its window. */
  readonly takeOverAfter: Duration;
  readonly logGroup: ILogGroup;
}
