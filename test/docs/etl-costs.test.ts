/** What the tables of costs are computed with is what happens. */
import { BSON } from 'mongodb';
import { documentsOf, pagesOfRun } from '../../projenrc/tools/tables/etl-costs';
import { machineFacts } from '../../projenrc/tools/tables/etl-machines';
import { sampleDocument } from '../../projenrc/tools/tables/etl-sample';
import { idempotencyKey } from '../../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { pageRequest, readValues } from '../paged-batch-etl/source-functions/mongo/page-walk';
import { simulate } from '../support/etl-simulation';
import { processors } from '../support/etl-stack';
import { describeWithMongo } from '../support/mongo';

test.each([
  ['perBatch', 'perBatch', 1_000, 40_000], ['perSlowItem', 'perItem', 100, 2_000], ['perSlowItem', 'perItem', 20, 400], ['perItem', 'expressItems', 100, 4_000],
] as const)('a run with %s (%s) of %i items has the transitions that the tables count, but for a few around its pages', async (name, processor, batchSize, items) => {
  const { transitions, executions, usage } = await simulate({ processor: processors[processor], batchSize, items });
  expect(usage.expressRequests).toBe(name === 'perItem' ? items / batchSize : 0);
  const counted = (items / batchSize) * machineFacts(name, { batchSize }).transitionsOf(batchSize);
  expect(transitions).toBeGreaterThanOrEqual(counted);
  expect(transitions - counted).toBeLessThanOrEqual(4 * executions);
});

test('a run walks as many pages as the tables say', () => {
  const { etl } = machineFacts('perBatch');
  expect(pagesOfRun(machineFacts('perBatch'))).toBe((etl.maxItemsPerRun ?? 0) / etl.batchSize);
  expect(pagesOfRun(machineFacts('perBatch', { batchSize: 100 }))).toBe(pagesOfRun(machineFacts('perBatch')));
});

describeWithMongo('documents in a page', (mongo) => {
  test.each([[300, undefined], [1_000, undefined], [3_000, undefined], [50_000, undefined], [3_000, ['_id']]])('of %i bytes, with the projection %j', async (bytes, projection) => {
    const facts = machineFacts('perBatch');
    const database = mongo().newDatabase('costs');
    const documents = Array.from({ length: facts.etl.batchSize + 1 }, (_, number) => sampleDocument(bytes, number));
    await database.collection('c').insertMany(documents);
    const { items } = await readValues(pageRequest(database.collection('c'), {
      batchSize: facts.etl.batchSize, pageBytes: facts.pageBytes, projection, idempotencyKeyOf: (identifier) => idempotencyKey('run', identifier),
    }));
    expect(BSON.calculateObjectSize(documents[0])).toBe(bytes);
    expect(items).toHaveLength(documentsOf(facts, projection === undefined ? bytes : undefined));
    await database.dropDatabase();
  });
});
