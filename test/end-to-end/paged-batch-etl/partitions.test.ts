/** Runs that are divided: read from a real server, through deployed functions. */
import { DeployedEtl, OWN_SERVER } from './deployed-etl';
import { JobsStack, PROCESS } from './jobs-stack';
import { EmptyRun, ItemProcessor, MongoFilter, PagedBatchEtlErrors as Errors, PageTransport, Partitions, RunContinuation } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const processors = {
  PerBatch: (stack: JobsStack) => ItemProcessor.perBatch({ handler: stack.relay(PROCESS) }),
  PerItem: (stack: JobsStack) => ItemProcessor.perItem({ handler: stack.relay(PROCESS) }),
  Machine: (stack: JobsStack) => ItemProcessor.stateMachine({ stateMachine: stack.relayMachine(PROCESS) }),
};
const transports = { Inline: PageTransport.inline(), S3: PageTransport.s3() };

const variants = Object.entries(transports).flatMap(([name, transport]) => (
  Object.entries(processors).map(([processor, make]) => ({ construct: `${name}${processor}`, transport, make }))
));

const DAY = 24 * 3_600_000;

describeWhereMongo('a run that is divided', () => {
  let etl: DeployedEtl;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        const continuation = RunContinuation.supervised({ pagesPerSegment: 2 });
        for (const { construct, transport, make } of variants) {
          const batchSize = construct === 'S3PerItem' ? undefined : 5;
          const partitions = Partitions.ofTime({ workers: 3, slices: 2 });
          stack.etl(construct, { continuation, transport, processor: make(stack), batchSize, partitions });
        }
        stack.etl('ById', {
          parameters: {},
          source: stack.source({ sort: ['_id'], filter: MongoFilter.ejson('{}'), collection: 'jobs' }),
          partitions: Partitions.ofObjectIds({ workers: 2 }),
          emptyRun: EmptyRun.FAIL,
        });
        stack.etl('ByName', {
          parameters: {},
          source: stack.source({ sort: ['name', '_id'], filter: MongoFilter.ejson('{}'), collection: 'names' }),
          partitions: Partitions.at({ boundaries: ['"g"', '"n"'] }),
        });
      },
    });
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  const identifiers = () => etl.processed().map(({ itemIdentifier }) => itemIdentifier).sort();

  test.each(variants)('$construct: every document once, with one key each', async ({ construct }) => {
    const { begin, input, identifiers: all } = await etl.fill([]);
    expect(all).toEqual([]);
    // Some days have many documents, and some have none.
    const jobs = Array.from({ length: 60 }, (_, number) => ({ runDate: new Date(begin + ((number * number) % 23) * (DAY / 24)), number }));
    await etl.jobs.insertMany(jobs);
    const run = await etl.run(construct, input);
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: 60 } });
    expect(etl.processed().map(({ item }) => item.number).sort((a, b) => Number(a) - Number(b))).toEqual(jobs.map(({ number }) => number));
    expect(new Set(etl.processed().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(60);
  });

  test('by ObjectId: a failed page fails the run, and a redrive goes on in each range', async () => {
    const filled = await etl.fill(Array.from({ length: 40 }, (_, number) => ({ number })));
    const all = (await etl.jobs.find({}).toArray()).map(({ _id }) => `{"$oid":"${String(_id)}"}`).sort();
    expect(all).toEqual(expect.arrayContaining([...filled.identifiers]));
    let broken = true;
    etl.functions.behave(PROCESS, ({ items }) => {
      if (broken && JSON.stringify(items).includes('"number":39')) throw new Error('broken');
      return null;
    });
    const run = await etl.run('ById', { batch_size: 3 });
    expect(run.status).toBe('FAILED');
    broken = false;
    // The segment that failed tells the progress of its range. Whoever starts a run with that alone would lose all other ranges.
    const { cause } = await etl.cloud.stepFunctions.call('DescribeExecution', { executionArn: run.arn }, etl.administrator);
    const { progress } = JSON.parse(String(cause)).Input;
    const lost = await etl.run('ById', { batch_size: 3, progress });
    expect(lost.failure).toMatchObject({ name: Errors.INVALID_CURSOR, message: expect.stringContaining('single range') });
    await expect(etl.redrive(run)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: all.length } });
    expect([...new Set(identifiers())]).toEqual(all);
  });

  test('between boundaries: documents of another type are refused before anything is read', async () => {
    const names = etl.jobs.db.collection('names');
    await names.createIndex({ name: 1, _id: 1 });
    await names.insertMany(['a', 'f', 'g', 'h', 'm', 'n', 'z'].map((name) => ({ name })));
    await expect(etl.run('ByName', {})).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 7, pages: 3 } });
    await names.insertOne({ name: 7 });
    const before = etl.processed().length;
    const refused = await etl.run('ByName', {});
    expect(refused).toMatchObject({ status: 'FAILED', failure: { name: Errors.INVALID_PARTITION_KEY, message: expect.stringContaining('is number in the first document') } });
    expect(etl.processed()).toHaveLength(before);
  });

  test('of nothing fails where there must be something', async () => {
    await etl.jobs.deleteMany({});
    await expect(etl.run('ById', {})).resolves.toMatchObject({ status: 'FAILED', failure: { name: Errors.EMPTY_RUN } });
    await expect(etl.run('InlinePerBatch', (await etl.fill([])).input)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 0, pages: 0, segments: 0 } });
  });
}, OWN_SERVER);
