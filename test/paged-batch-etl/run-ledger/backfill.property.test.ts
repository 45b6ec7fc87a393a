/** A backfill and two runs of its windows, started, stopped, redriven and resumed at any moment, while the function that keeps the ledger dies at any of its writes. */
import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { ObservedEvent } from '../../../local/stepfunctions/service';
import { Partitions, RunContinuation, RunLedger, WhenLocked } from '../../../src';
import { LedgerTable } from '../../../src/paged-batch-etl/run-ledger/function/ledger-table';
import { closeLedgers, EtlRig } from '../../support/etl-rig';
import { EtlStackOptions } from '../../support/etl-stack';
import { fcRuns, fcTimeout } from '../../support/fc-runs';
import { Together } from '../../support/runs-together';

afterAll(closeLedgers);

const ITEMS = 8;
const ALL = Array.from({ length: ITEMS }, (_, number) => number);
const DAYS = ['2025-01-01', '2025-01-02', '2025-01-03'].map((day) => `${day}T00:00:00Z`);
const WINDOWS = DAYS.slice(1).map((end, index) => ({ begin: DAYS[index], end }));

const plain: EtlStackOptions = {
  batchSize: 2,
  parameters: { begin: { rule: { type: 'date' } }, end: { rule: { type: 'date' } } },
  ledger: RunLedger.table({ whenLocked: WhenLocked.WAIT, waitAtMost: Duration.hours(2), takeOverAfter: Duration.minutes(5) }),
  continuation: RunContinuation.supervised({ pagesPerSegment: 2, outageTolerance: Duration.seconds(0) }),
  backfill: { begin: '2025-01-01', end: '2025-01-03', step: Duration.days(1), beginParameter: 'begin', endParameter: 'end', concurrency: 2 },
};
const stacks = { plain, divided: { ...plain, partitions: Partitions.ofObjectIds({ workers: 2, slices: 1 }) } };

/** All of it in seconds. */
interface Life {
  readonly startAt: number;
  readonly stopAfter: number | null;
  readonly againAfter: number;
}

const life: fc.Arbitrary<Life> = fc.record({
  startAt: fc.integer({ min: 0, max: 300 }), stopAfter: fc.option(fc.integer({ min: 0, max: 300 })), againAfter: fc.integer({ min: 0, max: 900 }),
});
const run = fc.record({ life, window: fc.constantFrom(...WINDOWS), isResumed: fc.boolean() });
const deaths = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 3 });

/** Starts something, stops it, and goes on with it. */
async function live(
  rig: EtlRig, { startAt, stopAfter, againAfter }: Life, start: () => Promise<string>, goOn: (arn: string) => Promise<unknown>,
): Promise<void> {
  await rig.clock.sleep(startAt * 1_000);
  const arn = await start();
  if (stopAfter !== null) {
    await rig.clock.sleep(stopAfter * 1_000);
    // It may have ended.
    await rig.stop(arn).catch(() => {});
  }
  const { status } = await rig.ended(arn);
  if (status === 'SUCCEEDED') return;
  await rig.clock.sleep(againAfter * 1_000);
  await goOn(arn);
}

/** Numbers of the items that were processed, by the run that their keys are of. */
function processedOf(rig: EtlRig, root: string): number[] {
  const ofRoot = rig.handledItems.filter(({ idempotencyKey }) => idempotencyKey.startsWith(`${root}/`));
  return [...new Set(ofRoot.map(({ itemIdentifier }) => Number(itemIdentifier)))].sort((a, b) => a - b);
}

/** The run of a backfill for a window. */
async function runOfBackfill(rig: EtlRig, begin: string): Promise<string> {
  const name = new RegExp(`:backfill-[0-9a-f]+-${begin.replace(/[:-]/g, '')}-`);
  const [found, ...others] = (await rig.executions('Workflow')).filter((arn) => name.test(arn));
  expect(others).toEqual([]);
  return found;
}

/** The function that keeps the ledger dies after some of its writes, until it is told to live. */
function dying(after: readonly number[]) {
  let [writes, isDying] = [0, true];
  const ledgerTable = (table: LedgerTable): LedgerTable => ({
    ...table,
    change: async (change) => {
      const answer = await table.change(change);
      if (isDying && after.includes(++writes)) throw new Error('died after its write');
      return answer;
    },
  });
  return { ledgerTable, live: () => { isDying = false; } };
}

describe.each(Object.entries(stacks))('%s', (_name, stack) => {
  test('never two runs of a window at once, and a backfill that is started again has a window done, or another run took it over', async () => {
    const ends = { done: 0, takenOver: 0 };
    await fc.assert(fc.asyncProperty(life, fc.tuple(run, run), deaths, async (ofBackfill, runs, died) => {
      // Names of runs are taken, so each has a cloud of its own.
      const together = new Together();
      const keeper = dying(died);
      const onEvent = (observed: ObservedEvent, seenIn: EtlRig) => together.see(observed, seenIn);
      const rig = await EtlRig.deploy({ ...stack, items: ITEMS, seconds: 20, onEvent, ledgerTable: keeper.ledgerTable }, stack);
      const backfill = async () => rig.start({}, 'BackfillYearWorkflow');
      await Promise.all([
        live(rig, ofBackfill, backfill, async () => rig.ended(await backfill())),
        ...runs.map(async ({ life: ofRun, window, isResumed }) => live(
          rig, ofRun, async () => rig.start({ ...window }), async (arn) => (isResumed ? rig.run({ resume: arn }) : rig.redrive(arn)),
        )),
      ]);
      keeper.live();
      // Once for what is broken, and once more for what was locked then.
      await rig.clock.sleep(600_000);
      await rig.ended(await backfill());
      const { status, error, cause = '[]' } = await rig.ended(await backfill());
      const failed: readonly { readonly begin: string }[] = JSON.parse(cause);
      expect([status, error]).toEqual(failed.length === 0 ? ['SUCCEEDED', undefined] : ['FAILED', 'WindowsFailed']);
      for (const { begin, end } of WINDOWS) {
        const ofWindow = await runOfBackfill(rig, begin);
        if (failed.some((window) => window.begin === begin)) {
          ends.takenOver++;
          expect((await rig.ended(ofWindow)).cause).toContain('LockLost');
          const other = await rig.start({ begin, end });
          expect((await rig.ended(other)).status).toBe('SUCCEEDED');
          expect(processedOf(rig, other)).toEqual(ALL);
        } else {
          ends.done++;
          expect((await rig.ended(ofWindow)).status).toBe('SUCCEEDED');
          expect(processedOf(rig, ofWindow)).toEqual(ALL);
        }
      }
      expect(together.clashes).toEqual([]);
    }), { numRuns: fcRuns(30) });
    expect(ends.done).toBeGreaterThan(0);
  }, fcTimeout(30));
});
