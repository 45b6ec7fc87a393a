import { runKey, windowKey } from './ledger-keys';
import { expiry, instantOf, LedgerServices, Window } from './ledger-services';
import { textOf } from './ledger-table';
import { lockLost, rateOf } from './record-progress';
import { ReleaseWindowEvent } from '../../contracts/run-ledger';

/**
 * Gives the window of a run back that processed everything.
 *
 * @throws LedgerError `LockLost`
 */
export async function releaseWindow({ run, window, totals }: ReleaseWindowEvent, services: LedgerServices): Promise<void> {
  const { config, table, now } = services;
  const at = instantOf(now());
  await giveBack(run, window, at, services);
  const key = runKey(config.prefix, run);
  const started = Date.parse(textOf(await table.get(key), 'startedAt') ?? '');
  await table.change({
    key,
    set: {
      items: totals.items,
      ...totals.failed !== undefined && { failed: totals.failed },
      pages: totals.pages,
      segments: totals.segments,
      ...rateOf(totals.items, now() - started),
      status: 'SUCCEEDED',
      endedAt: at,
      updatedAt: at,
      expiresAt: expiry(services),
    },
    remove: ['eta'],
    // A retry does not end it once more.
    condition: 'attribute_not_exists(#endedAt)',
  });
}

async function giveBack(run: string, window: string, at: string, { config, table }: LedgerServices): Promise<void> {
  const key = windowKey(config.prefix, window);
  const given = await table.change({
    key,
    set: { [Window.STATUS]: 'SUCCEEDED', [Window.LAST_RUN]: run, [Window.LAST_SUCCESS]: at },
    raise: [Window.VERSION],
    remove: [Window.OWNER],
    condition: `#${Window.OWNER} = :run`,
    values: { run },
  });
  if (given) return;
  const item = await table.get(key);
  // A retry: it was given back, and perhaps taken by another run since.
  if (textOf(item, Window.LAST_RUN) !== run) throw lockLost(item);
}
