import { planKey, rangeKey, runKey } from './ledger-keys';
import { expiry, instantOf, LedgerServices, Run } from './ledger-services';
import { FinishRangeEvent, PlanRunEvent, RangeStart } from '../../contracts/run-ledger';

/** Where a run begins. */
export interface RunStart {
  readonly root: string;
  readonly ranges: readonly RangeStart[];
}

/** Writes which ranges a run has: whoever goes on with it must not forget those that had not begun. */
export async function planRun({ run, root, ranges }: PlanRunEvent, services: LedgerServices): Promise<void> {
  const { config, table } = services;
  await writePlan(run, { root, ranges }, services);
  await table.change({ key: runKey(config.prefix, run), set: { [Run.RANGES]: ranges.length } });
}

export async function writePlan(run: string, { root, ranges }: RunStart, services: LedgerServices): Promise<void> {
  const { config, table } = services;
  const starts = ranges.map(({ number, cursor }) => ({ number, cursor }));
  await table.change({ key: planKey(config.prefix, run), set: { root, ranges: JSON.stringify(starts), expiresAt: expiry(services) } });
}

/** Nothing is left in a range, so that nobody begins with it again. */
export async function finishRange({ run, range, totals }: FinishRangeEvent, services: LedgerServices): Promise<void> {
  const { config, table, now } = services;
  const { failed, ...counts } = totals;
  const at = instantOf(now());
  await table.change({
    key: rangeKey(config.prefix, run, range),
    set: { ...counts, ...failed !== undefined && { failed }, finishedAt: at, updatedAt: at, expiresAt: expiry(services) },
  });
}
