/** Every kind of workflow, deployed once: to deploy one takes longer than to run it. */
import { PARAMETERS } from './jobs';
import { JsonObject, JsonValue } from '../../../local/json';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { EtlRig } from '../../support/etl-rig';
import { everyStack } from '../../support/etl-stack';
import { MongoReader, ReadOptions } from '../../support/mongo-reader';

/** More than any collection here has. */
export const BATCH_SIZE = 24;

const PAGES_PER_SEGMENT = [1, 3];

const restarts = Object.fromEntries(PAGES_PER_SEGMENT.flatMap((count) => [
  [`supervised/${count}`, RunContinuation.supervised({ pagesPerSegment: count })],
  [`selfRestart/${count}`, RunContinuation.selfRestart({ pagesPerSegment: count })],
]));
const stacks = new Map(everyStack(restarts, { batchSize: BATCH_SIZE, parameters: PARAMETERS }));
const rules = Object.fromEntries(Object.entries(PARAMETERS).map(([name, { rule }]) => [name, rule]));

export const WORKFLOWS: readonly string[] = [...stacks.keys()];

export class Workflows {
  private readonly rigs = new Map<string, Promise<EtlRig>>();

  async rig(workflow: string): Promise<EtlRig> {
    const rig = this.rigs.get(workflow) ?? EtlRig.deploy({ ...stacks.get(workflow) });
    this.rigs.set(workflow, rig);
    return rig;
  }
}

/** A source that reads with the parameters of these workflows. */
export function sourceOf(reader: MongoReader, options: Pick<ReadOptions, 'source' | 'pageBytes'>): (event: JsonObject) => Promise<JsonValue> {
  // A collection without documents is often one that nobody made.
  return reader.source({ ...options, source: { ifMissing: 'empty', ...options.source }, rules, maxBatchSize: BATCH_SIZE });
}

export function pagesPerSegment(workflow: string): number {
  const found = PAGES_PER_SEGMENT.find((count) => workflow.includes(`/${count},`));
  if (found === undefined) throw new Error(`there is no workflow ${workflow}`);
  return found;
}
