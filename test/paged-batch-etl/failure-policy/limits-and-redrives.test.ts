/** What a limit ends, and what a redrive makes of it. */
import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { JsonObject, memberOf } from '../../../local/json';
import { LEAST_ITEMS_FOR_PERCENTAGE } from '../../../src/paged-batch-etl/contracts/collect-failures';
import { isOverLimit } from '../../../src/paged-batch-etl/failure-policy/function/failure-limits';
import { PageTransport } from '../../../src/paged-batch-etl/page-transport/page-transport';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { closeStores, Ended, EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions } from '../../support/etl-stack';
import { fcRuns, fcTimeout } from '../../support/fc-runs';

afterAll(closeStores);

const impatient = RunContinuation.supervised({ outageTolerance: Duration.seconds(0), pagesPerSegment: 4 });
const inline: EtlStackOptions = { batchSize: 10, continuation: impatient };
const s3: EtlStackOptions = { transport: () => PageTransport.s3(), continuation: impatient };

async function deploy(stack: EtlStackOptions, options: Partial<EtlRigOptions>): Promise<EtlRig> {
  return EtlRig.deploy({ items: 100, pageItems: 10, ...stack, ...options });
}

/** Of each page, this many items are named. */
function failing(count: number, isPage: (page: number) => boolean = () => true): NonNullable<EtlRigOptions['answer']> {
  return ({ items, run }: JsonObject) => ({
    batchItemFailures: (Array.isArray(items) ? items : []).slice(0, isPage(Number(memberOf(run, 'page'))) ? count : 0).map((item) => ({ itemIdentifier: memberOf(item, 'itemIdentifier') ?? null })),
  });
}

const failureOf = ({ cause = '' }: Ended): JsonObject => JSON.parse(cause);
const countOfLetters = async (rig: EtlRig) => (await rig.deadLetters.letters()).length;

