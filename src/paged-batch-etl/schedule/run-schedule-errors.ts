import { RunScheduleErrorName } from '../contracts/plan-run';

/**
 * Names of the errors with which the planner of a schedule fails: `errorType` in the `responsePayload` of a dead letter.
 *
 * The window of such a letter has no run yet. Each error has its cause, what to do, and how to go on. However often the planner is called for a
 * window, it starts one run.
 */
export class RunScheduleErrors {
  /**
   * The planner was called with something that does not say when a schedule was due, or with a time that is still to come: a window that is not over must not count as run.
   *
   * Only its schedule, or somebody with a dead letter, should call it: `{ "contract": 1, "scheduledTime": "2026-11-24T01:00:00Z" }`. If the
   * schedule did, the planner is older than the schedule: complete the deployment.
   *
   * Then call `plannerFunction` with such an event.
   */
  public static readonly INVALID_PLAN_EVENT = RunScheduleErrorName.INVALID_PLAN_EVENT;

  /**
   * The run of the window could not be started in three times three attempts. `errorMessage` beside `errorType` has the code of the service.
   *
   * Usually Step Functions was not available or throttled the account: wait until it answers again. If the message tells of a right, or of a
   * function that is not configured, somebody changed the planner by hand: deploy it again.
   *
   * Then call `plannerFunction` with the `requestPayload` of the dead letter.
   */
  public static readonly RUN_NOT_STARTED = RunScheduleErrorName.RUN_NOT_STARTED;

  private constructor() {}
}
