import { Item, Run } from './jobs';
import { calculateMetrics } from './metrics';

interface SingleItem extends Item {
  readonly run: Run;
}

/** Calculates the metrics of one job. */
export async function handler({ run, ...item }: SingleItem): Promise<void> {
  const [failed] = await calculateMetrics([item], run);
  if (failed !== undefined) throw new Error(`The threshold or an airport of job ${failed.itemIdentifier} is unknown`);
}
