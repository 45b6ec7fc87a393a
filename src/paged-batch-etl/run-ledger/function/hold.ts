import { RANGES, runKey } from './ledger-keys';
import { LedgerServices, Window } from './ledger-services';
import { Item, textOf } from './ledger-table';
import { readSegments } from './segments';

/** Why a window cannot be taken over; with `seconds` if it can be after so long. */
export interface Hold {
  readonly seconds?: number;
}

/**
 * Whether the owner of a window may still process it. Step Functions may answer what was true a moment ago: that an execution is not there which has just been started, or has
 * failed which has just been redriven. So what the owner and its segments wrote counts as a sign of life, too.
 */
export async function holdOf(owner: string, window: Item | undefined, { config, table, describe, now }: LedgerServices): Promise<Hold | undefined> {
  const execution = await describe(owner);
  if (execution.running) return {};
  const ranges = await table.list(runKey(config.prefix, owner).pk, RANGES);
  // A run that was stopped may leave segments behind that go on.
  for (const range of ranges) {
    for (const segment of readSegments(range)) if ((await describe(segment)).running) return {};
  }
  const written = [textOf(window, Window.SINCE), ...ranges.map((range) => textOf(range, 'updatedAt'))].map((at) => (at === undefined ? 0 : Date.parse(at)));
  const left = Math.ceil((Math.max(execution.endedAt, ...written) - now()) / 1_000) + config.takeOverSeconds;
  return left > 0 ? { seconds: left } : undefined;
}
