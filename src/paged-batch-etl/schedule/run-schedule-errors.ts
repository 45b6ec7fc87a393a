import { RunScheduleErrorName } from '../contracts/plan-run';

/**
 * Names of the errors with which the planner of a schedule fails: `errorType` in the `responsePayload` of a dead letter.
 *
 * Such a window has no run. When the cause is mended, call the planner with the `requestPayload` of the dead letter: the run is started as if
 * nothing had happened, and not started twice.
 */
export class RunScheduleErrors {
  /**
   * The planner was called with something that does not say when a schedule was due.
   *
   * Nothing but its schedule, or somebody with a dead letter, should call it: `{ "contract": 1, "scheduledTime": "2026-11-24T01:00:00Z" }`.
   */
  public static readonly INVALID_PLAN_EVENT = RunScheduleErrorName.INVALID_PLAN_EVENT;

  /**
   * The run of the window could not be started in three times three attempts. The message has the code of the service.
   *
   * Usually Step Functions was not available or throttled the account.
   */
  public static readonly RUN_NOT_STARTED = RunScheduleErrorName.RUN_NOT_STARTED;

  private constructor() {}
}
