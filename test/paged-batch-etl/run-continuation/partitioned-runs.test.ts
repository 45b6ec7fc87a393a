import fc from 'fast-check';
import { Partitions } from '../../../src/paged-batch-etl/partitions/partitions';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { fcRuns, fcTimeout } from '../../support/fc-runs';

const ITEMS = 100;
const PAGES_PER_SEGMENT = 2;
const BATCH_SIZE = 4;

const divided: EtlRigOptions = {
  items: ITEMS,
  batchSize: BATCH_SIZE,
  seconds: 1,
  iam: true,
  partitions: Partitions.ofObjectIds({ workers: 4, slices: 2 }),
  continuation: RunContinuation.supervised({ pagesPerSegment: PAGES_PER_SEGMENT }),
};

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

describe('a run that is divided', () => {
  let rig: EtlRig;
  beforeAll(async () => {
    rig = await EtlRig.deploy(divided);
  });
  beforeEach(() => rig.again({ items: ITEMS, rangeStarts: undefined }));

  test('processes every item once, and answers the totals of all ranges', async () => {
    const end = await rig.run();
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS, pages: 28, segments: 16 } });
    expect(ascending(rig.processed)).toEqual(numbers(ITEMS));
  });

  test('has as many workers as were asked for, and no more', async () => {
    let [underway, most] = [0, 0];
    rig.again({
      onEvent: ({ event: { type } }) => {
        if (type === 'MapIterationStarted') underway += 1;
        if (type === 'MapIterationSucceeded') underway -= 1;
        most = Math.max(most, underway);
      },
    });
    await rig.run();
    expect([most, rig.read.filter(({ contract }) => contract === 7).length]).toEqual([4, 1]);
  });

  test('of nothing ends at once', async () => {
    rig.again({ items: 0 });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: 0, pages: 0, segments: 0 } });
  });

  test('with empty ranges, and ranges of one item, processes every item once', async () => {
    rig.again({ items: 10, rangeStarts: [0, 0, 0, 1, 9, 9, 10, 10] });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: 10 } });
    expect(ascending(rig.processed)).toEqual(numbers(10));
  });

  test('killed anywhere, and redriven: the same items with the same keys, and of each range at most a segment is repeated', async () => {
    const kill = fc.record({ event: fc.integer({ min: 1, max: 700 }), target: fc.constantFrom('worker', 'run') });
    let kills = 0;
    await fc.assert(fc.asyncProperty(kill, async ({ event, target }) => {
      let events = 0;
      rig.again({
        items: ITEMS,
        rangeStarts: undefined,
        onEvent: ({ executionArn }, observed) => {
          events += 1;
          if (events !== event) return;
          kills += 1;
          void (target === 'worker' ? observed.stop(executionArn) : observed.executions('Workflow').then(async ([run]) => observed.stop(run)));
        },
      });
      const run = await rig.start();
      const first = await rig.ended(run);
      const { status, output } = first.status === 'SUCCEEDED' ? first : await rig.redrive(run);
      expect([status, output]).toEqual(['SUCCEEDED', expect.objectContaining({ items: ITEMS })]);
      expect(ascending([...new Set(rig.processed)])).toEqual(numbers(ITEMS));
      expect(rig.keys).toHaveLength(ITEMS);
      // Ranges have 12 or 13 items.
      const repeated = rig.processed.filter((item, index) => rig.processed.indexOf(item) !== index);
      for (const range of numbers(8)) {
        const [begin, end] = [range, range + 1].map((edge) => Math.floor((ITEMS * edge) / 8));
        expect(repeated.filter((item) => item >= begin && item < end).length).toBeLessThanOrEqual(PAGES_PER_SEGMENT * BATCH_SIZE);
      }
    }), { numRuns: fcRuns(80) });
    expect(kills).toBeGreaterThan(0);
  }, fcTimeout(80));

  test('a page that fails fails the run with its error, and a redrive goes on there', async () => {
    let broken = true;
    rig.again({ items: ITEMS, fail: (name, _call, event) => (broken && name === 'handler' && JSON.stringify(event).includes('"number":50') ? { errorType: 'Broken' } : undefined) });
    const run = await rig.start();
    expect(await rig.ended(run)).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', cause: expect.stringContaining('Broken') });
    broken = false;
    expect(await rig.redrive(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS } });
    expect(ascending([...new Set(rig.processed)])).toEqual(numbers(ITEMS));
  });

  test('each worker waits for the end of an outage by itself', async () => {
    rig.again({
      items: ITEMS,
      fail: (name, _call, event) => (name === 'source' && rig.clock.now() < outageEnd && String(event.cursor).startsWith('4') ? { errorType: 'SourceUnavailable' } : undefined),
    });
    const outageEnd = rig.clock.now() + 10 * 60_000;
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS } });
    expect(rig.clock.now()).toBeGreaterThan(outageEnd);
    expect(ascending(rig.processed)).toEqual(numbers(ITEMS));
  });

  test('an outage while ranges are planned is waited for, too; other errors are reported', async () => {
    const outageEnd = rig.clock.now() + 20 * 60_000;
    rig.again({ items: ITEMS, fail: (_name, _call, { contract }) => (contract === 7 && rig.clock.now() < outageEnd ? { errorType: 'SourceUnavailable' } : undefined) });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS } });
    rig.again({ items: ITEMS, fail: (_name, _call, { contract }) => (contract === 7 ? { errorType: 'InvalidPartitionKey' } : undefined) });
    expect(await rig.run()).toMatchObject({ status: 'FAILED', error: 'InvalidPartitionKey' });
    expect(rig.read).toHaveLength(1);
  });

  test('goes on with the progress of a run that was not divided', async () => {
    const root = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:before';
    expect(await rig.run({ progress: { root, cursor: '40', pages: 10, items: 40, segments: 5 } })).toMatchObject({ status: 'SUCCEEDED', output: { items: 60, pages: 15 } });
    expect(rig.processed).toEqual(numbers(ITEMS).slice(40));
    expect(rig.keys.every((key) => key.startsWith(root))).toBe(true);
  });

  test.each([
    ['ranges that are none', { root: 'arn:aws:states:us-east-1:111122223333:execution:Workflow:before', ranges: [] }],
    ['ranges without a root', { ranges: [{ number: 0, cursor: null, pages: 0, items: 0, segments: 0 }] }],
    ['neither', { root: 'arn:aws:states:us-east-1:111122223333:execution:Workflow:before' }],
  ])('refuses progress with %s', async (_what, progress) => {
    expect(await rig.run({ progress })).toMatchObject({ status: 'FAILED', error: 'InvalidProgress' });
    expect(rig.read).toEqual([]);
  });
});

