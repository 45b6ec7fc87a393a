/** Runs that go on where the ledger says that another run was. */
import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { Partitions, PageTransport, RunContinuation, RunLedger } from '../../../src';
import { numberOf, textOf } from '../../../src/paged-batch-etl/run-ledger/function/ledger-table';
import { closeLedgers, closeStores, EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions } from '../../support/etl-stack';
import { fcRuns, fcTimeout } from '../../support/fc-runs';

afterAll(closeLedgers);
afterAll(closeStores);

const DAY = 86_400_000;
const ITEMS = 24;
const input = { day: '2026-11-24' };
const partitions = Partitions.ofObjectIds({ workers: 2, slices: 2 });
const inline: EtlStackOptions = {
  ledger: RunLedger.table({ takeOverAfter: Duration.minutes(5) }),
  countsItems: true,
  parameters: { day: { rule: { type: 'date' } }, mode: { rule: { type: 'text' }, defaultValue: 'x' } },
  batchSize: 2,
  continuation: RunContinuation.supervised({ pagesPerSegment: 2 }),
};
const s3: EtlStackOptions = { ...inline, transport: () => PageTransport.s3(), continuation: RunContinuation.supervised() };
/** With the most items that are processed once more: those of a segment, or of a page, of each worker. */
const stacks: readonly [string, EtlStackOptions, number][] = [
  ['one after another', inline, 4],
  ['side by side', { ...inline, partitions }, 8],
  ['one after another, by S3', s3, 2],
  ['side by side, by S3', { ...s3, partitions }, 4],
  ['side by side, by S3, with failures tolerated', { ...s3, partitions, tolerance: { items: 100 } }, 4],
];

