import { Temporal } from '@js-temporal/polyfill';
import { TimeWindow } from './window';
import { SinceWatermarkConfig } from '../../contracts/plan-run';

/** What the ledger knows of a schedule. */
export interface Watermark {
  /** Up to when everything is processed; absent before the first run has succeeded. */
  readonly at: string | undefined;
  /** The run that has the window of the schedule. */
  readonly owner: WindowOwner | undefined;
}

/** It may still go on or be redriven, another run can go on where it ended, or it left nothing to go on with. */
export interface WindowOwner {
  readonly arn: string;
  readonly state: 'Underway' | 'Resumable' | 'Over';
}

/** A run that goes on where another one ended. */
export interface ResumedWindow {
  /** ARN of that one. */
  readonly resume: string;
}

/** Why there is no run to start: another one is underway, or there is nothing yet that is old enough. */
export type NoWindow = 'Underway' | 'NothingDue';

/**
 * What a run that did not succeed left of its window; else from the watermark to shortly before the schedule was due.
 *
 * @param resumes whether a run may go on with another one
 */
export function windowSince(
  scheduledTime: Temporal.Instant, config: SinceWatermarkConfig, { at, owner }: Watermark, resumes: boolean,
): TimeWindow | ResumedWindow | NoWindow {
  if (owner?.state === 'Underway') return 'Underway';
  if (owner?.state === 'Resumable' && resumes) return { resume: owner.arn };
  const begin = watermarkOf(config, at);
  const end = wholeSeconds(scheduledTime.subtract({ seconds: config.lagSeconds }));
  return Temporal.Instant.compare(begin, end) < 0 ? { begin, end } : 'NothingDue';
}

export function watermarkOf({ startAt }: SinceWatermarkConfig, at: string | undefined): Temporal.Instant {
  return Temporal.Instant.from(at ?? startAt);
}

/** A date has nothing finer than milliseconds, and the name of an execution has no point. */
export function wholeSeconds(instant: Temporal.Instant): Temporal.Instant {
  return instant.round({ smallestUnit: 'second', roundingMode: 'floor' });
}
