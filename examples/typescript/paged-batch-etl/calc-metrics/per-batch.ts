import { Item, Run } from './jobs';
import { calculateMetrics } from './metrics';

interface Batch {
  readonly items: readonly Item[];
  readonly run: Run;
}

interface BatchAnswer {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** Calculates the metrics of a page of jobs; what fails is named, the rest of the page is done. */
export async function handler({ items, run }: Batch): Promise<BatchAnswer> {
  const failed = await calculateMetrics(items, run);
  return { batchItemFailures: failed.map(({ itemIdentifier }) => ({ itemIdentifier })) };
}
