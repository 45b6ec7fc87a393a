/** A schedule that goes by a watermark, whose runs fail, are stopped and redriven, beside runs that somebody starts, while the functions die at any of their writes. */
import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { JsonObject, JsonValue, memberOf } from '../../../local/json';
import { RunContinuation, RunLedger } from '../../../src';
import { SinceWatermarkConfig } from '../../../src/paged-batch-etl/contracts/plan-run';
import { windowOfSchedule, windowPartition } from '../../../src/paged-batch-etl/contracts/run-ledger';
import { textOf } from '../../../src/paged-batch-etl/run-ledger/function/ledger-table';
import { planRun } from '../../../src/paged-batch-etl/schedule/function/plan-run';
import { closeLedgers, EtlRig } from '../../support/etl-rig';
import { EtlStackOptions } from '../../support/etl-stack';
import { fcRuns, fcTimeout } from '../../support/fc-runs';
import { runOf, Together } from '../../support/runs-together';

afterAll(closeLedgers);

const TICK = 120;
const TICKS = 12;
const LAG = 60;
/** An item in each period of this many seconds. It can be read at its time at the earliest, and after the lag at the latest. */
const EVERY = 25;

const stack: EtlStackOptions = {
  batchSize: 2,
  parameters: { begin: { rule: { type: 'date' } }, end: { rule: { type: 'date' } } },
  ledger: RunLedger.table({ takeOverAfter: Duration.minutes(5) }),
  continuation: RunContinuation.supervised({ pagesPerSegment: 2, outageTolerance: Duration.seconds(0) }),
};

/** What happens to the run that a tick of the schedule starts, if it starts one. */
interface Tick {
  /** The number of events of it and its segments after which it is stopped. */
  readonly stopAfter: number | null;
  /** Seconds from its end, if that is not well, to its redrive or to a run that goes on with it. */
  readonly redriveAfter: number | null;
  readonly isResumed: boolean;
  /** Whether its event is delivered once more, some seconds later. */
  readonly twiceAfter: number | null;
  /** Seconds that the event comes late. */
  readonly late: number;
}

const tick: fc.Arbitrary<Tick> = fc.record({
  stopAfter: fc.option(fc.integer({ min: 1, max: 60 })),
  redriveAfter: fc.option(fc.integer({ min: 0, max: 900 })),
  isResumed: fc.boolean(),
  twiceAfter: fc.option(fc.integer({ min: 0, max: 200 })),
  late: fc.constantFrom(0, 0, 0, 5, 150),
});

interface Trouble {
  readonly ticks: readonly Tick[];
  /** Calls of the handler that fail. */
  readonly failing: readonly number[];
  /** Writes at which the function that keeps the ledger dies. */
  readonly deaths: readonly number[];
  /** A run that somebody starts, over a time of their choice. */
  readonly byHand: readonly { readonly at: number; readonly begin: number; readonly end: number }[];
}

const trouble: fc.Arbitrary<Trouble> = fc.record({
  ticks: fc.array(tick, { minLength: TICKS, maxLength: TICKS }),
  failing: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
  deaths: fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 4 }),
  byHand: fc.array(fc.record({
    at: fc.integer({ min: 0, max: 1_000 }), begin: fc.integer({ min: 0, max: 600 }), end: fc.integer({ min: 601, max: 3_000 }),
  }), { maxLength: 1 }),
});

const instant = (milliseconds: number) => new Date(milliseconds).toISOString().replace('.000Z', 'Z');

/** Reads items by their times, as far as they can be read now: those of odd numbers only after the lag. */
function sourceOf(rig: () => EtlRig, start: () => number) {
  return async (event: JsonObject): Promise<JsonValue> => {
    const [begin, end] = ['begin', 'end'].map((name) => Date.parse(String(memberOf(event.parameters, name))));
    const from = event.cursor === null ? 0 : Number(event.cursor);
    const now = rig().clock.now();
    const all = Array.from({ length: Math.ceil((TICK * TICKS * 4) / EVERY) }, (_, number) => number);
    const found = all.filter((number) => {
      const time = start() + number * EVERY * 1_000;
      return number >= from && time >= begin && time < end && now >= time + (number % 2) * (LAG - 1) * 1_000;
    });
    if (found.length === 0) throw Object.assign(new Error(), { name: 'NoItemsLeft' });
    const page = found.slice(0, Number(event.batchSize));
    const items = page.map((number) => ({ itemIdentifier: `${number}`, idempotencyKey: `${String(memberOf(event.run, 'id'))}/${number}`, item: { number } }));
    return { items, cursor: `${(page.at(-1) ?? 0) + 1}`, done: page.length === found.length };
  };
}

interface Example {
  readonly source: (event: JsonObject) => Promise<JsonValue>;
  readonly start: number;
  /** Each example has a schedule of its own. */
  readonly schedule: string;
}

