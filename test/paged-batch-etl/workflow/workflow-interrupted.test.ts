import { ObservedEvent } from '../../../local/stepfunctions/service';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { everyStack } from '../../support/etl-stack';

const ITEMS = 7;
const everything = Array.from({ length: ITEMS }, (_, number) => number);

const restarts = { supervised: RunContinuation.supervised({ pagesPerSegment: 2 }), selfRestart: RunContinuation.selfRestart({ pagesPerSegment: 2 }) };

/** Runs to the end, redriving whatever did not succeed of what users start. Answers how often it took. */
async function runRedriven(rig: EtlRig, trouble: Pick<EtlRigOptions, 'fail' | 'onEvent'> = {}): Promise<number> {
  rig.again(trouble);
  await rig.start();
  for (let redrives = 0; ; redrives++) {
    const broken = await rig.broken();
    if (broken.length === 0) return redrives;
    if (redrives > 5) throw new Error(`it still fails: ${JSON.stringify(broken)}`);
    for (const { executionArn } of broken) await rig.redrive(executionArn);
  }
}

/** Everything was processed, each item under one key, and counted once. */
async function expectComplete(rig: EtlRig): Promise<void> {
  expect([...new Set(rig.processed)].sort((a, b) => a - b)).toEqual(everything);
  const [first] = await rig.executions('Workflow');
  expect(rig.keys.sort()).toEqual(everything.map((number) => `${first}/${number}`));
  const ends = await rig.ends();
  expect(ends[ends.length - 1].output).toMatchObject({ items: ITEMS, pages: 4 });
}

describe.each(everyStack(restarts, { batchSize: 2 }))('%s', (name, stack) => {
  let rig: EtlRig;
  beforeAll(async () => {
    rig = await EtlRig.deploy({ items: ITEMS, ...stack }, stack);
  });

  test('uninterrupted, every item is processed once', async () => {
    expect(await runRedriven(rig)).toBe(0);
    await expectComplete(rig);
    expect(rig.processed).toHaveLength(ITEMS);
  });

  test('failed for good at any call and redriven, the run ends with the same data', async () => {
    await runRedriven(rig);
    const calls = rig.read.length + rig.handled.length;
    for (let broken = 1; broken <= calls; broken++) {
      expect(await runRedriven(rig, { fail: failFrom(broken) })).toBeGreaterThan(0);
      await expectComplete(rig);
      // Items beside one that failed are processed again with their page.
      if (!/perItem|expressItems/.test(name)) expect(rig.processed).toHaveLength(ITEMS);
    }
  });

  test('stopped at any event of any execution and redriven, the run ends with the same data', async () => {
    await runRedriven(rig);
    const events = rig.eventCount;
    let stopped = 0;
    for (let at = 1; at <= events; at++) {
      let seen = 0;
      let run: string | undefined;
      stopped += await runRedriven(rig, {
        onEvent: ({ executionArn }: ObservedEvent) => {
          run ??= executionArn;
          // Nobody can stop an Express execution: the run is stopped then, and the Express execution goes on.
          if (++seen === at) void rig.stop(executionArn.includes(':express:') ? run : executionArn);
        },
      });
      await expectComplete(rig);
    }
    // The last event of an execution is too late, and a stop may come after the next one.
    expect(stopped).toBeGreaterThan(events * 0.5);
  });
});

/** The call of that number fails, and so do all attempts at the same that the workflow makes by itself: up to four more. */
function failFrom(broken: number): EtlRigOptions['fail'] {
  let failing: string | undefined;
  let attempts = 0;
  return (name, call, event) => {
    const attempt = `${name} ${JSON.stringify(event)}`;
    if (call === broken) failing = attempt;
    return attempt === failing && ++attempts <= 5 ? { errorType: 'Broken' } : undefined;
  };
}
