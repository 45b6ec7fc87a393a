/** What the machines of a run and the function that keeps its ledger agree on. Of the event, every released contract is accepted for ever. */
import { RangeProgress } from './plan-ranges';
import { anyObject, exactly, flag, listOf, literal, matching, optional, Read, Shape, ShapeError, text, wholeNumber } from '../../private/shape/json-shape';

/** Version of the events that this release's machines send. */
export const LEDGER_CONTRACT = 1;

const textOrNull: Read<string | null> = (value, place) => {
  if (value !== null && typeof value !== 'string') throw new ShapeError(place, 'a string or null');
  return value;
};

/** Waits of a run for its window. */
const windowWaits = exactly({
  /** How many there were. */
  count: wholeNumber,
  /** How long they were for runs that were underway. The wait for an owner that ended is not counted. */
  seconds: wholeNumber,
});

export type WindowWaits = Shape<typeof windowWaits>;

const numberOrNull: Read<number | null> = (value, place) => (value === null ? null : wholeNumber(value, place));

/** How many items a run reads, as far as the source says; null where it does not. */
const estimate = exactly({ items: numberOrNull });

export type Estimate = Shape<typeof estimate>;

/** Asks for the window of a run; answers `TakenWindow`. */
const takeWindow = exactly({
  contract: literal(LEDGER_CONTRACT),
  action: literal('take'),
  /** ARN of the run's execution. */
  run: text,
  /** When that execution was started, which a redrive does not change. Names of executions are free again after 90 days: with it, two executions of one ARN are told apart. */
  startTime: text,
  /** The run's flat input with defaults filled in; as it was given, where it asks to go on with another run. */
  parameters: anyObject,
  /** Whether the machine processes several ranges. */
  divided: flag,
  /** Whether a run that does not get its window is answered `LOCKED`; else it fails with `RunLocked`, so that a redrive asks again. */
  skips: flag,
  waits: windowWaits,
});

export type TakeWindowEvent = Shape<typeof takeWindow>;

const instant = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, 'an instant in whole seconds of UTC');

/** What the run of a schedule is for that goes by a watermark: the member `watermark` of its input. */
export const watermarkMove = exactly({
  /** What the names of its runs begin with. */
  schedule: matching(/^[0-9a-f]{20}$/, '20 hexadecimal digits'),
  /** Where the watermark was, or where the schedule is to begin. */
  begin: instant,
  /** Where the watermark will be when the run has succeeded. */
  end: instant,
});

export type WatermarkMove = Shape<typeof watermarkMove>;

/** What stands for the window of all runs of such a schedule, so that two of them never go on at the same time. */
export function windowOfSchedule(schedule: string): string {
  return `schedule-${schedule}`;
}

/** Sort key of the item of a window. */
export const WINDOW_SORT_KEY = 'WINDOW';

/** Partition key of it. */
export function windowPartition(prefix: string, window: string): string {
  return `${prefix}#WINDOW#${window}`;
}

/** Partition key of the items of a run. */
export function runPartition(prefix: string, run: string): string {
  return `${prefix}#RUN#${run}`;
}

/** Where a range begins; what else there is to know of it is left out. */
export interface RangeStart {
  /** Within its run. */
  readonly number: number;
  readonly cursor: string | null;
}

const rangeStart: Read<RangeStart> = (value, place) => {
  const { number, cursor } = anyObject(value, place);
  return { number: wholeNumber(number, `${place}.number`), cursor: textOrNull(cursor, `${place}.cursor`) };
};

/** Tells which ranges a run has, before it begins with any of them. */
const planRun = exactly({
  contract: literal(LEDGER_CONTRACT),
  action: literal('plan'),
  run: text,
  root: text,
  ranges: listOf(rangeStart),
});

export type PlanRunEvent = Shape<typeof planRun>;

/** Tells that nothing is left in a range. */
const finishRange = exactly({
  contract: literal(LEDGER_CONTRACT),
  action: literal('finish'),
  run: text,
  range: wholeNumber,
  /** Of the whole range, in this run. */
  totals: exactly({ items: wholeNumber, failed: optional(wholeNumber), pages: wholeNumber, segments: wholeNumber }),
});

export type FinishRangeEvent = Shape<typeof finishRange>;

