import { airports } from './airports';
import { analytics } from './database';
import { Item, Job, Run } from './jobs';

/** A document of the collection `metrics`. */
interface Metric {
  readonly _id: string;
  readonly run: string;
  /** Identifier of the document that it was calculated of. */
  readonly job: string;
  /** State of the airport that the flight left. */
  readonly state: string;
  readonly late: boolean;
  /** Minutes of delay beyond what its airport tolerates. */
  readonly minutesLate: number;
  /** Whether the flight leads to another state. */
  readonly interstate: boolean;
}

/** A document of the collection `thresholds`: how many minutes of delay an airport tolerates. */
interface Threshold {
  readonly _id: string;
  readonly minutes: number;
}

/** Writes the metrics of the items, and answers those whose metrics cannot be calculated. */
export async function calculateMetrics(items: readonly Item[], run: Run): Promise<Item[]> {
  const database = await analytics();
  const origins = [...new Set(items.map(({ item }) => item.origin))];
  const thresholds = await database.collection<Threshold>('thresholds').find({ _id: { $in: origins } }).toArray();
  const minutesAt = new Map(thresholds.map(({ _id, minutes }) => [_id, minutes]));
  const stateOf = await airports();

  const failed: Item[] = [];
  const metrics: Metric[] = [];
  for (const item of items) {
    const facts = factsOf(item.item, minutesAt, stateOf);
    if (facts === undefined) failed.push(item);
    else metrics.push({ _id: item.idempotencyKey, run: run.id, job: item.itemIdentifier, ...facts });
  }
  if (metrics.length > 0) {
    // A page can be processed more than once: then its metrics are written over, not beside, those of before.
    const writes = metrics.map(({ _id, ...metric }) => ({ replaceOne: { filter: { _id }, replacement: metric, upsert: true } }));
    await database.collection<Metric>('metrics').bulkWrite(writes, { ordered: false });
  }
  return failed;
}

/** Undefined when the threshold or an airport of the flight is unknown. */
function factsOf(
  { origin, destination, delay }: Job, minutesAt: ReadonlyMap<string, number>, stateOf: ReadonlyMap<string, string>,
): Omit<Metric, '_id' | 'run' | 'job'> | undefined {
  const threshold = minutesAt.get(origin);
  const state = stateOf.get(origin);
  const destinationState = stateOf.get(destination);
  if (threshold === undefined || state === undefined || destinationState === undefined) return undefined;
  return { state, late: delay > threshold, minutesLate: Math.max(0, delay - threshold), interstate: state !== destinationState };
}
