import { Duration, Stack } from 'aws-cdk-lib';
import { ItemProcessor, Partitions, RunContinuation, RunLedger, WhenLocked } from '../../../src';
import { textOf, numberOf } from '../../../src/paged-batch-etl/run-ledger/function/ledger-table';
import { closeLedgers, EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { handlerOf, knownHandler } from '../../support/etl-stack';

afterAll(closeLedgers);

const parameters = { day: { rule: { type: 'date' } } } as const;
const takeOverAfter = Duration.minutes(5);
const LEDGER = RunLedger.table({ takeOverAfter });
const SHORT = RunContinuation.supervised({ pagesPerSegment: 2 });

const FAILING = { items: 10, batchSize: 2, parameters, ledger: LEDGER, continuation: SHORT };
const DIVIDED = { ...FAILING, partitions: Partitions.ofObjectIds({ workers: 2, slices: 2 }) };

const item = async (rig: EtlRig, sk: string) => {
  const found = (await rig.ledgerItems()).filter((each) => textOf(each, 'sk') === sk);
  expect(found).toHaveLength(1);
  return found[0];
};

describe.each([['one after another', FAILING], ['side by side', DIVIDED]] as const)('a run with a ledger, %s', (_, stack) => {
  const deploy = async (more: Partial<EtlRigOptions> = {}) => EtlRig.deploy({ ...stack, ...more }, stack);

  test('processes everything, and leaves what it did', async () => {
    const rig = await deploy({ seconds: 10 });
    const run = await rig.start({ day: '2026-11-24' });
    const ended = await rig.ended(run);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', output: { items: 10, pages: 'pages' in stack ? 0 : expect.any(Number) } });
    expect([...rig.processed].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const window = await item(rig, 'WINDOW');
    expect(window.owner).toBeUndefined();
    expect([textOf(window, 'status'), textOf(window, 'lastRun'), textOf(window, 'parameters')]).toEqual(['SUCCEEDED', run, '{"day":"2026-11-24","batch_size":2}']);
    const left = await item(rig, 'RUN');
    expect(numberOf(left, 'items')).toBe(10);
    expect(textOf(left, 'status')).toBe('SUCCEEDED');
    // It expires, and the window does not.
    expect(numberOf(left, 'expiresAt')).toBe(Math.floor(rig.clock.now() / 1_000) + 90 * 86_400);
    expect(window.expiresAt).toBeUndefined();
  });

  test('a second run of the window fails while the first is underway, whatever way its parameters are written', async () => {
    const rig = await deploy({ seconds: 50 });
    const first = await rig.start({ day: '2026-11-24' });
    const late = await rig.start({ day: '2026-11-24T01:00:00+01:00' });
    const second = await rig.ended(late);
    expect(second).toEqual({ status: 'FAILED', error: 'RunLocked', cause: expect.stringContaining(`The window of the run belongs to ${first}`) });
    expect((await rig.redrive(late)).error).toBe('RunLocked');
    const other = await rig.run({ day: '2026-11-25' });
    expect(other.status).toBe('SUCCEEDED');
    expect((await rig.ended(first)).status).toBe('SUCCEEDED');
    expect((await rig.redrive(late)).status).toBe('SUCCEEDED');
    expect((await rig.run({ day: '2026-11-24' })).status).toBe('SUCCEEDED');
  });

  test('a run that was stopped keeps its window for five minutes; then another has it, and a redrive does nothing', async () => {
    const rig = await deploy({ seconds: 50 });
    const first = await rig.start({ day: '2026-11-24' });
    await rig.clock.sleep(70_000);
    await rig.stop(first);
    const stopped = rig.clock.now();
    const second = await rig.start({ day: '2026-11-24' });
    expect((await rig.ended(second)).status).toBe('SUCCEEDED');
    const reads = rig.read.filter(({ run }) => JSON.stringify(run).includes(second.split(':')[7]));
    expect(reads.length).toBeGreaterThan(0);
    expect(rig.historyOf(second).find(({ type }) => type === 'WaitStateEntered')).toBeDefined();
    expect(rig.clock.now() - stopped).toBeGreaterThan(300_000);
    const before = rig.read.length;
    const again = await rig.redrive(first);
    expect(again).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(again.cause).toContain('LockLost');
    expect(again.cause).toContain(second);
    expect(rig.read).toHaveLength(before);
  });

  test('a redrive within five minutes goes on', async () => {
    const rig = await deploy({ fail: (name, call) => (name === 'handler' && call > 4 ? { errorType: 'Broken' } : undefined) });
    const run = await rig.start({ day: '2026-11-24' });
    expect((await rig.ended(run)).status).toBe('FAILED');
    rig.again({});
    expect((await rig.redrive(run)).status).toBe('SUCCEEDED');
    expect(textOf(await item(rig, 'WINDOW'), 'lastRun')).toBe(run);
  });

  test('every action is retried, whichever of its writes the function dies at', async () => {
    for (const [dies, write] of [['before', 1], ['after', 1], ['before', 2], ['after', 2], ['before', 3], ['after', 3]] as const) {
      const dead = new Set<string>();
      const rig = await deploy({
        ledgerTable: (table, event) => {
          const task = JSON.stringify(event);
          let writes = 0;
          return {
            ...table,
            change: async (change) => {
              const isLast = ++writes === write && !dead.has(task);
              if (isLast) dead.add(task);
              if (isLast && dies === 'before') throw new Error('died before its write');
              const answer = await table.change(change);
              if (isLast) throw new Error('died after its write');
              return answer;
            },
          };
        },
      });
      expect(await rig.run({ day: '2026-11-24' })).toMatchObject({ status: 'SUCCEEDED', output: { items: 10 } });
      expect(rig.processed).toHaveLength(10);
      expect(dead.size).toBeGreaterThan(1);
      expect(textOf(await item(rig, 'WINDOW'), 'status')).toBe('SUCCEEDED');
      expect([textOf(await item(rig, 'RUN'), 'status'), numberOf(await item(rig, 'RUN'), 'items')]).toEqual(['SUCCEEDED', 10]);
    }
  });
});

test('a run goes on, long after, from where the ledger says that another one was', async () => {
  const rig = await EtlRig.deploy({ ...FAILING, seconds: 20 }, FAILING);
  const input = { day: '2026-11-24' };
  const first = await rig.start(input);
  await rig.clock.sleep(100_000);
  await rig.stop(first);
  await rig.clock.sleep(60 * 86_400_000);
  const range = await item(rig, 'RANGE#0000');
  const [root, cursor] = [textOf(range, 'root') ?? '', textOf(range, 'cursor') ?? ''];
  expect([root, Number(cursor)]).toEqual([first, 4]);
  const processed = new Set(rig.processed);
  rig.again({});
  const ended = await rig.run({ ...input, progress: { root, cursor, pages: 0, items: 0, segments: 0 } });
  expect(ended).toMatchObject({ status: 'SUCCEEDED', output: { items: 6 } });
  expect(Math.min(...rig.processed)).toBe(4);
  expect(new Set([...processed, ...rig.processed]).size).toBe(10);
  // The same keys as in the run that was stopped.
  expect(rig.keys.every((key) => key.startsWith(`${first}/`))).toBe(true);
});

test.each<[string, Duration | undefined, number]>([
  ['five minutes where no call takes longer', Duration.minutes(4), 300],
  ['the time-out of the function', Duration.minutes(20), 1_210],
  ['the longest of any function, where its time-out is not known', undefined, 1_810],
])('calls of a run that was stopped can end before another run has its window: %s', async (_, timeout, seconds) => {
  const processor = (parent: Stack) => ItemProcessor.perBatch({ handler: timeout === undefined ? handlerOf(parent) : knownHandler(parent, timeout) });
  const stack = { ...FAILING, ledger: RunLedger.table(), processor };
  const rig = await EtlRig.deploy({ ...stack, seconds: 50 }, stack);
  const first = await rig.start({ day: '2026-11-24' });
  await rig.clock.sleep(70_000);
  await rig.stop(first);
  const stopped = rig.clock.now();
  const reads = rig.read.length;
  const second = await rig.start({ day: '2026-11-24' });
  await rig.clock.sleep((seconds - 1) * 1_000);
  expect(rig.read).toHaveLength(reads);
  expect((await rig.ended(second)).status).toBe('SUCCEEDED');
  expect(rig.clock.now() - stopped).toBeLessThan((seconds + 600) * 1_000);
});

test('a second run is skipped', async () => {
  const stack = { ...FAILING, ledger: RunLedger.table({ whenLocked: WhenLocked.SKIP, takeOverAfter }) };
  const rig = await EtlRig.deploy({ ...stack, seconds: 50 }, stack);
  const first = await rig.start({ day: '2026-11-24' });
  expect(await rig.run({ day: '2026-11-24' })).toEqual({ status: 'SUCCEEDED', output: { items: 0, pages: 0, segments: 0, skipped: true } });
  expect((await rig.ended(first)).status).toBe('SUCCEEDED');
  expect(rig.processed).toHaveLength(10);
});

test('a second run waits, and no longer than it may', async () => {
  const stack = { ...FAILING, ledger: RunLedger.table({ whenLocked: WhenLocked.WAIT, waitAtMost: Duration.minutes(30), takeOverAfter }) };
  const rig = await EtlRig.deploy({ ...stack, seconds: 50 }, stack);
  await rig.start({ day: '2026-11-24' });
  expect((await rig.run({ day: '2026-11-24' })).status).toBe('SUCCEEDED');
  expect(rig.processed).toHaveLength(20);
  const slow = await EtlRig.deploy({ ...stack, items: 100, seconds: 50 }, stack);
  await slow.start({ day: '2026-11-24' });
  expect(await slow.run({ day: '2026-11-24' })).toMatchObject({ error: 'RunLocked' });
  expect(slow.clock.now()).toBeGreaterThanOrEqual(30 * 60_000);
});
