/** Processors that fail, and runs that are stopped: a redrive completes what is missing, each item under the same key. */
import { DeployedEtl, Filled, OWN_SERVER, ProcessedItem } from './deployed-etl';
import { JobsStack, PROCESS } from './jobs-stack';
import { FunctionError } from './remote-functions';
import { JsonValue, memberOf } from '../../../local/json';
import { RunContinuation, ItemProcessor, PagedBatchEtlErrors as Errors } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const ITEMS = 25;
const BATCH = 5;
const options = { batchSize: BATCH };
const supervised = { ...options, continuation: RunContinuation.supervised({ pagesPerSegment: 2 }) };
const selfRestart = { ...options, continuation: RunContinuation.selfRestart({ pagesPerSegment: 2 }) };

const perBatch = (stack: JobsStack) => ItemProcessor.perBatch({ handler: stack.relay(PROCESS) });
/** In the segment: all attempts at five items do not fit into an Express execution, if two are tried at the same time. */
const perItem = (stack: JobsStack) => ItemProcessor.perItem({ handler: stack.relay(PROCESS), maxConcurrency: 2 });
const expressItems = (stack: JobsStack) => ItemProcessor.perItem({ handler: stack.relay(PROCESS), maxConcurrency: BATCH });
const machine = (stack: JobsStack) => ItemProcessor.stateMachine({ stateMachine: stack.relayMachine(PROCESS) });

const variants = {
  SegmentedBatches: { ...supervised, processor: perBatch },
  SegmentedItems: { ...supervised, processor: perItem },
  SegmentedExpressItems: { ...supervised, processor: expressItems },
  SegmentedMachines: { ...supervised, processor: machine },
  LinkedBatches: { ...selfRestart, processor: perBatch },
  LinkedItems: { ...selfRestart, processor: perItem },
  LinkedMachines: { ...selfRestart, processor: machine },
};
const names = Object.keys(variants);
const batches = names.filter((name) => !name.endsWith('Items'));

