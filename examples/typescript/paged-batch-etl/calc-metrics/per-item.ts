import { Item, ItemInS3, Run } from './jobs';
import { calculateMetrics } from './metrics';
import { wholeItem } from './whole-item';

type SingleItem = (Item | ItemInS3) & { readonly run: Run };

/** Calculates the metrics of one job. */
export async function handler({ run, ...given }: SingleItem): Promise<void> {
  const [failed] = await calculateMetrics([await wholeItem(given)], run);
  if (failed !== undefined) throw new Error(`The threshold or an airport of job ${failed.itemIdentifier} is unknown`);
}
