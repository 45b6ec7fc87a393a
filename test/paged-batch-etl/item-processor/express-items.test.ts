/** The items of a page in an Express execution: what is called with what, and how its failures become those of the page. */
import { Duration } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { ServiceError } from '../../../local/aws/service';
import { JsonObject, JsonValue } from '../../../local/json';
import { ItemProcessor } from '../../../src/paged-batch-etl/item-processor/item-processor';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { Ended, EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions, handlerOf, knownHandler, processors, synthEtl } from '../../support/etl-stack';
import { fcRuns, fcTimeout } from '../../support/fc-runs';

/** Fails at once, without waiting for the end of an outage. */
const impatient = RunContinuation.supervised({ outageTolerance: Duration.seconds(0) });
const express: EtlStackOptions = { processor: processors.expressItems, continuation: impatient };

/** Most bytes of a page, and of the declared parameters. */
const PAGE_BYTES = 110 * 1024;
const PARAMETER_BYTES = 16 * 1024;

async function deploy(options: Partial<EtlRigOptions> = {}, stack: EtlStackOptions = express): Promise<EtlRig> {
  return EtlRig.deploy({ items: 3, ...stack, ...options }, stack);
}

function failureOf({ cause = '' }: Ended): JsonValue {
  const { Error, Cause } = JSON.parse(cause);
  return { Error, Cause };
}

/** A source of one page with these items. */
function sourceOf(items: readonly JsonValue[]): EtlRigOptions['source'] {
  return async () => ({ items: items.map((item, index) => ({ itemIdentifier: `${index}`, idempotencyKey: `key-${index}`, item })), cursor: 'c', done: true });
}

test('any item and any parameters arrive as they are where they fit into a page', async () => {
  const stack: EtlStackOptions = { ...express, parameters: { name: { rule: { type: 'text' } }, count: { rule: { type: 'integer' }, defaultValue: 7 } } };
  const rig = await deploy({}, stack);
  const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('{}', '\\{}', "it's", '"', '\\', '{"a":"b"}', '$.page', 'States.Format(\'{}\')'));
  await fc.assert(fc.asyncProperty(fc.array(fc.oneof(texts, fc.jsonValue()), { minLength: 1, maxLength: 5 }), texts, async (items, name) => {
    const given: JsonValue[] = JSON.parse(JSON.stringify(items));
    rig.again({ source: sourceOf(given) });
    const run = await rig.start({ name, other: 'is refused by the reader, which is not here' });
    expect(await rig.ended(run)).toMatchObject({ status: 'SUCCEEDED' });
    const called = [...rig.handled].sort((a, b) => Number(a.itemIdentifier) - Number(b.itemIdentifier));
    expect(called).toEqual(given.map((item, index) => ({
      item, itemIdentifier: `${index}`, idempotencyKey: `key-${index}`, parameters: { name, count: 7 }, run: { id: run, page: 0, index },
    })));
  }), { numRuns: fcRuns(100) });
}, fcTimeout(100));

test.each([['letters', 'x', 1], ['quotation marks', '"', 2], ['backslashes', '\\', 2]])('the largest page with the largest parameters fits into the answer, even if all are %s', async (_what, character, bytes) => {
  const stack: EtlStackOptions = { ...express, parameters: { name: { rule: { type: 'text' } } } };
  const filled = (size: number) => character.repeat(Math.floor(size / bytes));
  const envelope = JSON.stringify([{ itemIdentifier: '0', idempotencyKey: 'key-0', item: '' }]).length;
  const rig = await deploy({ source: sourceOf([filled(PAGE_BYTES - envelope)]) }, stack);
  expect(await rig.run({ name: filled(PARAMETER_BYTES - '{"name":""}'.length) })).toMatchObject({ status: 'SUCCEEDED' });
  expect(rig.handled).toHaveLength(1);
});