describe.each([['inline', inline], ['s3', s3]])('%s', (_name, stack) => {
  test('the page that exceeds the limit is done, and a redrive goes on after it', async () => {
    const rig = await deploy({ ...stack, tolerance: { items: 7 } }, { answer: failing(2) });
    const run = await rig.start();
    expect(failureOf(await rig.ended(run))).toMatchObject({ Error: 'TooManyFailedItems', Cause: expect.stringContaining('8 of 40 items failed, and at most 7 items may') });
    expect(rig.processed).toHaveLength(40);
    rig.again({ answer: failing(0) });
    // Nothing fails anymore, but the run has too many failures already.
    const again = await rig.redrive(run);
    expect(failureOf(again)).toMatchObject({ Error: 'TooManyFailedItems' });
    expect(Math.min(...rig.processed)).toBe(40);
    expect(await countOfLetters(rig)).toBe(8);
  });

  test('with a higher limit, the redriven run ends with the sums of both parts', async () => {
    const rig = await deploy({ ...stack, tolerance: { items: 7 } }, { answer: failing(2) });
    const run = await rig.start();
    await rig.ended(run);
    const higher = JSON.stringify(rig.stack.machines.Segment).replace('"items":7,', '"items":50,');
    await rig.service.call('UpdateStateMachine', { stateMachineArn: rig.machineArn('Segment'), definition: higher }, { caller: { service: 'tests.example.com' } });
    expect(await rig.redrive(run)).toEqual({ status: 'SUCCEEDED', output: { items: 80, failed: 20, pages: 10, segments: expect.any(Number) } });
    expect(rig.processed).toHaveLength(100);
    expect(await countOfLetters(rig)).toBe(20);
  });

  test('a share is looked at when the run is at its end', async () => {
    const rig = await deploy({ ...stack, tolerance: { percentage: 15 } }, { answer: failing(8, (page) => page < 2) });
    const end = await rig.run();
    expect(failureOf(end)).toMatchObject({ Error: 'TooManyFailedItems', Cause: expect.stringContaining('16 of 100 items failed, and at most 15 % of them may') });
    expect(rig.processed).toHaveLength(100);
    const tolerant = await deploy({ ...stack, tolerance: { percentage: 16 } }, { answer: failing(8, (page) => page < 2) });
    expect((await tolerant.run()).output).toMatchObject({ items: 84, failed: 16 });
  });

  test('a share is looked at as soon as 1,000 items are read', async () => {
    const rig = await deploy({ ...stack, batchSize: 200, tolerance: { percentage: 50 } }, { items: 3_000, pageItems: 200, answer: failing(150) });
    const end = await rig.run();
    expect(failureOf(end)).toMatchObject({ Error: 'TooManyFailedItems', Cause: expect.stringContaining('600 of 800 items failed') });
  });

  test('at the end of a source that says so only when it is asked once more, a share is looked at too', async () => {
    const source: EtlRigOptions['source'] = async (event) => {
      const root = String(memberOf(event.run ?? null, 'id'));
      if (event.cursor !== null) throw Object.assign(new Error(), { name: 'NoItemsLeft' });
      return { items: [0, 1].map((number) => ({ itemIdentifier: `${number}`, idempotencyKey: `${root}/${number}`, item: { number } })), cursor: 'end', done: false, failed: [] };
    };
    if (stack === s3) return;
    const rig = await deploy({ ...stack, tolerance: { percentage: 10 } }, { source, answer: failing(1) });
    expect(failureOf(await rig.run())).toMatchObject({ Error: 'TooManyFailedItems', Cause: expect.stringContaining('1 of 2 items failed') });
    const tolerant = await deploy({ ...stack, tolerance: { percentage: 50 } }, { source, answer: failing(1) });
    expect((await tolerant.run()).output).toEqual({ items: 1, failed: 1, pages: 1, segments: 1 });
  });

  test('a run that is stopped anywhere, and redriven, has one letter for each item that failed the last time', async () => {
    const options: Partial<EtlRigOptions> = { items: 60 };
    const rig = await deploy({ ...stack, tolerance: {} }, { ...options, answer: failing(2) });
    await rig.ended(await rig.start());
    const events = rig.eventCount;
    for (let at = 7; at < events; at += 23) {
      let count = 0;
      let stopping: Promise<void> | undefined;
      let run = '';
      rig.again({
        // The first time, other items fail.
        answer: (event) => (stopping === undefined ? failing(3) : failing(1, (page) => page % 2 === 0))(event),
        onEvent: () => {
          if (++count === at && run !== '') stopping = rig.stop(run);
        },
      });
      run = await rig.start();
      const first = await rig.ended(run);
      await stopping;
      const end = first.status === 'ABORTED' ? await rig.redrive(run) : first;
      const { items, failed } = end.output as { items: number; failed: number };
      expect([end.status, items + failed]).toEqual(['SUCCEEDED', 60]);
      const letters = (await rig.deadLetters.letters()).filter((letter) => letter.run === run);
      expect(letters).toHaveLength(failed);
      expect(new Set(letters.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(failed);
    }
  }, 300_000);

  test('letters that cannot be written are waited for, and nothing is lost', async () => {
    const patient = { ...stack, continuation: RunContinuation.supervised({ pagesPerSegment: 4 }), tolerance: {} };
    let failingCalls = 12;
    const rig = await deploy(patient, { items: 30, answer: failing(1), fail: (name) => (name === 'collector' && failingCalls-- > 0 ? { errorType: 'DeadLettersUnavailable' } : undefined) });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: 27, failed: 3, pages: 3 } });
    expect(await countOfLetters(rig)).toBe(3);
  });
});

test('limits: more than the number, or than the share once enough is read or all is', () => {
  const counts = fc.record({ items: fc.nat(5_000), failed: fc.nat(5_000) });
  const limits = fc.record({ items: fc.option(fc.nat(2_000)), percentage: fc.option(fc.double({ min: 0, max: 100, noNaN: true })) });
  fc.assert(fc.property(counts, limits, fc.boolean(), ({ items, failed }, limit, done) => {
    const read = items + failed;
    const overNumber = limit.items !== null && failed > limit.items;
    const share = (failed / Math.max(read, 1)) * 100;
    const told = isOverLimit({ items, failed }, limit, done);
    if (overNumber) expect(told).toBe(true);
    else if (limit.percentage === null) expect(told).toBe(false);
    else if (Math.abs(share - limit.percentage) > 1e-6 && (done || read >= LEAST_ITEMS_FOR_PERCENTAGE)) expect(told).toBe(share > limit.percentage);
    // Whatever ends a run early would have ended it if nothing had failed until 1,000 items were read.
    else if (!done && told) expect(100 * failed).toBeGreaterThan(limit.percentage * LEAST_ITEMS_FOR_PERCENTAGE);
  }), { numRuns: fcRuns(500) });
}, fcTimeout(500));

