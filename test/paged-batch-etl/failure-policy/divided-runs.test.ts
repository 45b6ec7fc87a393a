/** Ranges of one run that each go past items that fail: letters and counts are those of the run. */
import * as fc from 'fast-check';
import { JsonObject, memberOf } from '../../../local/json';
import { PageTransport } from '../../../src/paged-batch-etl/page-transport/page-transport';
import { Partitions } from '../../../src/paged-batch-etl/partitions/partitions';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { closeStores, EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions, processors } from '../../support/etl-stack';
import { fcRuns, fcTimeout } from '../../support/fc-runs';

afterAll(closeStores);

const ITEMS = 100;
/** Of all items, every seventh fails. */
const FAILED = Array.from({ length: ITEMS }, (_, number) => number).filter((number) => number % 7 === 3);

const divided: EtlStackOptions = {
  batchSize: 4, partitions: Partitions.ofObjectIds({ workers: 3, slices: 2 }), continuation: RunContinuation.supervised({ pagesPerSegment: 3 }),
};
const stacks: Readonly<Record<string, EtlStackOptions>> = {
  'perBatch, inline': divided,
  'a state machine, inline': { ...divided, processor: processors.stateMachine },
  'perBatch, s3': { ...divided, transport: () => PageTransport.s3() },
};

const answer: NonNullable<EtlRigOptions['answer']> = ({ items }: JsonObject) => ({
  batchItemFailures: (Array.isArray(items) ? items : [])
    .filter((item) => FAILED.includes(Number(memberOf(memberOf(item, 'item') ?? null, 'number'))))
    .map((item) => ({ itemIdentifier: memberOf(item, 'itemIdentifier') ?? null })),
});

describe.each(Object.entries(stacks))('%s', (_name, stack) => {
  const deploy = async (options: Partial<EtlRigOptions>) => EtlRig.deploy({ items: ITEMS, pageItems: 5, answer, ...stack, ...options });

  const lettersOf = async (rig: EtlRig) => (
    (await rig.deadLetters.letters()).map(({ itemIdentifier }) => Number(itemIdentifier)).sort((a, b) => a - b));

  test('every item is processed or has one letter, and the answer counts both', async () => {
    const rig = await deploy({ tolerance: { items: 50 } });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS - FAILED.length, failed: FAILED.length } });
    expect(await lettersOf(rig)).toEqual(FAILED);
  });

  test('killed anywhere, and redriven: the same counts, and one letter for each failed item', async () => {
    const rig = await deploy({ tolerance: { items: 50 } });
    let runs = 0;
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 600 }), fc.constantFrom('worker', 'run'), async (event, target) => {
      let events = 0;
      rig.again({
        items: ITEMS,
        answer,
        onEvent: ({ executionArn }, observed) => {
          events += 1;
          // A machine of the user's that is stopped is a call that failed: its items are tolerated.
          if (events !== event || !/:(Segment|Workflow)/.test(executionArn)) return;
          void (target === 'worker' ? observed.stop(executionArn) : observed.executions('Workflow').then(async ([run]) => observed.stop(run)));
        },
      });
      const run = await rig.start();
      runs += 1;
      const first = await rig.ended(run);
      const { status, output } = first.status === 'SUCCEEDED' ? first : await rig.redrive(run);
      expect([status, output]).toEqual(['SUCCEEDED', expect.objectContaining({ items: ITEMS - FAILED.length, failed: FAILED.length })]);
      const letters = (await rig.deadLetters.letters()).filter(({ run: id }) => id === run);
      expect(letters.map(({ itemIdentifier }) => Number(itemIdentifier)).sort((a, b) => a - b)).toEqual(FAILED);
    }), { numRuns: fcRuns(40) });
    expect(runs).toBeGreaterThan(0);
  }, fcTimeout(40));

  test('a run fails if all ranges together have too many failures, though none of them has', async () => {
    const rig = await deploy({ tolerance: { items: FAILED.length - 1 } });
    expect(await rig.run()).toMatchObject({
      status: 'FAILED',
      error: 'TooManyFailedItems',
      cause: `Items that failed: ${FAILED.length}; the run tolerates at most ${FAILED.length - 1} items. Items that were processed: ${ITEMS - FAILED.length}`,
    });
    expect(await lettersOf(rig)).toEqual(FAILED);
  });

  test('a range that has too many by itself fails the run at once', async () => {
    const rig = await deploy({ tolerance: { items: 0 } });
    expect(await rig.run()).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', cause: expect.stringContaining('TooManyFailedItems') });
    expect(rig.processed.length).toBeLessThan(ITEMS);
  });

  test('the share is that of the run', async () => {
    const share = (FAILED.length * 100) / ITEMS;
    const tolerating = async (percentage: number) => (await (await deploy({ tolerance: { percentage } })).run()).status;
    expect([await tolerating(share + 0.5), await tolerating(share - 0.5)]).toEqual(['SUCCEEDED', 'FAILED']);
  });
});