async function live(rig: EtlRig, { source, start, schedule }: Example, { ticks, failing, deaths, byHand }: Trouble): Promise<void> {
  const together = new Together();
  const scheduled = new Set<string>();
  const [seen, limits] = [new Map<string, number>(), new Map<string, number>()];
  const watermarks: number[] = [];
  const ofSchedule = () => rig.handledItems.filter(({ idempotencyKey }) => [...scheduled].some((run) => idempotencyKey.startsWith(`${run}/`)));
  const key = windowPartition(rig.ledgerOf().config.prefix, windowOfSchedule(schedule));
  let [writes, calls, isTrouble] = [0, 0, true];
  /** Whether what the watermark says is true: all before it is processed, and it never goes back. */
  const checkWatermark = async () => {
    const at = textOf(await rig.ledgerOf().table.get({ pk: key, sk: 'WINDOW' }), 'watermark');
    if (at === undefined) return;
    const [moment, before] = [Date.parse(at), watermarks.at(-1) ?? 0];
    expect(moment).toBeGreaterThanOrEqual(before);
    watermarks.push(moment);
    const done = new Set(ofSchedule().map(({ item }) => Number(memberOf(item, 'number'))));
    for (let number = 0; start + number * EVERY * 1_000 < moment; number++) expect(done.has(number)).toBe(true);
  };
  rig.again({
    source,
    fail: (name) => (name === 'handler' && isTrouble && failing.includes(++calls) ? { errorType: 'Broken' } : undefined),
    onEvent: (observed) => {
      const run = runOf(rig, observed.executionArn);
      if (!scheduled.has(run)) return;
      together.see(observed, rig);
      seen.set(run, (seen.get(run) ?? 0) + 1);
      const limit = limits.get(run);
      if (limit === undefined || (seen.get(run) ?? 0) < limit) return;
      limits.delete(run);
      void rig.stop(run);
    },
    ledgerTable: (table) => ({
      ...table,
      change: async (change) => {
        const dies = isTrouble && deaths.includes(++writes);
        const answer = await table.change(change);
        await checkWatermark();
        if (dies) throw new Error('died after its write');
        return answer;
      },
    }),
  });
  const window: SinceWatermarkConfig = { kind: 'sinceWatermark', begin: 'begin', end: 'end', lagSeconds: LAG, startAt: instant(start) };
  const { table, describe: look, now } = rig.ledgerOf();
  const arnOf = (name: string) => rig.machineArn('Workflow').replace(':stateMachine:', ':execution:').concat(`:${name}`);
  const plan = async (scheduledTime: string, limit: number | null) => rig.clock.hold(async () => planRun({ contract: 1, scheduledTime }, {
    config: { stateMachineArn: '', window, scheduleHash: schedule },
    log: () => {},
    now,
    startRun: async (name, input) => {
      const run = arnOf(name);
      scheduled.add(run);
      if (limit !== null && !seen.has(run)) limits.set(run, limit);
      return rig.startNamed(name, input);
    },
    watermark: { place: { table, prefix: rig.ledgerOf().config.prefix, describe: look, takeOverSeconds: rig.ledgerOf().config.takeOverSeconds }, functionName: 'planner', emit: () => {} },
  }));
  const due = async ({ stopAfter, redriveAfter, isResumed, twiceAfter, late }: Tick, index: number) => {
    await rig.clock.sleep(((index + 1) * TICK + late) * 1_000);
    const scheduledTime = instant(start + (index + 1) * TICK * 1_000);
    const planned = await plan(scheduledTime, stopAfter);
    const again = async () => {
      if (twiceAfter === null) return;
      await rig.clock.sleep(twiceAfter * 1_000);
      await plan(scheduledTime, null);
    };
    const follow = async () => {
      if (!('executionName' in planned)) return;
      const run = arnOf(planned.executionName);
      if ((await rig.ended(run)).status === 'SUCCEEDED' || redriveAfter === null) return;
      await rig.clock.sleep(redriveAfter * 1_000);
      if (!isResumed) {
        await rig.redrive(run).catch(() => {});
        return;
      }
      const resuming = await rig.start({ resume: run });
      scheduled.add(resuming);
      await rig.ended(resuming);
    };
    await Promise.all([again(), follow()]);
  };
  await Promise.all([
    ...ticks.map(due),
    ...byHand.map(async ({ at, begin, end }) => {
      await rig.clock.sleep(at * 1_000);
      await rig.run({ begin: instant(start + begin * 1_000), end: instant(start + end * 1_000) });
    }),
  ]);
  isTrouble = false;
  // Whatever there was: two more ticks have everything. A run that nobody redrives keeps its window for five minutes.
  for (let time = 0; time < 2; time++) {
    await rig.clock.sleep(600_000);
    const planned = await plan(instant(now()), null);
    if ('executionName' in planned) expect(await rig.ended(arnOf(planned.executionName))).toMatchObject({ status: 'SUCCEEDED' });
  }
  expect(watermarks.at(-1)).toBeGreaterThan(start + TICK * TICKS * 1_000);
  expect(together.clashes).toEqual([]);
}

test('the watermark never goes back, nor past what no run of the schedule has processed, and no two of these are at once', async () => {
  let [start, number] = [0, 0];
  const rig: EtlRig = await EtlRig.deploy({ ...stack, seconds: 10 }, stack);
  const source = sourceOf(() => rig, () => start);
  await fc.assert(fc.asyncProperty(trouble, async (given) => {
    start = Math.ceil(rig.clock.now() / 1_000) * 1_000;
    await live(rig, { source, start, schedule: String(++number).padStart(20, '0') }, given);
  }), { numRuns: fcRuns(30) });
}, fcTimeout(30));
