import { measured, Measured } from './measured';
import { amount, count, hours, printTable } from './print';
import { simulationOf, Subject } from './subject';
import { VirtualClock } from '../../local/clock';
import { JsonObject, JsonValue } from '../../local/json';
import { parseDefinition } from '../../local/stepfunctions/definition/validate';
import { Execution } from '../../local/stepfunctions/interpreter/execution';
import { RunAssumptions, readingMilliseconds } from '../../projenrc/tools/tables/etl-assumptions';
import { added, billOf, inAll, multiplied, NO_USAGE, Usage } from '../../projenrc/tools/tables/etl-usage';
import { Partitions } from '../../src';
import { synthEtl } from '../../test/support/etl-stack';
import { Replay } from '../../test/support/simulation/replay';

/** Of a hundred million documents of 1 KB, with 16 workers. */
export const GOALS_OF_WORKERS = { workers: 16, hours: 2, perBatch: 10, perItem: 170 } as const;

const WORKERS = [4, GOALS_OF_WORKERS.workers];

export interface DividedRun {
  readonly name: string;
  readonly workers: number;
  readonly ranges: number;
  readonly milliseconds: number;
  readonly usage: Usage;
  readonly events: number;
}

/**
 * A run that is divided evenly. One of its ranges is simulated like any run, and the machine of the run is run with ranges that each take as long as that one and use as
 * much: workers share nothing but the history, and the quotas that the assumptions are within.
 */
export async function dividedRun(subject: Subject, documents: number, workers: number, assumed: RunAssumptions): Promise<DividedRun> {
  const partitions = Partitions.ofObjectIds({ workers });
  const { machines } = synthEtl({ ...simulationOf(subject, documents, assumed), partitions });
  const rangesOf = partitions._binding.bind({ sort: ['_id'], collated: false })?.ranges ?? 1;
  const range = await measured(subject.name, simulationOf(subject, Math.ceil(documents / rangesOf), assumed, new Replay({ pages: 2, segments: 2 })));
  const clock = new VirtualClock(0);
  const ends = new Ends(range, rangesOf, clock, readingMilliseconds(assumed, 0, 0));
  const execution = new Execution({
    definition: parseDefinition(JSON.stringify(machines.Workflow), () => true),
    clock,
    input: {},
    random: () => 0.5,
    task: async ({ stateName, input, submitted, token }) => {
      if (token !== undefined) submitted({});
      return ends.answer(stateName, objectOf(input));
    },
  });
  const { status } = await execution.run();
  if (status !== 'SUCCEEDED') throw new Error(`${subject.name} with ${workers} workers: ${status}`);
  const { events } = execution.history;
  const ownTransitions = events.filter(({ type }) => type.endsWith('StateEntered')).length;
  // Those of the run that the range was simulated with: its first two states and its last one, and two for each segment.
  const ofRuns = rangesOf * (3 + 2 * range.segments);
  const usage = added(multiplied(range.usage, rangesOf), { ...NO_USAGE, transitions: ownTransitions - ofRuns, readerCalls: 1 });
  return { name: subject.name, workers, ranges: rangesOf, milliseconds: clock.now(), usage, events: events.length };
}

/** As AWS bills them: each start by a Map Run is one, too. */
function transitionsOf({ transitions, childStarts }: Usage): number {
  return transitions + childStarts;
}

/** Answers of segments that take as long as those of a range do on average. */
class Ends {
  constructor(
    private readonly range: Measured,
    private readonly ranges: number,
    private readonly clock: VirtualClock,
    private readonly planMilliseconds: number,
  ) {}

  async answer(state: string, { Input }: JsonObject): Promise<JsonValue> {
    if (state === 'Plan Ranges') {
      await this.clock.sleep(this.planMilliseconds);
      const counts = { pages: 0, items: 0, failed: 0, segments: 0 };
      return { Payload: { ranges: Array.from({ length: this.ranges }, (_, number) => ({ number, cursor: `${number}`, ...counts })) } };
    }
    const { segments: all, virtualMilliseconds, documents, pages } = this.range;
    await this.clock.sleep(virtualMilliseconds / all);
    const input = objectOf(Input);
    const before = objectOf(input.progress);
    const segments = Number(before.segments) + 1;
    const share = (sum: number) => Math.round((sum * segments) / all);
    const progress = { ...before, pages: share(pages), items: share(documents), segments };
    return { Input: input, Output: { progress, done: segments === all, failure: null } };
  }
}

