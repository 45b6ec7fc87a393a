import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SCHEDULED_RUN } from '../../contracts/plan-run';
import { RunReference } from '../../contracts/read-page';
import { SourceMetric } from '../../contracts/source-metric';

/**
 * How a page was read: by this attempt, by one before it, or by another at the same time. Only the first of these counts in the metrics, so that
 * however often a page is asked for, it counts once. Pages that travel in the state of the workflow are always read by the attempt that answers them.
 */
export type PageOutcome = 'Read' | 'ReadBefore' | 'ReadByAnother';

/** What is told about a page that was read. */
export interface PageReport {
  readonly functionName: string;
  readonly run: RunReference;
  /** Items in the page, and its bytes. */
  readonly count: number;
  readonly bytes: number;
  readonly done: boolean;
  /** Whether it is the first page of the run. */
  readonly first: boolean;
  readonly outcome: PageOutcome | typeof PagedBatchEtlErrorName.EMPTY_RUN;
  /** First sort key of the last item, where that is a date. */
  readonly lastKey: Date | undefined;
  /** When the page was asked for and when it was read, epoch milliseconds. */
  readonly startedAt: number;
  readonly now: number;
}

/**
 * One line of JSON: what there is to know of a page, and its metrics in CloudWatch's embedded metric format.
 *
 * It says how much was read and never what: no item, cursor or parameter.
 */
export function pageLine({ functionName, run, count, bytes, done, first, outcome, lastKey, startedAt, now }: PageReport): string {
  const counts = outcome !== 'ReadBefore' && outcome !== 'ReadByAnother';
  const lag = lastKey === undefined || !counts ? undefined : Math.max(0, now - lastKey.getTime()) / 1000;
  const schedule = first ? SCHEDULED_RUN.exec(run.id)?.[1] : undefined;
  const metrics = [
    { Name: SourceMetric.PAGES_READ, Unit: 'Count' },
    { Name: SourceMetric.ITEMS_READ, Unit: 'Count' },
    ...(lag === undefined ? [] : [{ Name: SourceMetric.LAG, Unit: 'Seconds' }]),
  ];
  const directives = [
    ...(counts ? [{ Namespace: SourceMetric.NAMESPACE, Dimensions: [[SourceMetric.DIMENSION]], Metrics: metrics }] : []),
    ...(first ? [emptyRuns(schedule)] : []),
  ];
  return JSON.stringify({
    _aws: directives.length === 0 ? undefined : { Timestamp: now, CloudWatchMetrics: directives },
    [SourceMetric.DIMENSION]: functionName,
    [SourceMetric.SCHEDULE]: schedule,
    [SourceMetric.PAGES_READ]: counts ? 1 : undefined,
    [SourceMetric.ITEMS_READ]: counts ? count : undefined,
    [SourceMetric.EMPTY_RUNS]: first ? Number(count === 0) : undefined,
    [SourceMetric.LAG]: lag,
    Run: run.id,
    Page: run.page,
    Outcome: outcome,
    Items: counts ? undefined : count,
    Done: done,
    Bytes: bytes,
    DurationMilliseconds: now - startedAt,
  });
}

/** What is told about the ranges of a run. */
export interface RangesReport {
  readonly functionName: string;
  readonly run: RunReference;
  readonly ranges: number;
  /** The run has nothing to read, and fails where that is its error. */
  readonly outcome: 'Planned' | typeof PagedBatchEtlErrorName.EMPTY_RUN;
  readonly startedAt: number;
  readonly now: number;
}

/** The line of a run that is divided: it has the metric that its first page would have. */
export function rangesLine({ functionName, run, ranges, outcome, startedAt, now }: RangesReport): string {
  const schedule = SCHEDULED_RUN.exec(run.id)?.[1];
  return JSON.stringify({
    _aws: { Timestamp: now, CloudWatchMetrics: [emptyRuns(schedule)] },
    [SourceMetric.DIMENSION]: functionName,
    [SourceMetric.SCHEDULE]: schedule,
    [SourceMetric.EMPTY_RUNS]: Number(ranges === 0),
    Run: run.id,
    Outcome: outcome,
    Ranges: ranges,
    DurationMilliseconds: now - startedAt,
  });
}

/** Of the construct, and of the schedule that started the run. A run that has something counts as 0, so that an alarm sees the difference to no run. */
function emptyRuns(schedule: string | undefined) {
  const ofSchedule = schedule === undefined ? [] : [[SourceMetric.DIMENSION, SourceMetric.SCHEDULE]];
  return {
    Namespace: SourceMetric.NAMESPACE,
    Dimensions: [[SourceMetric.DIMENSION], ...ofSchedule],
    Metrics: [{ Name: SourceMetric.EMPTY_RUNS, Unit: 'Count' }],
  };
}

/** The line of an estimate, of whatever it was. */
export function estimateLine(run: RunReference, outcome: string, items: number | null, durationMilliseconds: number): string {
  return JSON.stringify({ Run: run.id, Outcome: outcome, EstimatedItems: items, DurationMilliseconds: durationMilliseconds });
}

/** The line of a page that could not be read: it has no metrics, for failures are counted by Lambda. */
export function failureLine(run: RunReference | undefined, outcome: string, durationMilliseconds: number): string {
  return JSON.stringify({ Run: run?.id, Page: run?.page, Outcome: outcome, DurationMilliseconds: durationMilliseconds });
}

export function warningLine(run: RunReference, message: string): string {
  return JSON.stringify({ Run: run.id, Page: run.page, Warning: message });
}
