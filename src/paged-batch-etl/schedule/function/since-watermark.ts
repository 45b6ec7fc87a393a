import { Temporal } from '@js-temporal/polyfill';
import { TimeWindow } from './window';
import { SinceWatermarkConfig } from '../../contracts/plan-run';

/** What the ledger knows of a schedule. */
export interface Watermark {
  /** Up to when everything is processed; absent before the first run has succeeded. */
  readonly at: string | undefined;
  /** ARN of a run that may still go on, or be redriven. */
  readonly underway: string | undefined;
}

/** Why there is no run to start: another one is underway, or there is nothing yet that is old enough. */
export type NoWindow = 'Underway' | 'NothingDue';

/** From the watermark to shortly before the schedule was due. */
export function windowSince(scheduledTime: Temporal.Instant, config: SinceWatermarkConfig, { at, underway }: Watermark): TimeWindow | NoWindow {
  if (underway !== undefined) return 'Underway';
  const begin = watermarkOf(config, at);
  // Whole seconds: a date has no finer ones than milliseconds, and the name of an execution has no point.
  const end = scheduledTime.subtract({ seconds: config.lagSeconds }).round({ smallestUnit: 'second', roundingMode: 'floor' });
  return Temporal.Instant.compare(begin, end) < 0 ? { begin, end } : 'NothingDue';
}

export function watermarkOf({ startAt }: SinceWatermarkConfig, at: string | undefined): Temporal.Instant {
  return Temporal.Instant.from(at ?? startAt);
}
