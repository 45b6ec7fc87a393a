import { printGoals } from './etl/goals';
import { Measured, measured } from './etl/measured';
import { count } from './etl/print';
import { printSensitivity } from './etl/sensitivity';
import { KINDS, simulationOf, Subject, subjectOf } from './etl/subject';
import { printDollars, printServices, printWorkflow } from './etl/tables';
import { printGoalsOfWorkers, printWorkers } from './etl/workers';
import { ASSUMED, readingMilliseconds, RunAssumptions } from '../projenrc/tools/tables/etl-assumptions';
import { estimateRun } from '../projenrc/tools/tables/etl-estimate';
import { processors } from '../test/support/etl-stack';
import { Replay } from '../test/support/simulation/replay';

const SIZES = [1_000_000, 10_000_000, 100_000_000] as const;

/** Enough to see that all are alike. */
const RUN_IN_FULL = { pages: 2, segments: 2 };

/** By how much an estimate may differ from what was simulated. */
const TOLERANCE = 0.01;

/**
 * Runs of the synthesised machines over documents that are only counted, beside the published design over some of them: a Map over pages of twenty, whose
 * costs grow with the documents and nothing else.
 */
export async function benchEtl(): Promise<void> {
  printAssumptions(ASSUMED);
  const subjects = KINDS.map(subjectOf);
  const runs = [await measured('published: perItem of 20', {
    items: 10_000,
    processor: processors.perItem,
    batchSize: 20,
    readMilliseconds: (documents) => readingMilliseconds(ASSUMED, documents, 0),
    processMilliseconds: () => ASSUMED.itemMilliseconds,
  })];
  for (const subject of subjects) {
    const replay = new Replay(RUN_IN_FULL);
    for (const documents of SIZES) {
      const run = await measured(subject.name, simulationOf(subject, documents, ASSUMED, replay));
      assertEstimated(subject, run);
      runs.push(run);
    }
  }
  printWorkflow(runs);
  printServices(runs, ASSUMED);
  printDollars(runs, ASSUMED);
  await printSensitivity(subjects.filter(({ processor }) => processor !== 'stateMachine'), SIZES[1], ASSUMED);
  const divided = subjects.filter(({ processor }) => processor !== 'stateMachine');
  // More pages of that size have no room in the history of one run.
  await printWorkers(divided.filter(({ transport }) => transport === 'inline'), runs, SIZES[1], ASSUMED);
  await printWorkers(divided.filter(({ transport }) => transport === 's3'), runs, SIZES[2], ASSUMED);
  await printGoalsOfWorkers(divided, SIZES[2], ASSUMED);
  const find = (name: string) => runs.filter((each) => each.name === name && each.documents === SIZES[1])[0];
  const [perItemInline, perItemByReference, perBatchByReference] = [find('inline perItem'), find('s3 perItem'), find('s3 perBatch')];
  printGoals({ perItemInline, perItemByReference, perBatchByReference }, ASSUMED);
}

function printAssumptions(assumed: RunAssumptions): void {
  console.log([
    `assumed: the server answers after ${assumed.queryMilliseconds} ms, and the reader gets through ${count(assumed.documentsPerSecond)} documents a second (${count(assumed.readerMemory)} MiB);`,
    `a call of the processor takes ${assumed.itemMilliseconds} ms for an item and ${assumed.batchMilliseconds} ms for a batch or page (${assumed.processorMemory} MiB), ${assumed.concurrency} at once;`,
    `a request to S3 takes ${assumed.requestMilliseconds} ms; a Map Run begins after ${assumed.mapRunMilliseconds / 1_000} s, and starts ${count(assumed.expressStarts)} EXPRESS or ${assumed.standardStarts} STANDARD executions a second;`,
    `pages are kept in S3 for ${assumed.storedDays} days. A machine of the user has one state, which calls the processor.`,
    `Of every kind, ${RUN_IN_FULL.pages} full pages and ${RUN_IN_FULL.segments} full segments are run with all that is in them, and the last ones; the others use what these used, which was the same for each.`,
  ].join('\n'));
}

/** The tables in the docs are estimates: they must be what is simulated here. */
function assertEstimated(subject: Subject, { documents, usage, virtualMilliseconds }: Measured): void {
  const estimate = estimateRun(subject, subject.shape, documents, ASSUMED);
  const pairs: readonly (readonly [string, number, number])[] = [
    ['transitions', estimate.usage.transitions, usage.transitions],
    ['Map Run starts', estimate.usage.childStarts, usage.childStarts],
    ['Express GB-s', estimate.usage.expressGigabyteSeconds, usage.expressGigabyteSeconds],
    ['processor calls', estimate.usage.processorCalls, usage.processorCalls],
    ['milliseconds', estimate.milliseconds, virtualMilliseconds],
  ];
  for (const [what, estimated, simulated] of pairs) {
    if (Math.abs(estimated - simulated) > TOLERANCE * simulated) throw new Error(`${subject.name}: ${what} are ${simulated}, and were estimated as ${estimated}`);
  }
}
