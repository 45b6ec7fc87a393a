/** Letters that are replayed in a real run, with the functions and the rights that are deployed: what failed is processed, each item with the key that it had. */
import { DeployedEtl, Filled, OWN_SERVER, Run } from './deployed-etl';
import { JobsStack, PROCESS } from './jobs-stack';
import { FunctionError } from './remote-functions';
import { isObject, JsonObject, JsonValue, memberOf } from '../../../local/json';
import {
  EmptyRun, FailurePolicy, ItemProcessor, PagedBatchEtlErrors as Errors, PagedBatchEtlProps, PageSource, PageTransport, Partitions, RunContinuation,
} from '../../../src';
import { DeadLetter } from '../../../src/paged-batch-etl/contracts/collect-failures';
import { describeWhereMongo } from '../../support/mongo';

const FETCH = 'Fetch';
const ITEMS = 25;
const BATCH = 5;
/** In the first, the second and the last page of a run. */
const BROKEN = [3, 4, 7, 22];

const perBatch = (stack: JobsStack) => ItemProcessor.perBatch({ handler: stack.relay(PROCESS) });
const items = (stack: JobsStack) => ItemProcessor.perItem({ handler: stack.relay(PROCESS), maxConcurrency: BATCH });
const machine = (stack: JobsStack) => ItemProcessor.stateMachine({ stateMachine: stack.relayMachine(PROCESS) });
const s3 = { transport: PageTransport.s3() };

const variants: Readonly<Record<string, (stack: JobsStack) => Partial<PagedBatchEtlProps>>> = {
  InlineBatches: (stack) => ({ processor: perBatch(stack), batchSize: BATCH, emptyRun: EmptyRun.FAIL }),
  InlineMachines: (stack) => ({ processor: machine(stack), batchSize: BATCH, partitions: Partitions.ofTime({ workers: 2 }) }),
  StoredBatches: (stack) => ({ ...s3, processor: perBatch(stack), batchSize: BATCH, partitions: Partitions.ofTime({ workers: 2 }) }),
  StoredItems: (stack) => ({ ...s3, processor: items(stack) }),
};
const names = Object.keys(variants);

