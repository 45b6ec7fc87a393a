/** What schedules, their planner functions and the construct agree on. Of the event, every released contract is accepted for ever. */
import { anyObject, exactly, finiteNumber, literal, Read, recordOf, Shape, text } from '../../private/shape/json-shape';

/** The event of a schedule's planner function, as EventBridge Scheduler renders it. */
export interface PlanRunEvent {
  readonly contract: typeof PLAN_RUN_CONTRACT;
  /** When the schedule was due, ISO 8601 in UTC: not when it was delivered. */
  readonly scheduledTime: string;
  /** `false`, from somebody who calls it by hand: the run begins at the watermark, and does not go on with one that failed. */
  readonly resume?: boolean;
}

/** Version of the event that this release's schedules send to their planner functions. */
export const PLAN_RUN_CONTRACT = 1;

/** The calendar day before the one in which the schedule is due. */
const previousDayConfig = exactly({
  kind: literal('previousDay'),
  /** Names of the parameters that are filled. */
  begin: text,
  end: text,
  /** IANA time zone whose days are meant. */
  timeZone: text,
});

/** A number of hours of UTC that were complete when the schedule was due. */
const lastHoursConfig = exactly({
  kind: literal('lastHours'),
  /** Names of the parameters that are filled. */
  begin: text,
  end: text,
  /** Length of the window. */
  hours: finiteNumber,
});

/** All that is left since the last window that was processed. */
const sinceWatermarkConfig = exactly({
  kind: literal('sinceWatermark'),
  /** Names of the parameters that are filled. */
  begin: text,
  end: text,
  /** Whole seconds from the end of the window to when the schedule was due. */
  lagSeconds: finiteNumber,
  /** Where the first window begins: an instant in whole seconds of UTC. */
  startAt: text,
});

export type SinceWatermarkConfig = Shape<typeof sinceWatermarkConfig>;

/** One that hangs on nothing but when the schedule was due. */
export type FixedWindowConfig = Shape<typeof previousDayConfig> | Shape<typeof lastHoursConfig>;

/** Which window a schedule runs: JSON in an environment variable of its planner function. */
export type WindowConfig = FixedWindowConfig | SinceWatermarkConfig;

export const windowConfig: Read<WindowConfig> = (value, place) => {
  switch (anyObject(value, place).kind) {
    case 'lastHours': return lastHoursConfig(value, place);
    case 'sinceWatermark': return sinceWatermarkConfig(value, place);
    default: return previousDayConfig(value, place);
  }
};

/** Parameters with which all runs of a schedule are started. */
export const scheduleParameters = recordOf<string | number>((value, place) => (typeof value === 'number' ? value : text(value, place)));

export type ScheduleParameters = Shape<typeof scheduleParameters>;

/**
 * Name of the run of a window of a schedule: `<hash>-20261123T230000Z-20261124T230000Z`, 54 of the 80 characters that a name can have.
 *
 * With the end, because a schedule may get a longer window or another time zone: windows of the old and the new kind can begin together, and
 * the new one must not count as run. A name works for 90 days, far longer than a schedule is delivered.
 *
 * @param begin an instant in whole seconds of UTC, like `end`
 */
export function scheduledRunName(scheduleHash: string, begin: string, end: string): string {
  return [scheduleHash, basicFormat(begin), basicFormat(end)].join('-');
}

/** Name of the run of a schedule that goes on with another one. By the time at which the schedule was due, and not by the other run: each time, it is tried once. */
export function resumedRunName(scheduleHash: string, due: string): string {
  return `${scheduleHash}-resume-${basicFormat(due)}`;
}

/** ISO 8601 without the separators, since a name has no colons. */
function basicFormat(instant: string): string {
  return instant.replace(/[:-]/g, '');
}

/** ARN of an execution that a planner started; captures the hash of its schedule. */
export const SCHEDULED_RUN = /:([0-9a-f]{20})-\d{8}T\d{6}Z-\d{8}T\d{6}Z$/;

/** Environment variables of planner functions. */
export const PlannerEnvironment = {
  STATE_MACHINE_ARN: 'STATE_MACHINE_ARN',
  /** JSON of `WindowConfig`. */
  WINDOW: 'WINDOW',
  /** JSON of the other parameters of its runs; absent if there are none. */
  PARAMETERS: 'PARAMETERS',
  /** What the execution names of this schedule begin with. */
  SCHEDULE_HASH: 'SCHEDULE_HASH',
  /** The table of the ledger, and what the keys of its items begin with; absent where the window has no watermark. */
  TABLE: 'TABLE_NAME',
  PREFIX: 'KEY_PREFIX',
  /** How long ago a run must have ended before another one gets its window; absent there too. */
  TAKE_OVER_SECONDS: 'TAKE_OVER_SECONDS',
} as const;

/**
 * Names of the errors of planner functions: `errorType` in a schedule's dead letter. `schedule/run-schedule-errors.ts` tells what each one means
 * and what to do about it.
 */
export const RunScheduleErrorName = {
  INVALID_PLAN_EVENT: 'InvalidPlanEvent',
  RUN_NOT_STARTED: 'RunNotStarted',
} as const;

export type RunScheduleErrorName = typeof RunScheduleErrorName[keyof typeof RunScheduleErrorName];
