import { StatusChangeEvent } from './status-change';
import { MetricName } from '../../cloudwatch/metric-store';

/** Metrics of AWS/States, by the status of the execution. */
const NAMES: Readonly<Record<string, string>> = {
  RUNNING: 'ExecutionsStarted',
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
};

/** The metric that counts this change of status; undefined when none does. */
export function executionMetric({ detail: { status, stateMachineArn } }: StatusChangeEvent): MetricName | undefined {
  const name = NAMES[String(status)];
  return name === undefined ? undefined : { namespace: 'AWS/States', name, dimensions: { StateMachineArn: String(stateMachineArn) } };
}
