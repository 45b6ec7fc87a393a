import { writeJson } from '../../exact-json';
import { JsonObject, JsonValue, memberOf } from '../../json';
import { TaskFailure } from '../interpreter/failure';
import { TaskCall } from '../interpreter/task';

/** What a Task with `.sync` waits for, where Step Functions has to ask how it stands. */
export interface Job {
  /** Member of the first answer that names the job, and the only parameter of both operations. */
  readonly id: string;
  readonly describe: string;
  readonly stop: string;
  /** How it stands, from an answer of `describe`. */
  readonly stateOf: (answer: JsonObject) => JsonValue | undefined;
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
  /** Milliseconds between two looks. */
  readonly interval: number;
}

/**
 * A query of Athena. AWS' own policy for it has no rights on EventBridge, so Step Functions polls. How often is not published; users report about once a
 * minute. Here the first look comes after a minute too, so no end is noticed sooner than users may rely on.
 */
export const ATHENA_QUERY: Job = {
  id: 'QueryExecutionId',
  describe: 'GetQueryExecution',
  stop: 'StopQueryExecution',
  stateOf: (answer) => memberOf(memberOf(memberOf(answer, 'QueryExecution'), 'Status'), 'State'),
  succeeded: ['SUCCEEDED'],
  failed: ['FAILED', 'CANCELLED'],
  interval: 60_000,
};

/**
 * Waits for the end of a job that was started, and answers its description. One that does not succeed fails the Task, with the description as cause.
 *
 * @param perform calls an operation of the service with the rights of the Task
 */
export async function waitForJob(
  job: Job, started: JsonObject, { clock, signal, submitted }: TaskCall, perform: (operation: string, input: JsonObject) => Promise<JsonObject>,
): Promise<JsonValue> {
  const named = { [job.id]: started[job.id] };
  // A best effort, as AWS says: without the right to stop it, the job goes on.
  const stop = () => void perform(job.stop, named).catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  // It may have been called off while the job was being started.
  if (signal.aborted) stop();
  else submitted(started);
  try {
    for (;;) {
      await clock.sleep(job.interval, signal);
      const description = await perform(job.describe, named);
      const state = String(job.stateOf(description));
      if (job.succeeded.includes(state)) return description;
      if (job.failed.includes(state)) throw new TaskFailure('States.TaskFailed', writeJson(description));
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
