import { runKey } from './ledger-keys';
import { LedgerServices, Run } from './ledger-services';
import { Item, textOf } from './ledger-table';
import { TakeWindowEvent } from '../../contracts/run-ledger';

/**
 * Empties what an older run of the same ARN left: an execution may have the name of one that ended more than 90 days ago, and items may be kept for longer, or be deleted
 * late. The item of the run is the last, so that a retry finds out again if it was not done with the others.
 */
export async function forgetNamesake({ run, startTime }: TakeWindowEvent, services: LedgerServices): Promise<void> {
  const { config, table } = services;
  const key = runKey(config.prefix, run);
  const written = textOf(await table.get(key), Run.START_TIME);
  if (written === undefined || written === startTime) return;
  const items = await table.list(key.pk, '');
  const isRun = (item: Item) => textOf(item, 'sk') === key.sk;
  for (const item of [...items.filter((each) => !isRun(each)), ...items.filter(isRun)]) await empty(item, services);
}

/** Without a right to delete items, which nothing else needs: the table does it, as of all items of runs. */
async function empty(item: Item, { table, now }: LedgerServices): Promise<void> {
  const [pk, sk] = [textOf(item, 'pk') ?? '', textOf(item, 'sk') ?? ''];
  const remove = Object.keys(item).filter((name) => !['pk', 'sk', Run.EXPIRES].includes(name));
  await table.change({ key: { pk, sk }, set: { [Run.EXPIRES]: Math.floor(now() / 1_000) }, remove });
}
