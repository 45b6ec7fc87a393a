import { Watermark } from './since-watermark';
import { TAKE_OVER_SECONDS, WINDOW_SORT_KEY } from '../../contracts/run-ledger';
import { DescribeExecution } from '../../run-ledger/function/executions';
import { Window } from '../../run-ledger/function/ledger-services';
import { LedgerTable, textOf } from '../../run-ledger/function/ledger-table';

/** Where the watermark of a schedule is, and in whose hands its window. */
export interface WatermarkPlace {
  readonly table: Pick<LedgerTable, 'get'>;
  /** Partition key of the item. */
  readonly key: string;
  readonly describe: DescribeExecution;
}

/** Looks at the ledger. A run that has ended keeps its window for a while, so that it can be redriven: another one would only wait for that. */
export async function readWatermark({ table, key, describe }: WatermarkPlace, now: number): Promise<Watermark> {
  const item = await table.get({ pk: key, sk: WINDOW_SORT_KEY });
  const owner = textOf(item, Window.OWNER);
  const at = textOf(item, Window.WATERMARK);
  if (owner === undefined) return { at, underway: undefined };
  const execution = await describe(owner);
  const goesOn = execution.running || execution.endedAt + TAKE_OVER_SECONDS * 1_000 > now;
  return { at, underway: goesOn ? owner : undefined };
}