describe('the history of a run that is divided', () => {
  /** The history has room for some 600 segments, so that each of 120 ranges may first have 4. */
  const many: EtlRigOptions = {
    batchSize: 1, partitions: Partitions.ofObjectIds({ workers: 40, slices: 3 }), continuation: RunContinuation.supervised({ pagesPerSegment: 1 }),
  };

  test('one hot range gets what the others leave over, and the run stays within its history', async () => {
    const rig = await EtlRig.deploy({ ...many, items: 500, rangeStarts: numbers(120) });
    const run = await rig.start();
    const end = await rig.ended(run);
    expect(end).toMatchObject({ status: 'SUCCEEDED', output: { items: 500, segments: 500 } });
    expect(ascending(rig.processed)).toEqual(numbers(500));
    expect(rig.historyOf(run).length).toBeLessThan(25_000);
  });

  test('a run that has more than it can have ends in RunTooLong, and another one goes on with its ranges', async () => {
    const rig = await EtlRig.deploy({ ...many, items: 2_000, rangeStarts: numbers(120).map((number) => number * 16) });
    const run = await rig.start();
    const { status, error, cause = '' } = await rig.ended(run);
    expect([status, error]).toEqual(['FAILED', 'RunTooLong']);
    expect(rig.historyOf(run).length).toBeLessThan(25_000);
    const before = rig.processed.length;
    const { root, ranges } = JSON.parse(cause);
    expect(root).toBe(run);
    const counts: number[] = [];
    for (let progress = { root, ranges }; counts.length < 10;) {
      const id = await rig.start({ progress });
      const next = await rig.ended(id);
      // They stand in its state once.
      expect(rig.historyOf(id).find(({ type }) => type === 'MapStateEntered')?.details.input).not.toHaveProperty('parameters.progress');
      counts.push(rig.processed.length);
      if (next.status === 'SUCCEEDED') break;
      progress = JSON.parse(next.cause ?? '');
    }
    expect([ascending(rig.processed), rig.keys.length]).toEqual([numbers(2_000), 2_000]);
    expect(before).toBeGreaterThan(400);
  });
});