describeWhereMongo('letters that are replayed', () => {
  let etl: DeployedEtl;
  let filled: Filled;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        for (const [name, props] of Object.entries(variants)) {
          const continuation = RunContinuation.supervised({ pagesPerSegment: 2 });
          stack.etl(name, { ...props(stack), continuation, failurePolicy: FailurePolicy.tolerate({ maxItems: 20 }) });
        }
        for (const [name, withDocuments] of [['Custom', true], ['Forgetful', false]] as const) {
          const failurePolicy = FailurePolicy.tolerate({ maxItems: 20, deadLetters: { withDocuments } });
          const source = PageSource.custom({ handler: stack.relay(FETCH) });
          stack.etl(name, { ...s3, processor: perBatch(stack), source, parameters: {}, failurePolicy });
        }
      },
    });
  });
  beforeEach(async () => {
    etl.functions.reset();
    filled = await etl.fill(Array.from({ length: ITEMS }, (_, number) => ({ number })));
  });
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  /** The processor cannot do documents that are as told. */
  function cannotDo(isBroken: (document: JsonValue) => boolean): void {
    etl.functions.behave(PROCESS, (event): JsonValue => {
      const named = itemsOf(event).filter(({ item }) => isBroken(item ?? null));
      if (named.length === 0) return null;
      if (!('items' in event)) throw new FunctionError('ThresholdUnknown', 'nobody knows the delay that LAX tolerates');
      return { batchItemFailures: named.map(({ itemIdentifier }) => ({ itemIdentifier })) };
    });
  }

  async function letters(name: string, { arn }: Run): Promise<DeadLetter[]> {
    const bucket = etl.physicalId('AWS::S3::Bucket', `${name}DeadLetters`);
    const context = { caller: etl.administrator.caller };
    const { objects } = await etl.cloud.s3.list({ bucket, prefix: `dead-letters/${arn.slice(arn.lastIndexOf(':') + 1)}/`, context });
    const texts = await Promise.all(objects.map(async ({ key }) => (await etl.cloud.s3.read({ bucket, key, context })).toString()));
    return texts.flatMap((text) => text.trimEnd().split('\n')).map((line): DeadLetter => JSON.parse(line));
  }

  const sorted = (numbers: readonly unknown[]) => numbers.map(Number).sort((a, b) => a - b);
  const keysOf = (some: readonly { readonly itemIdentifier: string; readonly idempotencyKey: string }[]) => (
    some.map(({ itemIdentifier, idempotencyKey }) => `${itemIdentifier} ${idempotencyKey}`).sort());

  /** A run in which some documents failed, and their letters. */
  async function broken(name: string): Promise<{ readonly run: Run; readonly told: DeadLetter[] }> {
    cannotDo((document) => BROKEN.includes(Number(memberOf(document, 'number'))) && memberOf(document, 'fixed') === undefined);
    const run = await etl.run(name, filled.input);
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS - BROKEN.length, failed: BROKEN.length } });
    etl.functions.forgetCalls();
    return { run, told: await letters(name, run) };
  }

  const replay = async (name: string, { arn }: Run) => etl.run(name, { ...filled.input, replay: arn });
  const fix = async (numbers: readonly number[]) => etl.jobs.updateMany({ number: { $in: [...numbers] } }, { $set: { fixed: true } });

  describe.each(names)('%s', (name) => {
    test('documents that were corrected are processed, as they are now and with the keys that they had', async () => {
      const { run, told } = await broken(name);
      await fix(BROKEN);
      await expect(replay(name, run)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: BROKEN.length, failed: 0 } });
      expect(sorted(etl.processed().map(({ item }) => item.number))).toEqual(BROKEN);
      expect(etl.processed().every(({ item }) => item.fixed === true)).toBe(true);
      expect(keysOf(etl.processed())).toEqual(keysOf(told));
      etl.functions.forgetCalls();
      await expect(replay(name, run)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 0, failed: 0 } });
      expect(etl.processed()).toEqual([]);
    });

    test('what fails once more, or is gone, has letters of the replay, which can be replayed', async () => {
      const { run } = await broken(name);
      await fix([3]);
      await etl.jobs.deleteMany({ number: 7 });
      const second = await replay(name, run);
      expect(second).toMatchObject({ status: 'SUCCEEDED', output: { items: 1, failed: 3 } });
      const told = await letters(name, second);
      expect(told.filter(({ error }) => error === Errors.DOCUMENT_NOT_FOUND)).toHaveLength(1);
      etl.functions.forgetCalls();
      await fix([4, 22]);
      await expect(replay(name, second)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 2, failed: 1 } });
      expect(sorted(etl.processed().map(({ item }) => item.number))).toEqual([4, 22]);
      expect(keysOf(told)).toEqual(expect.arrayContaining(keysOf(etl.processed())));
    });
  });

  describe('a custom source', () => {
    // The last one is too large for a batch, so that the processor is told where it is.
    const documents: readonly JsonObject[] = [{ number: 0 }, { number: 1 }, { number: 2, text: 'x'.repeat(300_000) }];
    const fetched = documents.map((item, index): JsonObject => ({ itemIdentifier: `${index}`, item }));
    beforeEach(() => etl.functions.behave(FETCH, () => ({ items: fetched, cursor: null, done: true })));

    const all = ({ items: some }: JsonObject): JsonValue => ({ batchItemFailures: (Array.isArray(some) ? some : []).map((item) => ({ itemIdentifier: memberOf(item, 'itemIdentifier') ?? '' })) });

    async function allFail(name: string): Promise<string> {
      etl.functions.behave(PROCESS, all);
      const { arn, output } = await etl.run(name, {});
      expect(output).toMatchObject({ items: 0, failed: fetched.length });
      etl.functions.reset();
      return arn;
    }

    test('has its items from the letters, or from where they say, and is not called', async () => {
      const run = await allFail('Custom');
      await expect(etl.run('Custom', { replay: run })).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: fetched.length, failed: 0 } });
      expect(etl.processed().map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual(['0', '1', '2']);
      expect(etl.processed().filter((item) => 'itemAt' in item)).toHaveLength(1);
      expect(etl.functions.calls(FETCH)).toEqual([]);
    });

    test('has nothing to replay where letters have no items, and says what to do', async () => {
      const run = await allFail('Forgetful');
      const { failure } = await etl.run('Forgetful', { replay: run });
      expect(failure).toEqual({ name: Errors.LETTER_WITHOUT_ITEM, message: expect.stringContaining('withDocuments') });
    });
  });

  test('a run without letters has nothing to replay, and a run of another workflow is none', async () => {
    const [name, other] = names;
    const run = await etl.run(name, filled.input);
    await expect(replay(name, run)).resolves.toMatchObject({ status: 'FAILED', failure: { name: Errors.NOTHING_TO_REPLAY } });
    await expect(replay(other, run)).resolves.toMatchObject({ status: 'FAILED', failure: { name: Errors.INVALID_REPLAY } });
    await expect(etl.run(name, { ...filled.input, replay: 'the last one' })).resolves.toMatchObject({ status: 'FAILED', failure: { name: Errors.INVALID_REPLAY } });
    await expect(etl.run(name, { ...filled.input, replay: 5 })).resolves.toMatchObject({ status: 'FAILED', failure: { name: Errors.INVALID_REPLAY } });
  });
}, OWN_SERVER);

function itemsOf(event: JsonObject): JsonObject[] {
  return Array.isArray(event.items) ? event.items.filter(isObject) : [event];
}