describeWhereMongo('a processor', () => {
  let etl: DeployedEtl;
  let filled: Filled;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        for (const [name, { processor, ...props }] of Object.entries(variants)) stack.etl(name, { ...props, processor: processor(stack) });
      },
    });
    filled = await etl.fill(Array.from({ length: ITEMS }, (_, number) => ({ number })));
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  /** Lets calls of the processor for that page fail this many times; what is answered otherwise. */
  function failAtPage(page: number, times: number, fail: () => JsonValue | Promise<JsonValue>): void {
    let failed = 0;
    etl.functions.behave(PROCESS, async (event) => (memberOf(event.run, 'page') === page && failed++ < times ? fail() : null));
  }

  /** Everything was processed, each item under one key; answers how often each was. */
  function expectComplete(): Map<string, number> {
    const keys = new Map<string, Set<string>>();
    const counts = new Map<string, number>();
    for (const { itemIdentifier, idempotencyKey } of etl.processed()) {
      keys.set(itemIdentifier, (keys.get(itemIdentifier) ?? new Set()).add(idempotencyKey));
      counts.set(itemIdentifier, (counts.get(itemIdentifier) ?? 0) + 1);
    }
    expect(new Set(keys.keys())).toEqual(new Set(filled.identifiers));
    for (const each of keys.values()) expect(each.size).toBe(1);
    expect(new Set([...keys.values()].flatMap((each) => [...each])).size).toBe(ITEMS);
    return counts;
  }

  const broken = () => {
    throw new FunctionError('ThresholdUnknown', 'nobody knows the delay that LAX tolerates');
  };

  describe.each(names)('%s', (name) => {
    const succeeded = { status: 'SUCCEEDED', output: { items: ITEMS, pages: 5, segments: 3 } };

    test('that fails a few times is called again, and the run succeeds', async () => {
      // A state machine of the user retries by itself, or not at all.
      const times = name.endsWith('Machines') ? 0 : 2;
      failAtPage(3, times, broken);
      const run = await etl.run(name, filled.input);
      expect(run).toMatchObject(succeeded);
      expect(etl.errorsOf(run)).toEqual(Array.from({ length: times }, () => 'ThresholdUnknown'));
      expectComplete();
    });

    test('that fails for good fails the run at its page, and a redrive goes on there', async () => {
      failAtPage(3, Infinity, broken);
      const failed = await etl.run(name, filled.input);
      expect(failed.status).toBe('FAILED');
      // In place of the error of a state machine, its parent has that machine's description.
      if (name.endsWith('Machines')) expect(JSON.stringify(failed.failure)).toContain('ThresholdUnknown');
      else expect(failed.failure).toEqual({ name: 'ThresholdUnknown', message: 'nobody knows the delay that LAX tolerates' });
      if (name.startsWith('Linked')) expect(lastState(failed.lastArn)).toBe(name.endsWith('Items') ? 'Process Item' : 'Process Page');
      else expect([failed.error, lastState(failed.lastArn)]).toEqual(['States.TaskFailed', 'Run Segment']);
      const before = etl.processed();
      expect(new Set(before.map(pageOfItem))).toEqual(new Set([0, 1, 2, 3]));

      etl.functions.behave(PROCESS, () => null);
      await expect(etl.redrive(failed)).resolves.toMatchObject({ ...succeeded, output: { items: ITEMS, pages: 5 } });
      const counts = expectComplete();
      // Nothing but the failed page was processed more than once.
      for (const [index, identifier] of filled.identifiers.entries()) {
        if (Math.floor(index / BATCH) !== 3) expect([index, counts.get(identifier)]).toEqual([index, 1]);
      }
    });

    test('of a run that is stopped while it works goes on after a redrive', async () => {
      let run = '';
      failAtPage(3, 1, async () => {
        const current = name.startsWith('Linked') ? etl.executions.filter((arn) => arn.includes(`${name}Workflow`)).at(-1) : run;
        await etl.stop(current ?? '');
        return null;
      });
      run = await etl.start(name, filled.input);
      const stopped = await etl.ended(run);
      expect(stopped.status).toBe('ABORTED');
      await expect(etl.redrive(stopped)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS, pages: 5 } });
      const counts = expectComplete();
      // At most the segment in which it was stopped is repeated: pages 2 and 3.
      filled.identifiers.slice(0, 2 * BATCH).forEach((identifier) => expect(counts.get(identifier)).toBe(1));
    });
  });

  describe.each(batches)('%s', (name) => {
    test('that names failed items fails the run by name, at once; a redrive processes the page again', async () => {
      const [first, second] = filled.identifiers.slice(2 * BATCH + 1);
      failAtPage(2, Infinity, () => ({ batchItemFailures: [first, second].map((itemIdentifier) => ({ itemIdentifier })) }));
      const failed = await etl.run(name, filled.input);
      expect(failed).toMatchObject({
        status: 'FAILED',
        failure: { name: Errors.BATCH_ITEMS_FAILED, message: expect.stringContaining('Failed items that the processor named: 2') },
      });
      expect(failed.failure?.message).toContain(JSON.stringify({ itemIdentifier: first }));
      expect(etl.calls()).toHaveLength(3);
    });

    test.each<JsonValue>([null, '', {}, { processed: 3 }, { batchItemFailures: [], note: 'x' }])('that answers %j has processed the page', async (answer) => {
      etl.functions.behave(PROCESS, () => answer);
      await expect(etl.run(name, filled.input)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS } });
      expect(etl.calls()).toHaveLength(5);
    });

    test.each<JsonValue>(['done', 5, true, ['x'], { batchItemFailures: 'x' }, { batchItemFailures: { itemIdentifier: 'x' } }, { failures: 1 }])('that answers %j fails the run', async (answer) => {
      etl.functions.behave(PROCESS, () => answer);
      const run = await etl.run(name, filled.input);
      expect(run).toMatchObject({ status: 'FAILED', failure: { name: Errors.INVALID_BATCH_ANSWER } });
      expect(etl.calls()).toHaveLength(1);
    });
  });

  test.each(['SegmentedBatches', 'SegmentedMachines'])('of %s, repaired after it named failed items, gets the page again under the same keys', async (name) => {
    failAtPage(2, 1, () => ({ batchItemFailures: [{ itemIdentifier: filled.identifiers[2 * BATCH] }] }));
    const failed = await etl.run(name, filled.input);
    await expect(etl.redrive(failed)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS, pages: 5 } });
    const counts = expectComplete();
    expect(filled.identifiers.filter((identifier) => counts.get(identifier) === 2)).toEqual(filled.identifiers.slice(2 * BATCH, 3 * BATCH));
  });

  test.each(['LinkedBatches', 'LinkedMachines'])('of %s, repaired after it named failed items, goes on in a run with the progress in the cause', async (name) => {
    failAtPage(2, 1, () => ({ batchItemFailures: [{ itemIdentifier: filled.identifiers[2 * BATCH] }] }));
    const failed = await etl.run(name, filled.input);
    const [, progress] = /start a run with "progress": (\{.*?\})\. /.exec(failed.failure?.message ?? '') ?? [];
    const again = await etl.run(name, { ...filled.input, progress: JSON.parse(progress) });
    expect(again).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS - 2 * BATCH, pages: 3 } });
    // The keys are those of the first run, because the progress carries it.
    const counts = expectComplete();
    expect(filled.identifiers.filter((identifier) => counts.get(identifier) === 2)).toEqual(filled.identifiers.slice(2 * BATCH, 3 * BATCH));
  });

  function lastState(executionArn: string): string | undefined {
    return etl.historyOf(executionArn).filter(({ type }) => type.endsWith('StateEntered')).at(-1)?.details.state;
  }

  function pageOfItem({ itemIdentifier }: ProcessedItem): number {
    return Math.floor(filled.identifiers.indexOf(itemIdentifier) / BATCH);
  }
}, OWN_SERVER);