function objectOf(value: JsonValue | undefined): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no object');
  return Object.fromEntries(Object.entries(value));
}

/** By workers, against the same run without partitions, and with other assumptions. */
export async function printWorkers(
  subjects: readonly Subject[], undivided: readonly Measured[], documents: number, assumed: RunAssumptions,
): Promise<void> {
  const rows: string[][] = [];
  for (const subject of subjects) {
    const one = undivided.filter(({ name, documents: all }) => name === subject.name && all === documents)[0];
    const bill = amount(inAll(billOf(one.usage, assumed)));
    rows.push([subject.name, 'none', '1', hours(one.virtualMilliseconds), '1.00', '1.00', count(one.fullestHistory), bill]);
    for (const workers of WORKERS) {
      const run = await dividedRun(subject, documents, workers, assumed);
      rows.push([
        subject.name, `${workers}`, `${run.ranges}`, hours(run.milliseconds), ((run.milliseconds * workers) / one.virtualMilliseconds).toFixed(2),
        (transitionsOf(run.usage) / transitionsOf(one.usage)).toFixed(3), count(run.events), amount(inAll(billOf(run.usage, assumed))),
      ]);
    }
  }
  printTable(
    `${count(documents)} documents by workers ("of 1 / k": hours times workers, and transitions, of those without partitions)`,
    ['', 'workers', 'ranges', 'hours', 'of 1 / k', 'transitions', 'events of the run', '$, all told'], rows,
  );
}

/** What is to be reached with pages in S3, and with other assumptions. */
export async function printGoalsOfWorkers(subjects: readonly Subject[], documents: number, assumed: RunAssumptions): Promise<void> {
  const { workers } = GOALS_OF_WORKERS;
  const { itemMilliseconds: item, batchMilliseconds: batch } = assumed;
  const variants: readonly (readonly [string, Partial<RunAssumptions>])[] = [
    ['as assumed', {}],
    ['Map Run begins after 1 s', { mapRunMilliseconds: 1_000 }],
    ['Map Run begins after 7 s', { mapRunMilliseconds: 7_000 }],
    ['processor 5 times as fast', { itemMilliseconds: item / 5, batchMilliseconds: batch / 5 }],
    ['processor 5 times as slow', { itemMilliseconds: item * 5, batchMilliseconds: batch * 5 }],
  ];
  const found = (processor: string) => subjects.filter((each) => each.transport === 's3' && each.processor === processor)[0];
  const rows: string[][] = [];
  const assumedRuns: DividedRun[] = [];
  for (const [name, changes] of variants) {
    const cells: string[] = [];
    for (const subject of [found('perBatch'), found('perItem')]) {
      const with_ = { ...assumed, ...changes };
      const run = await dividedRun(subject, documents, workers, with_);
      if (name === 'as assumed') assumedRuns.push(run);
      cells.push(hours(run.milliseconds), amount(inAll(billOf(run.usage, with_))));
    }
    rows.push([name, ...cells]);
  }
  printTable(`${count(documents)} documents by reference, ${workers} workers, with other assumptions`, ['', 'perBatch: hours', '$', 'perItem: hours', '$'], rows);
  const [perBatch, perItem] = assumedRuns;
  const verdict = (value: number, goal: number) => (value <= goal ? 'reached' : 'missed');
  const batchHours = perBatch.milliseconds / 3_600_000;
  const [batchDollars, itemDollars] = [perBatch, perItem].map(({ usage }) => inAll(billOf(usage, assumed)));
  console.log(`\ngoals, for ${count(documents)} documents of 1 KB with ${workers} workers, by reference`);
  console.log(`perBatch, at most ${GOALS_OF_WORKERS.hours} hours: ${verdict(batchHours, GOALS_OF_WORKERS.hours)}, ${batchHours.toFixed(2)}`);
  console.log(`perBatch, at most $${GOALS_OF_WORKERS.perBatch} all told: ${verdict(batchDollars, GOALS_OF_WORKERS.perBatch)}, $${amount(batchDollars)}`);
  console.log(`perItem, at most $${GOALS_OF_WORKERS.perItem} all told: ${verdict(itemDollars, GOALS_OF_WORKERS.perItem)}, $${amount(itemDollars)}`);
}