async function deploy(stack: EtlStackOptions, more: Partial<EtlRigOptions> = {}): Promise<EtlRig> {
  return EtlRig.deploy({ ...stack, items: ITEMS, pageItems: 2, seconds: 10, iam: true, ...more }, stack);
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

describe.each(stacks)('%s', (_name, stack, again) => {
  test('property: runs that are stopped and resumed, again and again, process everything, with the keys of the first, and little twice', async () => {
    const rig = await deploy(stack);
    const seconds = fc.array(fc.integer({ min: 0, max: 130 }), { minLength: 1, maxLength: 3 });
    await fc.assert(fc.asyncProperty(seconds, fc.integer({ min: 0, max: 60 }), async (stops, days) => {
      rig.again({ items: ITEMS });
      const first = await rig.start(input);
      let [run, resumed] = [first, 0];
      for (const after of stops) {
        await rig.clock.sleep(after * 1_000);
        await rig.stop(run).catch(() => {});
        if ((await rig.ended(run)).status === 'SUCCEEDED') return;
        await rig.clock.sleep(days * DAY);
        const next = await rig.start({ resume: run });
        // At once, a run waits until the time for a redrive is over.
        const known = async () => (await rig.ledgerItems()).some((item) => textOf(item, 'resumes') === run);
        while (!await known()) {
          await rig.clock.sleep(10_000);
          if (/ExecutionFailed/.test(JSON.stringify(rig.historyOf(next)))) break;
        }
        // Nothing was known of it: it was stopped before it had its window, or its ranges.
        if (rig.historyOf(next).some(({ type }) => type === 'ExecutionFailed')) {
          expect((await rig.ended(next)).error).toMatch(/^(UnknownRun|RunNotResumable)$/);
          expect(rig.processed).toEqual([]);
          return;
        }
        [run, resumed] = [next, resumed + 1];
      }
      expect(await rig.ended(run)).toMatchObject({ status: 'SUCCEEDED' });
      expect([...new Set(rig.processed)].sort((a, b) => a - b)).toEqual(upTo(ITEMS));
      expect(rig.processed.length).toBeLessThanOrEqual(ITEMS + resumed * again);
      expect(rig.keys.every((key) => key.startsWith(`${first}/`))).toBe(true);
    }), { numRuns: fcRuns(15) });
  }, fcTimeout(15));

  test('after months, with its parameters, and what was done is left out', async () => {
    const rig = await deploy(stack);
    const first = await rig.start({ ...input, mode: 'y', batch_size: 1 });
    await rig.clock.sleep(100_000);
    await rig.stop(first);
    await rig.clock.sleep(80 * DAY);
    const before = new Set(rig.processed);
    expect(before.size).toBeGreaterThan(2);
    rig.again({ items: ITEMS });
    const second = await rig.start({ resume: first });
    expect(await rig.ended(second)).toMatchObject({ status: 'SUCCEEDED', output: { items: rig.processed.length } });
    expect(rig.read.map(({ parameters }) => parameters)).toEqual(rig.read.map(() => ({ day: input.day, mode: 'y', batch_size: 1 })));
    expect(rig.processed.length).toBeLessThan(ITEMS);
    expect(new Set([...before, ...rig.processed]).size).toBe(ITEMS);
    const items = await rig.ledgerItems();
    const runOf = (arn: string) => items.find((item) => textOf(item, 'sk') === 'RUN' && textOf(item, 'pk')?.endsWith(arn));
    expect([textOf(runOf(first), 'resumedBy'), textOf(runOf(second), 'resumes'), textOf(runOf(second), 'status')]).toEqual([second, first, 'SUCCEEDED']);
    expect(numberOf(runOf(second), 'expectedItems')).toBeLessThan(ITEMS);
    // Neither of them goes on any more.
    expect(await rig.run({ resume: first })).toMatchObject({ status: 'FAILED', error: 'RunNotResumable' });
    expect(await rig.run({ resume: second })).toMatchObject({ status: 'FAILED', error: 'RunNotResumable' });
  });

  test('not after the ledger has forgotten it', async () => {
    const rig = await deploy(stack);
    const first = await rig.start(input);
    await rig.clock.sleep(60_000);
    await rig.stop(first);
    await rig.clock.sleep(91 * DAY);
    expect(await rig.run({ resume: first })).toMatchObject({ status: 'FAILED', error: 'UnknownRun' });
  });

  test('not while it is underway, and its redrive does nothing afterwards', async () => {
    const rig = await deploy(stack);
    const first = await rig.start(input);
    await rig.clock.sleep(60_000);
    expect(await rig.run({ resume: first })).toMatchObject({ status: 'FAILED', error: 'RunLocked' });
    await rig.stop(first);
    const second = await rig.start({ resume: first });
    await rig.clock.sleep(400_000);
    const redriven = await rig.redrive(first);
    expect([redriven.status, redriven.cause]).toEqual(['FAILED', expect.stringContaining('LockLost')]);
    expect(await rig.ended(second)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

test('a run whose history has no room for the rest ends in RunTooLong, and is resumed where its cause has no room for its ranges', async () => {
  const items = 1_200;
  const stack: EtlStackOptions = {
    ...inline,
    batchSize: 1,
    partitions: Partitions.ofObjectIds({ workers: 40, slices: 3 }),
    continuation: RunContinuation.supervised({ pagesPerSegment: 1 }),
  };
  const rig = await EtlRig.deploy({ ...stack, items, rangeStarts: upTo(120).map((number) => number * 10) }, stack);
  const first = await rig.start(input);
  let [run, ended, runs] = [first, await rig.ended(first), 1];
  for (; ended.status === 'FAILED' && runs < 10; runs++) {
    expect(ended.error).toBe('RunTooLong');
    expect(rig.historyOf(run).length).toBeLessThan(25_000);
    run = await rig.start({ resume: run });
    ended = await rig.ended(run);
  }
  expect(ended.status).toBe('SUCCEEDED');
  expect(runs).toBeGreaterThan(1);
  expect(new Set(rig.processed).size).toBe(items);
  // The last segment of each range once more.
  expect(rig.processed.length).toBeLessThanOrEqual(items + (runs - 1) * 120);
  expect(rig.keys.every((key) => key.startsWith(`${first}/`))).toBe(true);
}, 600_000);

describe('resume', () => {
  const arn = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:gone';

  test.each<[object, string]>([
    [{ resume: 5 }, 'InvalidResume'],
    [{ resume: null }, 'InvalidResume'],
    [{ resume: 'the last one' }, 'InvalidResume'],
    [{ resume: arn, day: '2026-11-24' }, 'InvalidResume'],
    [{ resume: arn, progress: {} }, 'InvalidResume'],
    [{ resume: arn }, 'UnknownRun'],
    [{ resume: arn, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: arn }, 'UnknownRun'],
  ])('%j: %s', async (given, error) => {
    for (const stack of [inline, { ...inline, partitions }]) {
      const rig = await deploy(stack);
      expect(await rig.run(JSON.parse(JSON.stringify(given)))).toMatchObject({ status: 'FAILED', error });
      expect(rig.read).toEqual([]);
    }
  });
});
