import { LedgerError } from './ledger-error';
import { rangeKey, RANGES, runKey, windowKey } from './ledger-keys';
import { expiry, instantOf, LedgerServices, Window } from './ledger-services';
import { Item, numberOf, textOf } from './ledger-table';
import { readSegments, withSegment } from './segments';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { RecordProgressEvent } from '../../contracts/run-ledger';

/**
 * Writes where a segment or a page begins, and then that the window still belongs to its run. In this order: whoever takes the window over reads the window first. So it either
 * finds the segment, or this finds the window taken.
 *
 * @throws LedgerError `LockLost`
 */
export async function recordProgress(event: RecordProgressEvent, services: LedgerServices): Promise<void> {
  await writeRange(event, services);
  await assertOwner(event, services);
  await summarise(event, services);
}

async function writeRange({ run, range, segment, attempt, progress }: RecordProgressEvent, services: LedgerServices): Promise<void> {
  const { config, table, now } = services;
  const key = rangeKey(config.prefix, run, range);
  const known = await table.get(key);
  const executions = withSegment(readSegments(known), segment, attempt);
  // After a redrive, the segment that was stopped may have come further: what is before that place is processed all the same.
  const wasFurther = (numberOf(known, 'pages') ?? 0) > progress.pages;
  const isLatest = await table.change({
    key,
    set: {
      ...!wasFurther && {
        ...progress.cursor !== null && { cursor: progress.cursor },
        root: progress.root,
        pages: progress.pages,
        items: progress.items,
        ...progress.failed !== undefined && { failed: progress.failed },
      },
      segments: progress.segments,
      executions: JSON.stringify(executions),
      updatedAt: instantOf(now()),
      expiresAt: expiry(services),
    },
    condition: 'attribute_not_exists(#segments) OR #segments <= :segments',
    values: { segments: progress.segments },
  });
  if (!isLatest) throw new LedgerError(PagedBatchEtlErrorName.LOCK_LOST, 'A later segment of the run has begun');
}

async function assertOwner({ run, window }: RecordProgressEvent, { config, table }: LedgerServices): Promise<void> {
  const key = windowKey(config.prefix, window);
  const isOwner = await table.change({ key, set: {}, raise: [Window.VERSION], condition: `#${Window.OWNER} = :run`, values: { run } });
  if (!isOwner) throw lockLost(await table.get(key));
}

/** The window belongs to another run, or to none. */
export function lockLost(item: Item | undefined): LedgerError {
  const lastRun = textOf(item, Window.LAST_RUN);
  const whose = textOf(item, Window.OWNER) ?? `no run${lastRun === undefined ? '' : `; the last one was ${lastRun}`}`;
  return new LedgerError(PagedBatchEtlErrorName.LOCK_LOST, `The window of the run belongs to ${whose}`);
}

/** What the ranges have together, and how fast: for people, so a sum that comes late is left out. */
async function summarise({ run, estimate }: RecordProgressEvent, services: LedgerServices): Promise<void> {
  const { config, table, now } = services;
  const { pk } = runKey(config.prefix, run);
  const ranges = await table.list(pk, RANGES);
  const sum = (name: string) => ranges.reduce((total, range) => total + (numberOf(range, name) ?? 0), 0);
  const items = sum('items');
  const failed = sum('failed');
  const started = Date.parse(textOf(await table.get(runKey(config.prefix, run)), 'startedAt') ?? '');
  const end = endOf({ done: items + failed, expected: estimate.items, started, now: now() });
  await table.change({
    key: runKey(config.prefix, run),
    set: {
      items,
      ...ranges.some((range) => range.failed !== undefined) && { failed },
      pages: sum('pages'),
      segments: sum('segments'),
      ...rateOf(items, now() - started),
      ...estimate.items !== null && { expectedItems: estimate.items },
      ...end !== undefined && { eta: instantOf(end) },
      updatedAt: instantOf(now()),
      expiresAt: expiry(services),
    },
    ...end === undefined && { remove: ['eta'] },
    condition: '#status = :running AND #items <= :items',
    values: { running: 'RUNNING', items },
  });
}

export interface Pace {
  /** Items that are processed, or failed and were tolerated. */
  readonly done: number;
  readonly expected: number | null;
  /** Epoch milliseconds. */
  readonly started: number;
  readonly now: number;
}

/** When a run ends that goes on as fast as it did until now. Undefined before it has done anything, and when it has more than was expected. */
export function endOf({ done, expected, started, now }: Pace): number | undefined {
  if (expected === null || done === 0 || done > expected || !(now > started)) return undefined;
  const end = now + ((expected - done) * (now - started)) / done;
  // The last moment that a date can be.
  return end <= 8.64e15 ? end : undefined;
}

/** Items a second since the run began, with two digits after the point. */
export function rateOf(items: number, milliseconds: number): { readonly itemsPerSecond?: number } {
  return milliseconds >= 1_000 ? { itemsPerSecond: Math.round((items * 100_000) / milliseconds) / 100 } : {};
}
