import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { JsonObject, JsonValue, memberOf } from '../../../local/json';
import { PagedBatchEtlErrorName } from '../../../src/paged-batch-etl/contracts/error-names';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { MAX_HISTORY_EVENTS } from '../../../src/private/synth/history';
import { EtlRig, EtlRigOptions, ImaginedError } from '../../support/etl-rig';
import { EtlStackOptions, processors, synthEtl } from '../../support/etl-stack';
import { fcRuns, fcTimeout } from '../../support/fc-runs';
import { worstExecution } from '../../support/worst-execution';

const ITEMS = 5;
const MINUTE = 60_000;

const SOURCE_OUTAGES = ['SourceUnavailable', 'SourceTimedOut', 'SourceLagging', 'PageBucketUnavailable'];
const LAMBDA_OUTAGES = [
  'Lambda.ResourceNotReadyException', 'Lambda.CodeArtifactUserPendingException', 'Lambda.EC2ThrottledException', 'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
];

const stackOf = (processor: keyof typeof processors, minutes?: number, more: EtlStackOptions = {}): EtlStackOptions => ({
  processor: processors[processor],
  batchSize: 1,
  continuation: RunContinuation.supervised({ pagesPerSegment: 2, ...(minutes !== undefined && { outageTolerance: Duration.minutes(minutes) }) }),
  ...more,
});
const stacks = { perBatch: stackOf('perBatch'), perItem: stackOf('perItem'), expressItems: stackOf('expressItems'), stateMachine: stackOf('stateMachine') };

/** From the call of that number, all calls fail with the error until the outage is over. */
function outage(rig: () => EtlRig, { from, minutes, error, functions = ['source', 'handler'] }: {
  readonly from: number;
  readonly minutes: number;
  readonly error: string;
  readonly functions?: readonly string[];
}): NonNullable<EtlRigOptions['fail']> {
  let begun: number | undefined;
  return (name, call) => {
    if (call < from || !functions.includes(name)) return undefined;
    begun ??= rig().clock.now();
    return rig().clock.now() - begun < minutes * MINUTE ? { errorType: error } : undefined;
  };
}

async function deploy(stack: EtlStackOptions, options: Partial<EtlRigOptions> = {}): Promise<EtlRig> {
  return EtlRig.deploy({ items: ITEMS, ...stack, ...options }, stack);
}

/** Seconds of the waits of a run. */
function waits(rig: EtlRig, run: string): number[] {
  const entered = rig.historyOf(run).filter(({ type }) => type === 'WaitStateEntered');
  return entered.map(({ details }) => Number(memberOf(memberOf(details.input, 'outage'), 'seconds')));
}

describe('an outage that is shorter than the tolerance', () => {
  test('fails no run, whenever it begins and whatever shows it, and every item is processed', async () => {
    const rigs = {
      perBatch: await deploy(stacks.perBatch),
      perItem: await deploy(stacks.perItem),
      expressItems: await deploy(stacks.expressItems),
      stateMachine: await deploy(stacks.stateMachine),
    };
    const outages = fc.record({
      processor: fc.constantFrom('perBatch' as const, 'perItem' as const, 'expressItems' as const, 'stateMachine' as const),
      from: fc.integer({ min: 1, max: 2 * ITEMS }),
      minutes: fc.double({ min: 0, max: 30, noNaN: true }),
      where: fc.oneof(
        fc.constantFrom(...SOURCE_OUTAGES).map((error) => ({ error, functions: ['source'] })),
        fc.constantFrom(...LAMBDA_OUTAGES).map((error) => ({ error, functions: ['source'] })),
      ),
    });
    await fc.assert(fc.asyncProperty(outages, async ({ processor, from, minutes, where }) => {
      const rig = rigs[processor];
      rig.again({ fail: outage(() => rig, { from, minutes, ...where }) });
      const run = await rig.start();
      expect(await rig.ended(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS, pages: ITEMS } });
      expect(rig.processed).toEqual([0, 1, 2, 3, 4]);
      expect(rig.keys).toHaveLength(ITEMS);
    }), { numRuns: fcRuns(100) });
  }, fcTimeout(100));

  test.each(['perBatch', 'perItem', 'expressItems'] as const)('that the function of the user cannot be run in: %s', async (processor) => {
    const rig = await deploy(stacks[processor]);
    for (const error of LAMBDA_OUTAGES) {
      rig.again({ fail: outage(() => rig, { from: 4, minutes: 20, error, functions: ['handler'] }) });
      expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS } });
    }
  });

  test('and another one at a later page, as long again, fails no run either', async () => {
    const rig = await deploy(stacks.perBatch);
    const outages = [3, 24].map((from) => outage(() => rig, { from, minutes: 29, error: 'SourceUnavailable', functions: ['source'] }));
    rig.again({ fail: (name, call, event) => outages.map((fail) => fail(name, call, event)).find((failure) => failure !== undefined) });
    const run = await rig.start();
    expect(await rig.ended(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS } });
    expect(waits(rig, run)).toEqual([60, 120, 300, 600, 720, 60, 120, 300, 600, 720]);
  });
});

