/** Items that fail in a real run, with the functions and the rights that are deployed: letters in S3, counts in the answer, a limit. */
import { DeployedEtl, Filled, OWN_SERVER } from './deployed-etl';
import { JobsStack, PROCESS } from './jobs-stack';
import { FunctionError } from './remote-functions';
import { isObject, JsonObject, JsonValue, memberOf } from '../../../local/json';
import { FailurePolicy, ItemProcessor, PagedBatchEtlErrors as Errors, PagedBatchEtlProps, PageTransport } from '../../../src';
import { DeadLetter } from '../../../src/paged-batch-etl/contracts/collect-failures';
import { describeWhereMongo } from '../../support/mongo';

const ITEMS = 25;
const BATCH = 5;

const perBatch = (stack: JobsStack) => ItemProcessor.perBatch({ handler: stack.relay(PROCESS) });
const expressItems = (stack: JobsStack) => ItemProcessor.perItem({ handler: stack.relay(PROCESS), maxConcurrency: BATCH });
const machine = (stack: JobsStack) => ItemProcessor.stateMachine({ stateMachine: stack.relayMachine(PROCESS) });
const s3 = { transport: PageTransport.s3() };

const variants: Readonly<Record<string, (stack: JobsStack) => Partial<PagedBatchEtlProps>>> = {
  InlineBatches: (stack) => ({ processor: perBatch(stack), batchSize: BATCH }),
  InlineItems: (stack) => ({ processor: expressItems(stack), batchSize: BATCH }),
  InlineMachines: (stack) => ({ processor: machine(stack), batchSize: BATCH }),
  StoredBatches: (stack) => ({ ...s3, processor: perBatch(stack), batchSize: BATCH }),
  StoredItems: (stack) => ({ ...s3, processor: expressItems(stack) }),
};
const names = Object.keys(variants);

describeWhereMongo('a run that tolerates failures', () => {
  let etl: DeployedEtl;
  let filled: Filled;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        for (const [name, props] of Object.entries(variants)) {
          stack.etl(name, { ...props(stack), failurePolicy: FailurePolicy.tolerate({ maxItems: 8, deadLetters: { withDocuments: true } }) });
        }
      },
    });
    filled = await etl.fill(Array.from({ length: ITEMS }, (_, number) => ({ number })));
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  /** The processor cannot do these documents, by their numbers. */
  function cannotDo(numbers: readonly number[]): void {
    etl.functions.behave(PROCESS, (event): JsonValue => {
      const broken = itemsOf(event).filter(({ item }) => numbers.includes(Number(memberOf(item ?? null, 'number'))));
      if (broken.length === 0) return null;
      if (!('items' in event)) throw new FunctionError('ThresholdUnknown', 'nobody knows the delay that LAX tolerates');
      return { batchItemFailures: broken.map(({ itemIdentifier }) => ({ itemIdentifier })) };
    });
  }

  async function letters(name: string, run: string): Promise<DeadLetter[]> {
    const bucket = etl.physicalId('AWS::S3::Bucket', `${name}DeadLetters`);
    const context = { caller: etl.administrator.caller };
    const { objects } = await etl.cloud.s3.list({ bucket, context });
    const texts = await Promise.all(objects.map(async ({ key }) => (await etl.cloud.s3.read({ bucket, key, context })).toString()));
    return texts.flatMap((text) => text.trimEnd().split('\n')).map((line): DeadLetter => JSON.parse(line)).filter((letter) => letter.run === run);
  }

  describe.each(names)('%s', (name) => {
    test('goes past documents that cannot be processed, and tells of each', async () => {
      cannotDo([3, 4, 17]);
      const run = await etl.run(name, filled.input);
      expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS - 3, failed: 3 } });
      const told = await letters(name, run.arn);
      expect(told.map(({ item }) => memberOf(item as JsonValue, 'number')).sort()).toEqual([17, 3, 4]);
      const keys = new Map(etl.processed().map(({ itemIdentifier, idempotencyKey }) => [itemIdentifier, idempotencyKey]));
      for (const { itemIdentifier, idempotencyKey, error } of told) {
        expect(idempotencyKey).toBe(keys.get(itemIdentifier));
        expect(error).toBe(name.endsWith('Items') ? 'ThresholdUnknown' : Errors.BATCH_ITEMS_FAILED);
      }
    });

    test('fails by name when there are too many of them', async () => {
      cannotDo(Array.from({ length: ITEMS }, (_, number) => number));
      const run = await etl.run(name, filled.input);
      expect(run).toMatchObject({ status: 'FAILED', failure: { name: Errors.TOO_MANY_FAILED_ITEMS } });
      expect((await letters(name, run.arn)).length).toBeGreaterThan(8);
    });
  });
}, OWN_SERVER);

function itemsOf(event: JsonObject): JsonObject[] {
  return Array.isArray(event.items) ? event.items.filter(isObject) : [event];
}
