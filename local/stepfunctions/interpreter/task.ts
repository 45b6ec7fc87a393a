import { TaskResource } from './resource-arn';
import { Clock } from '../../clock';
import { JsonValue } from '../../json';

/** Who an execution is. */
export interface ExecutionIdentity {
  readonly executionArn: string;
  readonly executionName: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  readonly region: string;
}

/** One attempt of a Task. */
export interface TaskCall {
  readonly resource: TaskResource;
  readonly stateName: string;
  /** Input after InputPath and Parameters. */
  readonly input: JsonValue;
  /** `$$.Task.Token`, for `.sync`, `.sync:2` and `.waitForTaskToken`. */
  readonly token?: string;
  readonly execution: ExecutionIdentity;
  /** ARN of the role to act with, which the role of the execution assumes. Absent: the role of the execution acts. */
  readonly credentials?: string;
  readonly clock: Clock;
  /** Aborted when nobody waits for the answer any more: timeout, StopExecution, a failed sibling. */
  readonly signal: AbortSignal;
  /** For `.sync`: tells the service's first answer, as soon as the job is under way. */
  submitted(answer: JsonValue): void;
}

/**
 * Does the work of Tasks and answers their results; throws `TaskFailure` to fail one. With `.waitForTaskToken` the answer is that of the service
 * that got the token, and the result comes through the token.
 */
export type TaskHandler = (call: TaskCall) => Promise<JsonValue>;