describe('an outage that is longer', () => {
  test.each([['SourceUnavailable'], ['Lambda.ResourceNotReadyException']])('is reported when the tolerance is used up, and a redrive goes on: %s', async (error) => {
    const rig = await deploy(stacks.perBatch);
    rig.again({ fail: outage(() => rig, { from: 4, minutes: 100, error, functions: ['source'] }) });
    const begin = rig.clock.now();
    const run = await rig.start();
    const end = await rig.ended(run);
    expect(JSON.parse(end.cause ?? '')).toMatchObject({ Error: error });
    const minutes = (rig.clock.now() - begin) / MINUTE;
    expect(minutes).toBeGreaterThanOrEqual(30);
    expect(minutes).toBeLessThan(60);
    // Still within the outage: a redrive is tolerant again.
    expect(await rig.redrive(run)).toMatchObject({ status: 'FAILED' });
    expect((rig.clock.now() - begin) / MINUTE).toBeGreaterThanOrEqual(60);
    while ((await rig.broken()).length > 0) await rig.redrive(run);
    expect(rig.processed).toEqual([0, 1, 2, 3, 4]);
  });

  test.each([[0, []], [1, [60]], [7, [60, 120, 240]], [45, [60, 120, 300, 600, 900, 720]]])('outageTolerance of %p minutes: waits of %p seconds', async (minutes, expected) => {
    const rig = await deploy(stackOf('perBatch', minutes), { fail: () => ({ errorType: 'SourceUnavailable' }) });
    const run = await rig.start();
    expect(JSON.parse((await rig.ended(run)).cause ?? '')).toMatchObject({ Error: 'SourceUnavailable' });
    expect(waits(rig, run)).toEqual(expected);
  });

  test('of a day has fewer waits than a run may make', async () => {
    const rig = await deploy(stackOf('perBatch', 24 * 60), { fail: () => ({ errorType: 'SourceUnavailable' }) });
    const run = await rig.start();
    await rig.ended(run);
    const all = waits(rig, run);
    expect({ sum: all.reduce((sum, seconds) => sum + seconds, 0), fewer: all.length < 100 }).toEqual({ sum: 86_400, fewer: true });
  });

  test.each([[-1], [0.5], [86_401]])('a tolerance of %p seconds is refused', (seconds) => {
    const continuation = () => RunContinuation.supervised({ outageTolerance: Duration.millis(seconds * 1_000) });
    expect(continuation).toThrow(seconds < 0 ? /negative/ : /outageTolerance of RunContinuation\.supervised must be whole seconds from 0 \w+ to \d+ \w+, got .*; the default is 30 minutes/);
  });
});

describe('all other errors are reported at once', () => {
  const passing = new Set<string>(SOURCE_OUTAGES);
  const names = [...Object.values(PagedBatchEtlErrorName).filter((name) => !passing.has(name)), 'Runtime.ExitError', 'Lambda.AccessDeniedException', 'MyError', 'States.Timeout'];

  test.each(names)('%s', async (error) => {
    const rig = await deploy(stacks.perBatch);
    rig.again({ fail: () => ({ errorType: error }) });
    const run = await rig.start();
    expect(JSON.parse((await rig.ended(run)).cause ?? '')).toMatchObject({ Error: error });
    expect(waits(rig, run)).toEqual([]);
  });
});

