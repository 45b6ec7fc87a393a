import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { RunWindow } from './run-window';

/** Options of `PagedBatchEtl.addSchedule`. */
export interface AddScheduleOptions {
  /**
   * When the schedule is due: after the end of the window, and often enough that no time is left between two windows. It has a time zone of
   * its own. A schedule that would miss a window when clocks change is refused.
   */
  readonly schedule: ScheduleExpression;

  /**
   * Which window of time each run is for. The filter compares a field with its `begin` by `$gte` and with its `end` by `$lt`. Every other parameter
   * of the run needs a value in `parameters` or a default value.
   */
  readonly window: RunWindow;

  /**
   * Other parameters of the runs, by their names, each as a text; an integer is written in digits. So one construct can have a schedule for each
   * tenant. If you change a value, it counts as another schedule, which may run the last window once more.
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
   * How many empty windows in a row make an alarm go off: `emptyRunsAlarm`. Together these windows are at most 7 days long, such as 7 windows of a
   * day, or 168 of an hour. It has no action until you add one.
   *
   * @default - no such alarm
   */
  readonly alarmAfterEmptyRuns?: number;
}
