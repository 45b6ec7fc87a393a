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

/** Emits what AWS/States tells of a change of status. Source: Step Functions developer guide, "Execution metrics". */
export function emitExecutionMetrics({ detail: { status, stateMachineArn, startDate, stopDate } }: StatusChangeEvent, emit: EmitMetric): void {
  const of = (name: string) => ({ namespace: 'AWS/States', name, dimensions: { StateMachineArn: String(stateMachineArn) } });
  const name = NAMES[String(status)];
  if (name !== undefined) emit(of(name), 1, 'Count');
  // From the start to the end, also of an execution that was redriven in between.
  if (typeof startDate === 'number' && typeof stopDate === 'number') emit(of('ExecutionTime'), stopDate - startDate, 'Milliseconds');
}