test('Process Page waits longer than the execution can take', () => {
  expect(synthEtl(express).machines.Segment.States['Process Page']).toMatchObject({ TimeoutSeconds: 310 });
});

test('a function that is called is not called a second time while the first call runs', () => {
  const processor: EtlStackOptions['processor'] = (stack) => ItemProcessor.perItem({ handler: knownHandler(stack, Duration.seconds(20)) });
  const { machines } = synthEtl({ ...express, batchSize: 1, processor });
  expect(JSON.stringify(machines.Items)).toContain('"TimeoutSeconds":30');
});

describe('an item that fails', () => {
  test('fails the run with its error and cause, and a redrive goes on at its page', async () => {
    const stack: EtlStackOptions = { ...express, batchSize: 2 };
    const fail: EtlRigOptions['fail'] = (name, _call, { itemIdentifier }) => (name === 'handler' && itemIdentifier === '2' ? { errorType: 'Broken', errorMessage: 'it is broken' } : undefined);
    const rig = await deploy({ items: 5, fail }, stack);
    const run = await rig.start();
    const failed = await rig.ended(run);
    expect(failed).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(failureOf(failed)).toEqual({ Error: 'Broken', Cause: '{"errorType":"Broken","errorMessage":"it is broken"}' });
    rig.again({});
    expect(await rig.redrive(run)).toEqual({ status: 'SUCCEEDED', output: { items: 5, pages: 3, segments: expect.any(Number) } });
    expect([...rig.processed].sort()).toEqual([2, 3, 4]);
  });

  test('is tried again by itself, and those beside it are not', async () => {
    let calls = 0;
    const rig = await deploy({ fail: (name, _call, { itemIdentifier }) => (name === 'handler' && itemIdentifier === '1' && ++calls <= 2 ? { errorType: 'Broken' } : undefined) });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED' });
    expect([...rig.processed].sort()).toEqual([0, 1, 2]);
  });

  test('of its time-out fails the run as one in the segment does', async () => {
    const late: Partial<EtlRigOptions> = { items: 1, seconds: 14 };
    const rig = await deploy(late, { ...express, batchSize: 1 });
    expect(failureOf(await rig.run())).toMatchObject({ Error: 'States.Timeout', Cause: expect.stringMatching(/^There is no cause: the Express execution arn:\S+ of the page ended as FAILED$/) });
  });

  test('in an outage of Lambda is waited for', async () => {
    let failing = true;
    const fail: EtlRigOptions['fail'] = (name) => (name === 'handler' && failing ? { errorType: 'Lambda.TooManyRequestsException' } : undefined);
    const rig = await deploy({ fail }, { processor: processors.expressItems });
    const run = await rig.start();
    await rig.clock.sleep(10 * 60_000);
    failing = false;
    expect(await rig.ended(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: 3 } });
    expect(rig.historyOf(run).filter(({ details: { state }, type }) => type === 'WaitStateEntered' && state === 'Wait For Recovery').length).toBeGreaterThan(1);
  });

  test('of a cause as long as causes can be beside a large page is reported', async () => {
    const rig = await deploy({ items: 1, itemSize: 100 * 1024, fail: (name) => (name === 'handler' ? { errorType: 'Broken', errorMessage: 'x'.repeat(32_000) } : undefined) });
    expect((await rig.run()).cause?.slice(0, 1_000)).toContain('Broken');
  });
});

