import { ExpressBill } from './billing';
import { StatusChangeEvent } from './status-change';
import { EmitMetric } from '../../cloudwatch/metric-store';

/** Metrics of AWS/States, by the status of the execution. */
const NAMES: Readonly<Record<string, string>> = {
  RUNNING: 'ExecutionsStarted',
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
};

/** A change of the status of an execution. Times in epoch milliseconds. */
export interface ExecutionChange {
  readonly stateMachineArn: string;
  readonly status: string;
  readonly startDate: number;
  /** When it has ended. */
  readonly stopDate?: number;
}

/** The same of an Express execution; at the end with what it is billed for. */
export interface ExpressChange extends ExecutionChange {
  readonly bill?: ExpressBill;
  /** Sizes in bytes of what went in and what came out; without output there is none. */
  readonly inputBytes?: number;
  readonly outputBytes?: number;
}

export function changeOf({ detail: { stateMachineArn, status, startDate, stopDate } }: StatusChangeEvent): ExecutionChange {
  return {
    stateMachineArn: String(stateMachineArn), status: String(status), startDate: Number(startDate), stopDate: typeof stopDate === 'number' ? stopDate : undefined,
  };
}

/** Emits what AWS/States tells of a change of status. Source: Step Functions developer guide, "Execution metrics". */
export function emitExecutionMetrics({ status, stateMachineArn, startDate, stopDate }: ExecutionChange, emit: EmitMetric): void {
  const name = NAMES[status];
  if (name !== undefined) emit(metricOf(stateMachineArn, name), 1, 'Count');
  // From the start to the end, also of an execution that was redriven in between.
  if (stopDate !== undefined) emit(metricOf(stateMachineArn, 'ExecutionTime'), stopDate - startDate, 'Milliseconds');
}

/** The same of an execution of an Express workflow, with what it costs. */
export function emitExpressMetrics(change: ExpressChange, emit: EmitMetric): void {
  emitExecutionMetrics(change, emit);
  const { stateMachineArn, bill } = change;
  if (bill !== undefined) emit(metricOf(stateMachineArn, 'ExpressExecutionBilledDuration'), bill.milliseconds, 'Milliseconds');
}

function metricOf(stateMachineArn: string, name: string) {
  return { namespace: 'AWS/States', name, dimensions: { StateMachineArn: stateMachineArn } };
}
