import { Temporal } from '@js-temporal/polyfill';
import { lagLine } from './lag-line';
import { parsePlanEvent } from './parse-plan-event';
import { PlannerConfig } from './planner-config';
import { readWatermark, WatermarkPlace } from './read-watermark';
import { RunScheduleError } from './run-schedule-error';
import { NoWindow, ResumedWindow, watermarkOf, wholeSeconds, windowSince } from './since-watermark';
import { TimeWindow, windowOf } from './window';
import { errorCode } from '../../../private/runtime/error-code';
import { resumedRunName, RunScheduleErrorName, scheduledRunName } from '../../contracts/plan-run';
import { WATERMARK_KEY } from '../../contracts/run-input';
import { WatermarkMove } from '../../contracts/run-ledger';

/** Starts the execution of that name with that input, unless there was one of the name already. */
export type StartRun = (name: string, input: string) => Promise<'Started' | 'StartedBefore'>;

/** Everything the planner needs of the world. */
export interface PlannerServices {
  readonly config: PlannerConfig;
  readonly startRun: StartRun;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Takes one line of JSON per plan. */
  readonly log: (line: string) => void;
  /** Present where the window goes by a watermark. */
  readonly watermark?: WatermarkServices;
}

export interface WatermarkServices {
  readonly place: WatermarkPlace;
  /** Of the planner. */
  readonly functionName: string;
  /** Takes a line of JSON that has metrics, as it is. */
  readonly emit: (line: string) => void;
}

/** What the planner answers to somebody who calls it by hand; a schedule does not listen. */
export type PlanRunResult = StartedPlan | { readonly outcome: NoWindow };

export interface StartedPlan {
  readonly executionName: string;
  /** `Started` too if the run was started before and is not finished. */
  readonly outcome: 'Started' | 'StartedBefore';
}

/**
 * Starts the run of the window that belongs to the time at which a schedule was due: once, however often it is called. A run that failed is
 * not started again but redriven, by whoever fixed it; where there is a watermark, a later call starts a run that goes on with it.
 */
export async function planRun(event: unknown, services: PlannerServices): Promise<PlanRunResult> {
  const { config, startRun, log } = services;
  try {
    const { scheduledTime, resume = true } = parsePlanEvent(event);
    const due = notAhead(scheduledTime, services.now());
    const window = await windowFor(due, resume, services);
    if (typeof window === 'string') {
      log(JSON.stringify({ Outcome: window }));
      return { outcome: window };
    }
    const isResumed = 'resume' in window;
    const executionName = isResumed
      ? resumedRunName(config.scheduleHash, wholeSeconds(due).toString())
      : scheduledRunName(config.scheduleHash, window.begin.toString(), window.end.toString());
    const outcome = await startRun(executionName, isResumed ? JSON.stringify(window) : inputOf(config, window));
    log(JSON.stringify({ Execution: executionName, Outcome: outcome, ...isResumed && { Resumes: window.resume } }));
    return { executionName, outcome };
  } catch (thrown) {
    const error = thrown instanceof RunScheduleError
      ? thrown
      : new RunScheduleError(RunScheduleErrorName.RUN_NOT_STARTED, `The run could not be started${errorCode(thrown)}`);
    log(JSON.stringify({ Outcome: error.name }));
    throw error;
  }
}

/** Clocks of AWS differ by far less. */
const MOST_AHEAD = 5 * 60_000;

/**
 * When the schedule was due, and never later than now: the run of a window that is not over succeeds without what is written until then, and no other run reads that.
 *
 * @throws RunScheduleError InvalidPlanEvent
 */
function notAhead(scheduledTime: Temporal.Instant, now: number): Temporal.Instant {
  if (scheduledTime.epochMilliseconds <= now) return scheduledTime;
  if (scheduledTime.epochMilliseconds <= now + MOST_AHEAD) return Temporal.Instant.fromEpochMilliseconds(now);
  const message = `scheduledTime must be a time at which the schedule was due already, got ${scheduledTime.toString()}`;
  throw new RunScheduleError(RunScheduleErrorName.INVALID_PLAN_EVENT, message);
}

async function windowFor(
  scheduledTime: Temporal.Instant, resumes: boolean, planner: PlannerServices,
): Promise<TimeWindow | ResumedWindow | NoWindow> {
  const { config: { window, scheduleHash }, watermark: services, now } = planner;
  if (window.kind !== 'sinceWatermark') return windowOf(scheduledTime, window);
  if (services === undefined) throw new TypeError('There is no ledger');
  const watermark = await readWatermark(services.place, scheduleHash, now());
  services.emit(lagLine(services.functionName, watermarkOf(window, watermark.at).epochMilliseconds, now()));
  return windowSince(scheduledTime, window, watermark, resumes);
}

/** Always the same bytes for the same window: Step Functions compares them while a run of the name is running. */
function inputOf({ window, parameters, scheduleHash }: PlannerConfig, { begin, end }: TimeWindow): string {
  const [from, to] = [begin.toString(), end.toString()];
  const move = { schedule: scheduleHash, begin: from, end: to } satisfies WatermarkMove;
  const watermark = window.kind === 'sinceWatermark' && { [WATERMARK_KEY]: move };
  return JSON.stringify({ ...parameters, [window.begin]: from, [window.end]: to, ...watermark });
}