describe('a read that timed out inside DocumentDB', () => {
  const FIVE_MINUTES = 300_000;

  test.each([undefined, 3])('is not repeated before it has ended there (tolerance: %p minutes)', async (minutes) => {
    const reads: number[] = [];
    const rig = await deploy(stackOf('perBatch', minutes, { timedOutReadsRunOn: true }), {
      fail: (name) => {
        if (name === 'source') reads.push(rig.clock.now());
        return name === 'source' && reads.length < 4 ? { errorType: 'SourceTimedOut' } : undefined;
      },
    });
    const run = await rig.start();
    await rig.ended(run);
    const gaps = reads.slice(1, 4).map((time, index) => time - reads[index]);
    expect({ reads: gaps.length > 0, soonest: Math.min(...gaps) >= FIVE_MINUTES }).toEqual({ reads: true, soonest: true });
  });

  test('and other errors of it are', async () => {
    const rig = await deploy(stackOf('perBatch', undefined, { timedOutReadsRunOn: true }));
    rig.again({ fail: outage(() => rig, { from: 1, minutes: 1, error: 'SourceUnavailable' }) });
    const run = await rig.start();
    expect(await rig.ended(run)).toMatchObject({ status: 'SUCCEEDED' });
    expect(waits(rig, run)[0]).toBe(60);
  });

  test('ends a run that restarts itself, which has no room to wait', async () => {
    const rig = await deploy({ batchSize: 1, timedOutReadsRunOn: true, continuation: RunContinuation.selfRestart() }, { fail: () => ({ errorType: 'SourceTimedOut' }) });
    expect(await rig.run()).toMatchObject({ status: 'FAILED', error: 'SourceTimedOut' });
    expect(rig.read).toHaveLength(1);
  });
});

test('an outage at every page: a run waits 100 times, and its history has room for that, every retry, every segment and some thirty redrives', async () => {
  const { machines } = synthEtl({ batchSize: 1 });
  let started = 0;
  const answer = (_state: string, { Input }: JsonObject): JsonValue => {
    const { progress, failure } = Input as { progress: { segments: number; pages: number }; failure: JsonValue };
    started++;
    const next = { ...progress, segments: progress.segments + 1, pages: progress.pages + 1 };
    expect(failure).toBeNull();
    return { Input, Output: { progress: next, done: false, failure: started <= 100 ? { Error: 'SourceUnavailable', Cause: '' } : null } };
  };
  const run = worstExecution(machines.Workflow, { input: {}, answer });
  expect(await run.run()).toMatchObject({ status: 'FAILED', error: 'RunTooLong' });
  expect(run.history.events.filter(({ type }) => type === 'WaitStateEntered')).toHaveLength(100);
  const left = MAX_HISTORY_EVENTS - run.history.length;
  expect({ left, enough: left >= 30 * 24 }).toEqual({ left, enough: true });
}, 120_000);

test('after 100 waits an outage is reported', async () => {
  let waited = 0;
  const answer = (_state: string, { Input }: JsonObject): JsonValue => {
    const { progress, failure } = Input as { progress: { segments: number; pages: number }; failure: JsonValue };
    if (failure === null) waited++;
    const next = { ...progress, segments: progress.segments + 1, pages: progress.pages + 1 };
    return { Input, Output: { progress: next, done: failure !== null, failure: failure === null ? { Error: 'SourceUnavailable', Cause: '' } : null } };
  };
  const run = worstExecution(synthEtl({ batchSize: 1 }).machines.Workflow, { input: {}, answer });
  await run.run();
  expect(run.history.events.filter(({ type }) => type === 'WaitStateEntered')).toHaveLength(100);
  expect(waited).toBe(101);
});

describe('a run that restarts itself', () => {
  const stack: EtlStackOptions = { batchSize: 1, continuation: RunContinuation.selfRestart() };

  test.each<[string, number, ImaginedError]>([
    ['a failover of ten seconds', 10, { errorType: 'SourceUnavailable' }],
    ['a function that is not ready for 40 seconds', 40, { errorType: 'Lambda.ResourceNotReadyException' }],
  ])('outlasts what its retries do: %s', async (_name, seconds, failure) => {
    const rig = await deploy(stack);
    rig.again({ fail: (name) => (name === 'source' && rig.clock.now() < seconds * 1_000 ? failure : undefined) });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('fails at the page after that, and a redrive goes on there', async () => {
    const rig = await deploy(stack);
    rig.again({ fail: outage(() => rig, { from: 4, minutes: 5, error: 'SourceUnavailable', functions: ['source'] }) });
    const run = await rig.start();
    expect(await rig.ended(run)).toMatchObject({ status: 'FAILED', error: 'SourceUnavailable' });
    while ((await rig.broken()).length > 0) await rig.redrive((await rig.broken())[0].executionArn);
    expect(rig.processed).toEqual([0, 1, 2, 3, 4]);
  });
});