/** Tells where a segment begins, or a page. */
const recordProgress = exactly({
  contract: literal(LEDGER_CONTRACT),
  action: literal('record'),
  run: text,
  /** Of `TakenWindow`. */
  window: text,
  /** Number of the range within its run; 0 in a run that is not divided. */
  range: wholeNumber,
  estimate,
  /** ARN of the segment's execution. */
  segment: text,
  /** How many executions there were for the segment before. */
  attempt: wholeNumber,
  /** The segment included. Where failures are tolerated, with their number. */
  progress: exactly({ root: text, cursor: textOrNull, pages: wholeNumber, items: wholeNumber, failed: optional(wholeNumber), segments: wholeNumber }),
});

export type RecordProgressEvent = Shape<typeof recordProgress>;

/** Tells that everything is processed, and gives the window back. */
const releaseWindow = exactly({
  contract: literal(LEDGER_CONTRACT),
  action: literal('release'),
  run: text,
  window: text,
  totals: exactly({ items: wholeNumber, failed: optional(wholeNumber), pages: wholeNumber, segments: wholeNumber }),
});

export type ReleaseWindowEvent = Shape<typeof releaseWindow>;

export type LedgerEvent = TakeWindowEvent | PlanRunEvent | RecordProgressEvent | FinishRangeEvent | ReleaseWindowEvent;

export const ledgerEvent: Read<LedgerEvent> = (value, place) => {
  switch (anyObject(value, place).action) {
    case 'take': return takeWindow(value, place);
    case 'plan': return planRun(value, place);
    case 'finish': return finishRange(value, place);
    case 'record': return recordProgress(value, place);
    default: return releaseWindow(value, place);
  }
};

/**
 * Whether a run has its window: it has it, and perhaps goes on with what another run left; it is to ask again after a while; it does not get it; or nothing is left
 * to do, because another run of its schedule has processed what it is for.
 */
export const WindowOutcome = { OWNED: 'OWNED', RESUMED: 'RESUMED', WAIT: 'WAIT', LOCKED: 'LOCKED', DONE: 'DONE' } as const;

/** What is left of a run that another one goes on with. */
export interface ResumedRun {
  /** Its input, with defaults filled in. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** What began it. */
  readonly root: string;
  /** Counted from zero. One, whose number is 0, of a run that was not divided. */
  readonly ranges: readonly RangeProgress[];
}

export interface TakenWindow {
  readonly outcome: typeof WindowOutcome[keyof typeof WindowOutcome];
  /** Names the window in the ledger. */
  readonly window: string;
  /** ARN of the run that has it. */
  readonly owner: string;
  /** How long to wait; 0 unless it is to ask again. */
  readonly seconds: number;
  /** With this wait. */
  readonly waits: WindowWaits;
  /** What is known of the items that the run reads, before its source is asked. */
  readonly estimate: Estimate;
  /** Null unless it goes on with another run. */
  readonly resumed: ResumedRun | null;
}

/** What a run hands to its segments about its ledger, as `ledger` beside a `SegmentInput`. A run of an older release, or without a ledger, hands nothing. */
export interface SegmentLedger {
  readonly window: string;
  readonly range: number;
  readonly estimate: Estimate;
}

/** How many times a run waits for an owner that ended: once, and again where other runs come before it. */
const WAITS_FOR_ENDED_OWNERS = 3;

/** Seconds of the next wait for a window that another run has: as long as it waited before, from one minute to 15, and no longer than it may. */
export function nextLockWait(waited: number, atMost: number): number {
  return Math.max(0, Math.min(atMost - waited, 900, Math.max(60, waited)));
}

/** Most waits of a run that may wait for that long. */
export function mostWindowWaits(atMost: number): number {
  let count = WAITS_FOR_ENDED_OWNERS;
  for (let waited = 0; waited < atMost; waited += nextLockWait(waited, atMost)) count++;
  return count;
}

/** Environment variables of the function. */
export const LedgerEnvironment = {
  TABLE: 'TABLE_NAME',
  /** What the keys of the items begin with. */
  PREFIX: 'KEY_PREFIX',
  /** JSON of `ParameterRules`. */
  PARAMETERS: 'PARAMETERS',
  /** How long a run waits for one that is underway. */
  WAIT_SECONDS: 'WAIT_SECONDS',
  /** How long ago a run must have ended before another one gets its window. */
  TAKE_OVER_SECONDS: 'TAKE_OVER_SECONDS',
  /** How long items of runs are kept. */
  RETENTION_SECONDS: 'RETENTION_SECONDS',
} as const;

/** Names of attributes that the table must have. */
export const LedgerAttribute = { PARTITION: 'pk', SORT: 'sk', EXPIRES: 'expiresAt' } as const;
