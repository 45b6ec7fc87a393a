import { StateMachine, toSeconds } from './state-machine';
import { writeJson } from '../../exact-json';
import { JsonObject } from '../../json';
import { MapRun } from '../interpreter/distributed/map-run';
import { Execution } from '../interpreter/execution';

/** What ListExecutions can ask for, in the order in which AWS tells it. */
export const STATUSES = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'] as const;

/** An execution with what the service knows of it beside its history. */
export interface ExecutionRecord {
  /** As it was when the execution was started. */
  readonly machine: StateMachine;
  readonly execution: Execution;
  readonly inputText: string;
  /** Resolves at the end, or at the end of the latest redrive. */
  ended: Promise<void>;
  readonly mapRuns: MapRun[];
  /** Where it is a child of a Map Run. */
  readonly child?: { readonly mapRun: MapRun; readonly itemCount: number };
}

/** Longest token of a page of executions. Source: API reference of ListExecutions. */
export const MAX_LIST_TOKEN = 3096;

/** What ListExecutions can be narrowed to, of the children of a Map Run. */
export const REDRIVE_FILTERS = ['REDRIVEN', 'NOT_REDRIVEN'] as const;

/** What DescribeExecution answers. */
export function describeExecution(record: ExecutionRecord, included: boolean): JsonObject {
  const { notRedrivableReason: reason } = record.execution;
  const redrivable = record.child === undefined ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN';
  // How many items it has, only lists tell.
  const { itemCount: _, ...described } = summarizeExecution(record);
  return {
    ...described,
    ...describeResult(record, included),
    redriveStatus: reason === undefined ? redrivable : 'NOT_REDRIVABLE',
    ...(reason === undefined ? {} : { redriveStatusReason: reason }),
  };
}

/** What went into an execution and what came out; without that, only whether there was something. */
export function describeResult({ inputText, execution: { result } }: Pick<ExecutionRecord, 'inputText' | 'execution'>, included: boolean): JsonObject {
  const { output, error, cause } = result ?? {};
  const data: JsonObject = !included ? {} : {
    input: inputText,
    ...output !== undefined && { output: writeJson(output) },
    ...error !== undefined && { error },
    ...cause !== undefined && { cause },
  };
  return { ...data, inputDetails: { included }, ...output !== undefined && { outputDetails: { included } } };
}

/** What ListExecutions tells of each. */
export function summarizeExecution({ machine, execution, child }: ExecutionRecord): JsonObject {
  const { identity, startTime, stopTime, result, redriveCount, redriveTime } = execution;
  return {
    executionArn: identity.executionArn,
    stateMachineArn: machine.arn,
    ...(machine.version === undefined ? {} : { stateMachineVersionArn: machine.version.arn }),
    name: nameOf(identity),
    ...(child === undefined ? {} : { mapRunArn: child.mapRun.mapRunArn, itemCount: child.itemCount }),
    status: result?.status ?? 'RUNNING',
    startDate: toSeconds(startTime),
    ...(stopTime === undefined ? {} : { stopDate: toSeconds(stopTime) }),
    redriveCount,
    ...(redriveTime === undefined ? {} : { redriveDate: toSeconds(redriveTime) }),
  };
}

/** An Express execution is told apart from others of its name by the id at the end of its ARN. */
function nameOf({ executionArn, executionName }: Execution['identity']): string {
  return executionArn.split(':')[5] === 'express' ? `${executionName}:${executionArn.slice(executionArn.lastIndexOf(':') + 1)}` : executionName;
}
