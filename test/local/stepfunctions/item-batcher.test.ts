import fc from 'fast-check';
import { distributed, distributedExecution, MemoryStorage, reader } from './distributed-map-support';
import { list } from './map-run-rig';
import { JsonObject, JsonValue } from '../../../local/json';
import { parseDefinition } from '../../../local/stepfunctions/definition/validate';

/** The batches that these items become. */
async function batches(items: JsonValue[], batcher: JsonObject, input: JsonObject = {}) {
  const { output, error, cause } = await distributedExecution({ ItemsPath: '$.items', ItemBatcher: batcher }, { input: { ...input, items } }).run();
  return error === undefined ? output : { error, cause };
}

function itemsOf(batch: JsonValue): JsonValue[] {
  return typeof batch === 'object' && batch !== null && !Array.isArray(batch) && Array.isArray(batch.Items) ? batch.Items : [];
}

function bytes(value: JsonValue): number {
  return Buffer.byteLength(JSON.stringify(value));
}

test('property: the batches hold every item once, in order, within their limits, and none could take the first item of the next', async () => {
  const item = fc.jsonValue({ maxDepth: 2 }).map((value): JsonValue => JSON.parse(JSON.stringify(value)));
  const both = { MaxItemsPerBatch: fc.integer({ min: 1, max: 5 }), MaxInputBytesPerBatch: fc.integer({ min: 60, max: 400 }) };
  const limits = fc.record(both, { requiredKeys: [] })
    .filter((given) => Object.keys(given).length > 0);
  await fc.assert(fc.asyncProperty(fc.array(item, { maxLength: 12 }), limits, fc.boolean(), async (items, batcher, withInput) => {
    const found = await batches(items, { ...batcher, ...withInput && { BatchInput: { run: 'ä' } } });
    const made = Array.isArray(found) ? found : [];
    expect(made.flatMap(itemsOf)).toEqual(items);
    const { MaxItemsPerBatch: most = Infinity, MaxInputBytesPerBatch: largest = 262_144 } = batcher;
    const fits = (batch: JsonValue) => itemsOf(batch).length <= most && bytes(batch) <= largest;
    made.forEach((batch, index) => {
      expect(fits(batch) || itemsOf(batch).length === 1).toBe(true);
      const [next] = itemsOf(made[index + 1] ?? null);
      if (next !== undefined && typeof batch === 'object') expect(fits({ ...batch, Items: [...itemsOf(batch), next] })).toBe(false);
    });
  }), { numRuns: 150 });
});

test('without a limit of bytes, a batch is as large as a payload can be', async () => {
  const storage = new MemoryStorage({ items: JSON.stringify(Array.from({ length: 10 }, () => 'x'.repeat(60_000))) });
  // All batches together are too large for the output of the state.
  const ResultWriter = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'bucket', Prefix: 'results' } };
  const fields = { ...reader({ InputType: 'JSON' }, { Key: 'items' }), ItemBatcher: { MaxItemsPerBatch: 10 }, ResultWriter };
  expect((await distributedExecution(fields, { storage }).run()).status).toBe('SUCCEEDED');
  const [, ...written] = [...storage.objects.keys()].sort().filter((key) => !key.includes('manifest'));
  const children = list(storage.json(written[0])).map(({ Input }) => JSON.parse(String(Input)));
  expect(children.map((batch) => itemsOf(batch).length)).toEqual([4, 4, 2]);
});

test('BatchInput is filled in, and limits can come from the input, also as texts', async () => {
  const batcher = { BatchInput: { 'run.$': '$.run' }, MaxItemsPerBatchPath: '$.max', MaxInputBytesPerBatchPath: '$.bytes' };
  expect(await batches([1, 2, 3], batcher, { run: 7, max: '2', bytes: 1000 })).toEqual([{ BatchInput: { run: 7 }, Items: [1, 2] }, { BatchInput: { run: 7 }, Items: [3] }]);
});

test('ItemSelector comes first', async () => {
  const fields = { ItemSelector: { 'n.$': '$$.Map.Item.Value' }, ItemBatcher: { MaxItemsPerBatch: 2 } };
  expect((await distributedExecution(fields, { input: [1, 2] }).run()).output).toEqual([{ Items: [{ n: 1 }, { n: 2 }] }]);
});

test('a negative limit is an error of the definition, which nothing catches', async () => {
  expect(await batches([1], { MaxItemsPerBatchPath: '$.max' }, { max: -1 })).toMatchObject({ error: 'States.Runtime' });
});

test.each<[string, JsonObject]>([
  ['no limit', {}], ['a limit twice', { MaxItemsPerBatch: 1, MaxItemsPerBatchPath: '$.a' }],
])('%s is refused when the machine is created', (_, ItemBatcher) => {
  expect(() => parseDefinition(JSON.stringify(distributed({ ItemBatcher })), () => true)).toThrow('/States/Only/ItemBatcher');
});