describe('what StartSyncExecution says', () => {
  /** Another answer, or an error, for a call of that operation. */
  type Answer = (real: () => Promise<JsonObject>, call: number) => Promise<JsonObject>;

  async function answering(answer: Answer, stack: EtlStackOptions = express): Promise<EtlRig> {
    const rig = await deploy({}, stack);
    const call = rig.service.call.bind(rig.service);
    let calls = 0;
    rig.service.call = async (operation, input, context) => (
      operation === 'StartSyncExecution' ? answer(async () => call(operation, input, context), ++calls) : call(operation, input, context));
    return rig;
  }

  test.each([
    ['TIMED_OUT', {}, 'ItemsTimedOut'],
    ['TIMED_OUT', { error: 'States.Timeout' }, 'ItemsTimedOut'],
    ['TIMED_OUT', { error: 'States.Timeout', cause: 'after five minutes' }, 'ItemsTimedOut'],
    ['FAILED', {}, 'ItemsTimedOut'],
    ['FAILED', { error: 'Odd' }, 'Odd'],
    ['FAILED', { cause: 'odd' }, 'ItemsTimedOut'],
    ['ABORTED', { error: 'Odd', cause: 'odd' }, 'Odd'],
    ['SOMETHING_NEW', { output: 'null' }, 'ItemsTimedOut'],
  ])('an execution that ended as %s with %j fails the page', async (status, told, error) => {
    const rig = await answering(async (real) => {
      const { output: _, ...answer } = await real();
      return { ...answer, status, ...told };
    });
    const failure = failureOf(await rig.run());
    expect(failure).toMatchObject({ Error: error });
    if (error === 'ItemsTimedOut') expect(JSON.stringify(failure)).toContain(`of the page ended as ${status}`);
  });

  test.each(['ThrottlingException', 'KmsThrottlingException', 'ServiceUnavailable'])('%s is tried again', async (code) => {
    const rig = await answering(async (real, call) => {
      if (call <= 3) throw new ServiceError(code, 'later', 400);
      return real();
    });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: 3 } });
  });

  test('an outage of it is waited for', async () => {
    const rig = await answering(async (real, call) => {
      if (call <= 12) throw new ServiceError('ThrottlingException', 'later', 400);
      return real();
    }, { processor: processors.expressItems });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: 3 } });
  });

  test('an answer that got lost lets the page be processed again', async () => {
    const rig = await answering(async (real, call) => {
      const answer = await real();
      if (call === 1) throw new ServiceError('InternalFailure', 'lost', 500);
      return answer;
    });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: 3 } });
    expect([...rig.processed].sort()).toEqual([0, 0, 1, 1, 2, 2]);
    expect(rig.keys).toHaveLength(3);
  });
});

test('every attempt late and every delay full, the execution still ends before its five minutes', async () => {
  // Lambda answers a moment before the Task gives up, first with its own errors, then with the function's.
  const calls = new Map<string, number>();
  const fail: EtlRigOptions['fail'] = (name, _call, { itemIdentifier }) => {
    if (name !== 'handler') return undefined;
    const call = (calls.get(String(itemIdentifier)) ?? 0) + 1;
    calls.set(String(itemIdentifier), call);
    if (call <= 3) return { errorType: 'Lambda.ServiceException' };
    return call <= 5 ? { errorType: 'Broken' } : undefined;
  };
  const rig = await deploy({ items: 100, seconds: 12.9, fail, random: () => 0.999_999 });
  const run = await rig.start();
  expect(await rig.ended(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: 100 } });
  // Three rounds of six attempts and their delays, after 12.9 seconds of reading.
  const seconds = rig.clock.now() / 1_000;
  expect(seconds).toBeGreaterThan(250);
  expect(seconds).toBeLessThan(290 + 13);
});

test('a workflow that restarts itself has no Express execution, nor has one whose function is not known', () => {
  const machinesOf = (options: EtlStackOptions) => Object.keys(synthEtl(options).machines).sort();
  expect(machinesOf({ processor: processors.expressItems })).toEqual(['Items', 'Segment', 'Workflow']);
  expect(machinesOf({ processor: processors.expressItems, continuation: RunContinuation.selfRestart() })).toEqual(['Workflow']);
  expect(machinesOf({ processor: (stack) => ItemProcessor.perItem({ handler: handlerOf(stack) }) })).toEqual(['Segment', 'Workflow']);
  expect(machinesOf({ processor: processors.expressItems, batchSize: 121 })).toEqual(['Segment', 'Workflow']);
});
