/** The collection of a deployed run: missing, or dropped and made again while the run reads it. */
import { DeployedEtl, OWN_SERVER } from './deployed-etl';
import { PROCESS } from './jobs-stack';
import { MissingCollection, PagedBatchEtlErrors as Errors } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

describeWhereMongo('the collection of a run', () => {
  let etl: DeployedEtl;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        stack.etl('Jobs', { batchSize: 2 });
        stack.etl('Misspelt', { source: stack.source({ collection: 'jbos' }) });
        stack.etl('Later', { source: stack.source({ collection: 'later', ifMissing: MissingCollection.EMPTY }) });
      },
    });
  });
  afterAll(async () => etl?.close());
  beforeEach(() => etl.functions.reset());
  afterEach(() => etl.assertNoFaults());

  const documents = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

  test('has to be there, unless it may be missing', async () => {
    const { input } = await etl.fill(documents(1));
    const run = await etl.run('Misspelt', input);
    expect(run.status).toBe('FAILED');
    expect(run.failure).toEqual({
      name: Errors.COLLECTION_NOT_FOUND,
      message: expect.stringContaining('no collection jbos in the database Analytics; the closest name there is jobs'),
    });
    expect(await etl.run('Later', input)).toMatchObject({ status: 'SUCCEEDED', output: { items: 0 } });
  });

  test('has to be the same to the end: a run that would leave documents out fails, and a new one reads them', async () => {
    const { input, identifiers } = await etl.fill(documents(6));
    const stored = await etl.jobs.find().toArray();
    etl.functions.behave(PROCESS, async () => {
      if (etl.calls().length !== 2) return null;
      await etl.jobs.drop();
      await etl.jobs.insertMany(stored);
      await etl.jobs.createIndex({ runDate: 1, _id: 1 });
      return null;
    });
    const run = await etl.run('Jobs', input);
    expect(run.failure).toEqual({ name: Errors.SOURCE_CHANGED, message: expect.stringContaining('was dropped and made again') });
    expect((await etl.redrive(run)).failure?.name).toBe(Errors.SOURCE_CHANGED);
    etl.functions.reset();
    expect(await etl.run('Jobs', input)).toMatchObject({ status: 'SUCCEEDED' });
    expect(etl.processed().map(({ itemIdentifier }) => itemIdentifier)).toEqual(identifiers);
  });
}, OWN_SERVER);
