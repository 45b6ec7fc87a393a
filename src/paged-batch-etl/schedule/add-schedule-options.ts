import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { RunWindow } from './run-window';

/** Options of `PagedBatchEtl.addSchedule`. */
export interface AddScheduleOptions {
  /**
   * When the schedule is due: after the window is over, and as often as windows are to meet. Its time zone is its own; what would miss a
   * window when clocks change is refused.
   */
  readonly schedule: ScheduleExpression;

  /**
   * Which window of time each run is for. A filter has its `begin` under `$gte` and its `end` under `$lt`. Every other parameter of the run needs a value
   * in `parameters` or a default value.
   */
  readonly window: RunWindow;

  /**
   * Other parameters of the runs, by their names, each as a text; an integer is written in digits. So one construct can have a schedule for each tenant.
   * With another value it is another schedule, which may run the last window once more.
   *
   * @default - the default values of the parameters
   */
  readonly parameters?: { [name: string]: string };

  /**
   * Whether the schedule is on. Windows that were due while it was off are not run later.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * After how many windows in a row in which runs found nothing an alarm goes off: `emptyRunsAlarm`. Their lengths together are 7 days at most, such as
   * 7 windows of a day, or 168 of an hour. It has no action until you add one.
   *
   * @default - no such alarm
   */
  readonly alarmAfterEmptyRuns?: number;
}
