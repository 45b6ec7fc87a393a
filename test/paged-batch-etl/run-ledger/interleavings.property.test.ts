/** Three runs of one window that are started, stopped, timed out, redriven and resumed at any moment, while the function that keeps the ledger dies at any of its writes. */
import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { Partitions, RunContinuation, RunLedger, WhenLocked } from '../../../src';
import { closeLedgers, EtlRig } from '../../support/etl-rig';
import { EtlStackOptions } from '../../support/etl-stack';
import { fcRuns, fcTimeout } from '../../support/fc-runs';
import { runOf, Together } from '../../support/runs-together';

afterAll(closeLedgers);

const ITEMS = 16;

const plain: EtlStackOptions = {
  batchSize: 2,
  parameters: { day: { rule: { type: 'date' } } },
  ledger: RunLedger.table({ whenLocked: WhenLocked.WAIT, waitAtMost: Duration.hours(24), takeOverAfter: Duration.minutes(5) }),
};
const stacks = { plain, divided: { ...plain, partitions: Partitions.ofObjectIds({ workers: 2, slices: 1 }) } };

interface Life {
  /** Seconds. */
  readonly startAt: number;
  /** Stopped when this many events of it and its segments were seen. */
  readonly stopAfter: number | null;
  /** Seconds after which it times out. */
  readonly timesOutAfter: number | null;
  /** Seconds from its end to its redrive, or to a run that goes on with it. */
  readonly redriveAfter: number | null;
  readonly isResumed: boolean;
}

interface Death {
  readonly write: number;
  readonly when: 'before' | 'after';
}

const life: fc.Arbitrary<Life> = fc.record({
  startAt: fc.integer({ min: 0, max: 500 }),
  stopAfter: fc.option(fc.integer({ min: 1, max: 60 })),
  timesOutAfter: fc.option(fc.integer({ min: 1, max: 400 })),
  redriveAfter: fc.option(fc.integer({ min: 0, max: 900 })),
  isResumed: fc.boolean(),
});
const deaths = fc.uniqueArray(fc.record<Death>({ write: fc.integer({ min: 1, max: 40 }), when: fc.constantFrom('before', 'after') }), { maxLength: 4, selector: ({ write }) => write });

async function live(rig: EtlRig, lives: readonly Life[], dying: readonly Death[]): Promise<void> {
  const together = new Together();
  const started: string[] = [];
  const seen = new Map<string, number>();
  const stopped = new Set<string>();
  let [writes, isDying] = [0, true];
  rig.again({
    onEvent: (observed) => {
      together.see(observed, rig);
      const run = runOf(rig, observed.executionArn);
      seen.set(run, (seen.get(run) ?? 0) + 1);
      const stopAfter = lives[started.indexOf(run)]?.stopAfter ?? null;
      if (stopAfter === null || stopped.has(run) || (seen.get(run) ?? 0) < stopAfter) return;
      stopped.add(run);
      void rig.stop(run);
    },
    ledgerTable: (table) => ({
      ...table,
      change: async (change) => {
        writes++;
        const death = dying.find(({ write }) => isDying && write === writes);
        if (death?.when === 'before') throw new Error('died before its write');
        const answer = await table.change(change);
        if (death !== undefined) throw new Error('died after its write');
        return answer;
      },
    }),
  });
  const input = { day: '2026-11-24' };
  await Promise.all(lives.map(async ({ startAt, timesOutAfter, redriveAfter, isResumed }, index) => {
    await rig.clock.sleep(startAt * 1_000);
    const run = await rig.startLimited(input, timesOutAfter);
    started[index] = run;
    const { status } = await rig.ended(run);
    if (status === 'SUCCEEDED' || redriveAfter === null) return;
    await rig.clock.sleep(redriveAfter * 1_000);
    if (isResumed) await rig.run({ resume: run });
    else await rig.redrive(run);
  }));
  isDying = false;
  // Whatever they left behind: the next run processes everything.
  const last = await rig.startLimited(input, null);
  expect(await rig.ended(last)).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS } });
  expect(together.clashes).toEqual([]);
  const ofLast = rig.handledItems.filter(({ idempotencyKey }) => idempotencyKey.startsWith(last));
  const all = Array.from({ length: ITEMS }, (_, number) => number);
  expect(ofLast.map(({ itemIdentifier }) => Number(itemIdentifier)).sort((a, b) => a - b)).toEqual(all);
}

describe.each(Object.entries(stacks))('%s', (_name, stack) => {
  // A segment whose run was stopped may go on for a while: without the right to stop it, to its end, and that is later than its run's window could be taken over.
  test.each([
    ['', 20, 2, []],
    ['; segments outlive their runs', 50, 8, ['states:StopExecution']],
  ])('never two at once, and the next run goes on%s', async (_trouble, seconds, pagesPerSegment, denied) => {
    const continuation = RunContinuation.supervised({ pagesPerSegment, outageTolerance: Duration.seconds(0) });
    const rig = await EtlRig.deploy({ ...stack, continuation, items: ITEMS, seconds, denied });
    await fc.assert(fc.asyncProperty(fc.tuple(life, life, life), deaths, async (lives, dying) => live(rig, lives, dying)), { numRuns: fcRuns(20) });
  }, fcTimeout(20));
});
