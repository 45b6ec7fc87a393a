import type { RunScheduleErrorName } from '../../contracts/plan-run';

/**
 * How a planner fails. Lambda reports `name` as the error type, and after its retries writes it into the dead letter.
 *
 * The message says what to fix. There is no `cause`: errors of the SDK carry what they were called with.
 */
export class RunScheduleError extends Error {
  constructor(readonly name: RunScheduleErrorName, message: string) {
    super(message);
  }
}
