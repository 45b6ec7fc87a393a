import { JsonObject } from '../../json';
import { StateMachineDefinition } from '../interpreter/definition';
import { Execution } from '../interpreter/execution';
import { MapRunRecord } from '../interpreter/run';

export interface LoggingSettings {
  readonly level: 'ALL' | 'ERROR' | 'FATAL' | 'OFF';
  readonly includeExecutionData: boolean;
  /** ARN of the log group, ending in `:*`. */
  readonly logGroupArn?: string;
}

export const NO_LOGS: LoggingSettings = { level: 'OFF', includeExecutionData: false };

/** A customer's key, which encrypts the definition and the executions. */
export interface EncryptionSettings {
  /** Id, ARN or alias. */
  readonly keyId: string;
  /** Seconds, 60 to 900. */
  readonly reusePeriod: number;
}

/** A state machine as it was created. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly definitionText: string;
  readonly definition: StateMachineDefinition;
  readonly logging: LoggingSettings;
  readonly tracing: boolean;
  /** Absent: a key of AWS, which needs no rights. */
  readonly encryption?: EncryptionSettings;
  readonly revisionId: string;
  /** Epoch milliseconds. */
  readonly creationTime: number;
}

/** An execution with what the service knows of it beside its history. */
export interface ExecutionRecord {
  readonly machine: StateMachine;
  readonly execution: Execution;
  readonly inputText: string;
  /** Resolves at the end, or at the end of the latest redrive. */
  ended: Promise<void>;
  readonly mapRuns: MapRunRecord[];
}

/** Epoch seconds, as timestamps travel in answers. */
export function toSeconds(epochMilliseconds: number): number {
  return epochMilliseconds / 1000;
}

export function describeStateMachine(machine: StateMachine): JsonObject {
  const { logging: { level, includeExecutionData, logGroupArn }, encryption } = machine;
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    status: 'ACTIVE',
    definition: machine.definitionText,
    roleArn: machine.roleArn,
    type: 'STANDARD',
    creationDate: toSeconds(machine.creationTime),
    loggingConfiguration: {
      level,
      includeExecutionData,
      ...logGroupArn !== undefined && { destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }] },
    },
    tracingConfiguration: { enabled: machine.tracing },
    encryptionConfiguration: encryption === undefined
      ? { type: 'AWS_OWNED_KEY' }
      : { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: encryption.keyId, kmsDataKeyReusePeriodSeconds: encryption.reusePeriod },
  };
}

/** What DescribeExecution answers. */
export function describeExecution(record: ExecutionRecord): JsonObject {
  const { result, notRedrivableReason: reason } = record.execution;
  return {
    ...summarizeExecution(record),
    input: record.inputText,
    inputDetails: { included: true },
    ...(result?.output === undefined ? {} : { output: JSON.stringify(result.output), outputDetails: { included: true } }),
    ...(result?.error === undefined ? {} : { error: result.error }),
    ...(result?.cause === undefined ? {} : { cause: result.cause }),
    redriveStatus: reason === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    ...(reason === undefined ? {} : { redriveStatusReason: reason }),
  };
}

/** What ListExecutions tells of each. */
export function summarizeExecution({ machine, execution }: ExecutionRecord): JsonObject {
  const { identity, startTime, stopTime, result, redriveCount, redriveTime } = execution;
  return {
    executionArn: identity.executionArn,
    stateMachineArn: machine.arn,
    name: identity.executionName,
    status: result?.status ?? 'RUNNING',
    startDate: toSeconds(startTime),
    ...(stopTime === undefined ? {} : { stopDate: toSeconds(stopTime) }),
    redriveCount,
    ...(redriveTime === undefined ? {} : { redriveDate: toSeconds(redriveTime) }),
  };
}
