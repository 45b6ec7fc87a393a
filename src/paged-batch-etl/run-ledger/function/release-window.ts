import { runKey, windowKey } from './ledger-keys';
import { expiry, instantOf, LedgerServices, Run, Window } from './ledger-services';
import { Item, textOf } from './ledger-table';
import { lockLost, rateOf } from './record-progress';
import { watermarkOf } from './resumed-run';
import { successLine } from './success-line';
import { ReleaseWindowEvent, WatermarkMove } from '../../contracts/run-ledger';

/**
 * Gives the window of a run back that processed everything. A run of letters has processed a part of it only: it counts as no success.
 *
 * @throws LedgerError `LockLost`
 */
export async function releaseWindow({ run, window, totals }: ReleaseWindowEvent, services: LedgerServices): Promise<void> {
  const { config, table, now, log } = services;
  const at = instantOf(now());
  const key = runKey(config.prefix, run);
  const item = await table.get(key);
  // A retry, whose first answer was lost.
  if (textOf(item, 'endedAt') !== undefined) return;
  await giveBack({ run, window, at, item }, services);
  // Before the end is written: whoever dies in between counts it twice, and not never.
  if (textOf(item, Run.REPLAY) === undefined) log(successLine(config.functionName, run, totals, now()));
  const started = Date.parse(textOf(item, 'startedAt') ?? '');
  await table.change({
    key,
    set: {
      items: totals.items,
      ...totals.failed !== undefined && { failed: totals.failed },
      pages: totals.pages,
      segments: totals.segments,
      ...rateOf(totals.items, now() - started),
      [Run.STATUS]: 'SUCCEEDED',
      endedAt: at,
      updatedAt: at,
      [Run.EXPIRES]: expiry(services),
    },
    remove: ['eta'],
    // A retry does not end it once more.
    condition: 'attribute_not_exists(#endedAt)',
  });
}

interface Return {
  readonly run: string;
  readonly window: string;
  readonly at: string;
  /** Of the run. */
  readonly item: Item | undefined;
}

async function giveBack({ run, window, at, item }: Return, { config, table }: LedgerServices): Promise<void> {
  const key = windowKey(config.prefix, window);
  const replays = textOf(item, Run.REPLAY) !== undefined;
  const before = await table.get(key);
  if (textOf(before, Window.OWNER) !== run) {
    if (isGivenBack(run, item, before)) return;
    throw lockLost(before);
  }
  await table.change({ key: runKey(config.prefix, run), set: { [Run.RELEASED_AT]: at } });
  const watermark = replays ? undefined : movedWatermark(before, watermarkOf(item));
  const given = await table.change({
    key,
    set: {
      [Window.STATUS]: 'SUCCEEDED',
      [Window.LAST_RUN]: run,
      ...!replays && { [Window.LAST_SUCCESS]: at },
      // Only the owner of the window moves it, so nobody has moved it since it was read.
      ...watermark !== undefined && { [Window.WATERMARK]: watermark },
    },
    raise: [Window.VERSION],
    remove: [Window.OWNER],
    condition: `#${Window.OWNER} = :run`,
    values: { run },
  });
  if (!given) throw lockLost(await table.get(key));
}

/** Whether an attempt before gave the window back, and its answer was lost. Other runs may have taken it since, and have given it back as well. */
function isGivenBack(run: string, item: Item | undefined, window: Item | undefined): boolean {
  const [released, success] = [textOf(item, Run.RELEASED_AT), textOf(window, Window.LAST_SUCCESS)];
  if (released === undefined) return false;
  if (textOf(item, Run.REPLAY) !== undefined || textOf(window, Window.LAST_RUN) === run) return true;
  return success !== undefined && Date.parse(success) >= Date.parse(released);
}

/** Where the watermark is to be. It never goes back, and never past a time that no run has processed. */
export function movedWatermark(window: Item | undefined, move: WatermarkMove | undefined): string | undefined {
  if (move === undefined) return undefined;
  const { begin, end } = move;
  const current = textOf(window, Window.WATERMARK);
  const joins = current === undefined || Date.parse(begin) <= Date.parse(current);
  return joins && Date.parse(end) > Date.parse(current ?? begin) ? end : undefined;
}
