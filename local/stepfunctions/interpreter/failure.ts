import { InexactNumber } from '../../exact-json';
import { JsonObject } from '../../json';

/** Error of an execution that ended because the local cloud itself failed; AWS has no such error, and nothing catches it. */
export const INTERNAL_ERROR = 'LocalCloud.InternalError';

/** Longest error and cause in characters; what is longer is cut. Source: API reference of `TaskFailedEventDetails` and its like. */
export const MAX_ERROR_LENGTH = 256;
export const MAX_CAUSE_LENGTH = 32_768;

/** `States.ALL` catches that of a Task, although the developer guide ("Error names") says otherwise: recorded on AWS. */
export const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded';

/** What a task handler throws to fail its task. Error and cause are optional, as in SendTaskFailure. */
export class TaskFailure extends Error {
  constructor(readonly error?: string, readonly failureCause?: string) {
    super(`${error ?? 'task failed'}: ${failureCause ?? ''}`);
  }
}

/** The failure of a state, on its way to a Retry, a Catch or the end of the execution. */
export class StateFailure extends Error {
  readonly error: string | undefined;
  readonly failureCause: string | undefined;

  constructor(
    error: string | undefined,
    cause: string | undefined,
    /** Whether Retry and Catch see it at all. */
    readonly catchable: boolean = true,
  ) {
    super(`${error ?? 'failure'}: ${cause ?? ''}`);
    this.error = error?.slice(0, MAX_ERROR_LENGTH);
    this.failureCause = cause?.slice(0, MAX_CAUSE_LENGTH);
  }

  /** Names that ErrorEquals may use for it. */
  get names(): readonly string[] {
    return this.error === undefined ? [] : [this.error];
  }

  /** What a Catch hands to its handler. */
  get output(): JsonObject {
    return { Error: this.error ?? null, Cause: this.failureCause ?? null };
  }

  /** Whether the ErrorEquals of a Retry or Catch names this failure. */
  matches(errorEquals: readonly string[]): boolean {
    if (!this.catchable) return false;
    return errorEquals.some((name) => name === 'States.ALL' || this.names.includes(name) || (name === 'States.TaskFailed' && this.countsAsTaskFailed));
  }

  protected get countsAsTaskFailed(): boolean {
    return true;
  }
}

/** A task that ran out of time or of heartbeats. AWS reports both as `States.Timeout`. */
export class TimeoutFailure extends StateFailure {
  constructor(private readonly kind: 'timeout' | 'heartbeat') {
    super('States.Timeout', undefined);
  }

  override get names(): readonly string[] {
    return this.kind === 'heartbeat' ? ['States.Timeout', 'States.HeartbeatTimeout'] : ['States.Timeout'];
  }

  override get output(): JsonObject {
    return { Error: 'States.Timeout', Cause: '' };
  }

  protected override get countsAsTaskFailed(): boolean {
    return false;
  }
}

/** A JSONata field that has no usable value. */
export class EvaluationFailure extends StateFailure {
  constructor(cause: string) {
    super('States.QueryEvaluationError', cause);
  }
}

/** A definition that does not fit its data: `States.Runtime`, which nothing catches. The message lacks the place, which `located` adds. */
export class RuntimeProblem extends Error {}

/** A failure with a name of its own that the data caused, such as `States.ResultPathMatchFailure`. The message lacks the place. */
export class DataProblem extends Error {
  constructor(readonly error: string, message: string) {
    super(message);
  }
}

/** Thrown in work whose result nobody waits for any more. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
  }
}

/** Turns whatever a state threw into its failure; `place` says where, as AWS does at the start of a cause. */
export function toStateFailure(thrown: unknown, place: string): StateFailure {
  if (thrown instanceof StateFailure) return thrown;
  if (thrown instanceof TaskFailure) return new StateFailure(thrown.error, thrown.failureCause);
  if (thrown instanceof RuntimeProblem) return new StateFailure('States.Runtime', `${place} ${thrown.message}`, false);
  // AWS would go on with the number, so no Catch must take this for a failure of the workflow.
  if (thrown instanceof InexactNumber) return new StateFailure('LocalCloud.InexactNumber', `${place} ${thrown.message}`, false);
  if (thrown instanceof DataProblem) return new StateFailure(thrown.error, `${place} ${thrown.message}`);
  // A fault of the local cloud must not look like one of the workflow, and no Catch may hide it.
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new StateFailure(INTERNAL_ERROR, `${place} ${detail}`, false);
}
