import { RunWindowBinding } from './binding';
import { lastHours } from './last-hours';
import { previousDay } from './previous-day';
import { LastHoursOptions, PreviousDayOptions, SinceWatermarkOptions } from './run-window-options';
import { sinceWatermark } from './since-watermark';
import { LAST_HOURS_KINDS, PREVIOUS_DAY_KINDS, SINCE_WATERMARK_KINDS } from './window-kinds';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * Which window of time a scheduled run is for: two date parameters of the run, computed from the time at which the schedule was due.
 *
 * A window is half-open: it holds its `begin`, and its `end` belongs to the next one. So a filter says `$gte` and `$lt`. Both are given in UTC,
 * such as `2026-11-23T23:00:00Z`, and mean the same whatever the time zone of the parameters is.
 */
export class RunWindow {
  /**
   * The whole calendar day before the one in which the schedule was due, in a time zone. A day is as long as it is there: 23 or 25 hours where
   * clocks change. Windows of consecutive days meet: nothing is left out or taken twice.
   *
   * Choose it for a schedule that is due once a day.
   *
   * @example
   * RunWindow.previousDay({ begin: 'date_begin', end: 'date_end', timeZone: 'Europe/Berlin' });
   */
  public static previousDay(options: PreviousDayOptions): RunWindow {
    return new RunWindow(previousDay(checkOptions('RunWindow.previousDay', options, PREVIOUS_DAY_KINDS)));
  }

  /**
   * The last hours that were complete when the schedule was due. They are hours of UTC and always have sixty minutes, so windows of consecutive
   * hours meet. In time zones that are half an hour off, they begin at half past. The schedule must be a rate, or have a time zone without summer
   * time: otherwise Scheduler would leave hours out.
   *
   * Choose it for a schedule that is due more often than once a day, or every few days. `hours` is the time between two runs, so that windows meet.
   *
   * @example
   * RunWindow.lastHours({ hours: 1, begin: 'date_begin', end: 'date_end' });
   */
  public static lastHours(options: LastHoursOptions): RunWindow {
    return new RunWindow(lastHours(checkOptions('RunWindow.lastHours', options, LAST_HOURS_KINDS)));
  }

  /**
   * All that is left since the last window that was processed, up to shortly before the schedule was due. The ledger keeps that place, the watermark of the schedule: a run that succeeds moves it to the end of
   * its window. After a run that failed, the next one goes on where it ended, or else begins where it began, so that nothing is left out. While a run of the schedule is underway, and for the `takeOverAfter` of the ledger after one that failed, no other is started.
   * Backfills, and runs that somebody starts, do not move the watermark.
   *
   * Choose it where each document that is new or changed is to be processed once, soon, and without anybody having to redrive a run that failed. Only with `RunLedger.table`.
   *
   * @example
   * RunWindow.sinceWatermark({ begin: 'date_begin', end: 'date_end', startAt: '2026-11-01' });
   */
  public static sinceWatermark(options: SinceWatermarkOptions): RunWindow {
    return new RunWindow(sinceWatermark(checkOptions('RunWindow.sinceWatermark', options, SINCE_WATERMARK_KINDS)));
  }

  /** @internal */
  public readonly _binding: RunWindowBinding;

  private constructor(binding: RunWindowBinding) {
    this._binding = binding;
  }
}
