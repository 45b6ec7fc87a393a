/** Runs that go past items that fail: in every cell, items + failed = matched, and there is one letter for each item that failed. */
import { Duration } from 'aws-cdk-lib';
import { JsonObject, JsonValue, memberOf } from '../../../local/json';
import { PageTransport } from '../../../src/paged-batch-etl/page-transport/page-transport';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { closeStores, Ended, EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { EtlStackOptions, processors } from '../../support/etl-stack';

afterAll(closeStores);

const ITEMS = 25;
const PAGE = 10;
/** Fails at once, without waiting for the end of an outage. */
const impatient = RunContinuation.supervised({ outageTolerance: Duration.seconds(0) });

type ProcessorName = keyof typeof processors;
const TRANSPORTS: Readonly<Record<'inline' | 's3', EtlStackOptions>> = {
  inline: { batchSize: PAGE, continuation: impatient },
  s3: { transport: () => PageTransport.s3({ deletePages: true }), continuation: impatient },
};
const NAMES: readonly ProcessorName[] = ['perBatch', 'perItem', 'expressItems', 'stateMachine'];
const cells = NAMES.flatMap((processor) => (['inline', 's3'] as const).map((transport) => [processor, transport] as const));
const takesBatches = (processor: ProcessorName) => processor === 'perBatch' || processor === 'stateMachine';

const stacks = new Map<string, EtlStackOptions>();

async function deploy(processor: ProcessorName, transport: keyof typeof TRANSPORTS, options: Partial<EtlRigOptions> = {}, tolerance: EtlStackOptions['tolerance'] = {}): Promise<EtlRig> {
  const name = JSON.stringify([processor, transport, tolerance]);
  const stack = stacks.get(name) ?? { ...TRANSPORTS[transport], processor: processors[processor], tolerance };
  stacks.set(name, stack);
  return EtlRig.deploy({ items: ITEMS, pageItems: PAGE, iam: true, ...stack, ...options }, stack);
}

/** Numbers of the items that a call is for. */
function numbersIn(event: JsonObject): number[] {
  const items = Array.isArray(event.items) ? event.items : [event];
  return items.map((item) => Number(memberOf(item, 'itemIdentifier')));
}

/** These items are broken: a call for one of them throws, and a call for a page names them. */
function breaking(numbers: readonly number[], processor: ProcessorName): Partial<EtlRigOptions> {
  const broken = (event: JsonObject) => numbersIn(event).filter((number) => numbers.includes(number));
  if (takesBatches(processor)) return { answer: (event) => ({ batchItemFailures: broken(event).map((number) => ({ itemIdentifier: `${number}` })) }) };
  return { fail: (name, _call, event) => (name === 'handler' && broken(event).length > 0 ? { errorType: 'Broken', errorMessage: 'it is broken' } : undefined) };
}

/** Letters as the numbers of their items. */
const lettersOf = async (rig: EtlRig) => (await rig.deadLetters.letters()).map(({ itemIdentifier }) => Number(itemIdentifier)).sort((a, b) => a - b);

function failureOf({ cause = '' }: Ended): JsonObject {
  return JSON.parse(cause);
}

describe.each(cells)('%s, %s', (processor, transport) => {
  test('nothing fails: there is no letter', async () => {
    const rig = await deploy(processor, transport);
    expect(await rig.run()).toEqual({ status: 'SUCCEEDED', output: { items: ITEMS, failed: 0, pages: 3, segments: 1 } });
    expect(await rig.deadLetters.keys()).toEqual([]);
    // With pages in S3, each is looked at; inline, none is.
    expect(rig.deadLetters.collected).toHaveLength(transport === 's3' ? 3 : 0);
  });

  test('some items fail: the others are processed, and each of them has a letter', async () => {
    const rig = await deploy(processor, transport, breaking([3, 4, 22], processor));
    const run = await rig.start();
    expect(await rig.ended(run)).toEqual({ status: 'SUCCEEDED', output: { items: ITEMS - 3, failed: 3, pages: 3, segments: 1 } });
    const letters = await rig.deadLetters.letters();
    const told = takesBatches(processor)
      ? { error: 'BatchItemsFailed', cause: 'The processor named it in batchItemFailures' }
      : { error: 'Broken', cause: '{"errorType":"Broken","errorMessage":"it is broken"}' };
    expect(letters).toEqual([3, 4, 22].map((number) => (
      { itemIdentifier: `${number}`, idempotencyKey: `${run}/${number}`, ...told, run, page: Math.floor(number / PAGE) })));
    expect(await rig.deadLetters.keys()).toHaveLength(2);
    expect(rig.deadLetters.log.map((line) => JSON.parse(line).FailedItems).filter((count) => count > 0)).toEqual([2, 1]);
  });

  test('with documents, a letter has the one that the processor got', async () => {
    const rig = await deploy(processor, transport, breaking([3, 22], processor), { withDocuments: true });
    await rig.run();
    expect((await rig.deadLetters.letters()).map(({ item }) => item)).toEqual([{ number: 3 }, { number: 22 }]);
  });

  test('a call that fails for good: all its items have letters', async () => {
    const rig = await deploy(processor, transport, {
      fail: (name, _call, event) => (name === 'handler' && numbersIn(event).some((number) => number >= PAGE && number < 2 * PAGE) ? { errorType: 'Broken', errorMessage: 'x'.repeat(5_000) } : undefined),
    });
    expect(await rig.run()).toEqual({ status: 'SUCCEEDED', output: { items: ITEMS - PAGE, failed: PAGE, pages: 3, segments: 1 } });
    expect(await lettersOf(rig)).toEqual(Array.from({ length: PAGE }, (_, index) => PAGE + index));
    for (const { error, cause } of await rig.deadLetters.letters()) {
      expect(error).toBe('Broken');
      expect(cause).toContain('xxx');
      expect(cause.length).toBeLessThan(1_100);
    }
  });

  test('everything fails: the limit ends the run, and there are letters for what was read', async () => {
    const rig = await deploy(processor, transport, breaking(Array.from({ length: ITEMS }, (_, number) => number), processor), { items: 12 });
    const run = await rig.start();
    const end = await rig.ended(run);
    expect(end.status).toBe('FAILED');
    const { Error: error, Cause: cause } = failureOf(end);
    expect(error).toBe('TooManyFailedItems');
    expect(cause).toContain('20 of 20 items failed, and at most 12 items may');
    expect(await lettersOf(rig)).toHaveLength(20);
  });

  test('an outage of Lambda is no failure of an item', async () => {
    let failing = true;
    const rig = await deploy(processor, transport, {
      fail: (name) => (name === 'handler' && failing ? { errorType: 'Lambda.TooManyRequestsException', errorMessage: 'Rate Exceeded.' } : undefined),
    });
    const run = await rig.start();
    const end = await rig.ended(run);
    // A state machine of somebody else's that fails is all that is known of it.
    if (processor === 'stateMachine') return;
    expect(end.status).toBe('FAILED');
    expect(failureOf(end)).toMatchObject({ Error: 'Lambda.TooManyRequestsException' });
    expect(await rig.deadLetters.keys()).toEqual([]);
    failing = false;
    expect(await rig.redrive(run)).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS, failed: 0, pages: 3 } });
    expect(rig.keys).toHaveLength(ITEMS);
  });
});

describe.each(cells.filter(([processor]) => takesBatches(processor)))('%s, %s: an answer', (processor, transport) => {
  test.each<JsonValue>([5, { failures: 1 }, { batchItemFailures: [{ itemIdentifier: 'unknown' }] }, { batchItemFailures: [{ itemIdentifier: '0' }, 'x'] }])('%j says nothing about items, and fails the run', async (answer) => {
    const rig = await deploy(processor, transport, { answer: () => answer });
    const end = await rig.run();
    expect(end.status).toBe('FAILED');
    expect(JSON.stringify(failureOf(end))).toMatch(transport === 's3' ? /InvalidBatchAnswer|ItemsFailed/ : /InvalidBatchAnswer/);
    expect(await rig.deadLetters.keys()).toEqual([]);
  });

  test('that names an item twice counts it once', async () => {
    const rig = await deploy(processor, transport, {
      answer: (event) => (numbersIn(event).includes(1) ? { batchItemFailures: [{ itemIdentifier: '1' }, { itemIdentifier: '1' }] } : null),
    });
    expect((await rig.run()).output).toEqual({ items: ITEMS - 1, failed: 1, pages: 3, segments: 1 });
    expect(await lettersOf(rig)).toEqual([1]);
  });
});
