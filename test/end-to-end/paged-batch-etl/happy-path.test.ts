/** Runs of the published use case in which nothing goes wrong. */
import { Long, ObjectId } from 'mongodb';
import { DeployedEtl, OWN_SERVER } from './deployed-etl';
import { JobsStack, PROCESS } from './jobs-stack';
import { RunContinuation, ItemProcessor, MongoFilter, RunParameter } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const PAGES_PER_SEGMENT = 2;

const restarts = {
  Supervised: RunContinuation.supervised({ pagesPerSegment: PAGES_PER_SEGMENT }),
  SelfRestarting: RunContinuation.selfRestart({ pagesPerSegment: PAGES_PER_SEGMENT }),
};

const processors = {
  PerBatch: (stack: JobsStack) => ItemProcessor.perBatch({ handler: stack.relay(PROCESS) }),
  PerItem: (stack: JobsStack) => ItemProcessor.perItem({ handler: stack.relay(PROCESS), maxConcurrency: 4 }),
  Express: (stack: JobsStack) => ItemProcessor.perItem({ handler: stack.relay(PROCESS), maxConcurrency: 40 }),
  Machine: (stack: JobsStack) => ItemProcessor.stateMachine({ stateMachine: stack.relayMachine(PROCESS) }),
};

const variants = Object.entries(restarts).flatMap(([restart, continuation]) => (
  Object.entries(processors).map(([name, processor]) => ({ construct: `${restart}${name}`, continuation, processor }))
));

const TEAM = new ObjectId('65a1f0c2e4b0a1b2c3d4e5f6');
const LARGE = '9007199254740993';

describeWhereMongo('a run of', () => {
  let etl: DeployedEtl;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        for (const { construct, continuation, processor } of variants) {
          stack.etl(construct, { continuation, processor: processor(stack), batchSize: 40 });
        }
        stack.etl('Filtered', {
          source: stack.source({
            collection: 'filtered',
            filter: MongoFilter.ejson(`{
              "team": "$$team", "deleted": null, "size": { "$eq": { "$numberLong": "${LARGE}" } }, "label": "$$label", "count": "$$count",
              "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" }
            }`),
          }),
          parameters: {
            date_begin: RunParameter.date({ timeZone: 'Europe/Berlin' }),
            date_end: RunParameter.date({ timeZone: 'Europe/Berlin' }),
            team: RunParameter.objectId(),
            label: RunParameter.text(),
            count: RunParameter.integer({ defaultValue: 7 }),
          },
        });
      },
    });
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  const identifiers = () => etl.processed().map(({ itemIdentifier }) => itemIdentifier);

  describe.each(variants)('$construct', ({ construct }) => {
    test('processes every document of the window once, in order, through restarts', async () => {
      const filled = await etl.fill(Array.from({ length: 90 }, (_, number) => ({ number })));
      const before = etl.executions.length;
      const run = await etl.run(construct, { ...filled.input, batch_size: 20 });

      expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: 90, pages: 5, segments: 3 } });
      expect(identifiers()).toEqual(filled.identifiers);
      expect(new Set(etl.processed().map(({ idempotencyKey }) => idempotencyKey)).size).toBe(90);
      expect(etl.processed().map(({ item }) => item.number)).toEqual(filled.identifiers.map((_, number) => number));
      const called = etl.functions.calls<{ run: { id: string; page: number }; parameters: object }>(PROCESS);
      expect([...new Set(called.map(({ run: { page } }) => page))]).toEqual([0, 1, 2, 3, 4]);
      expect(new Set(called.map(({ run: { id } }) => id))).toEqual(new Set([run.arn]));
      for (const { parameters } of called) expect(parameters).toEqual(filled.input);
      // Every segment, or every execution after the first, is an execution, and so is every page of a state machine or of items in an Express execution.
      const pages = /Machine$|SupervisedExpress$/.test(construct) ? 5 : 0;
      expect(etl.executions.length - before - pages).toBe(construct.startsWith('Supervised') ? 4 : 3);
    });

    test('ends well without calling the processor when the window is empty', async () => {
      const { input } = await etl.fill([]);
      await expect(etl.run(construct, input)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 0, pages: 0, segments: 1 } });
      expect(etl.calls()).toEqual([]);
    });
  });

  test.each([
    [1, 20, 1, 1], [20, 20, 1, 1], [21, 20, 2, 1], [40, 20, 2, 1], [60, 20, 3, 2], [3, 1, 3, 2],
  ])('%d documents by %d is %d pages in %d segments, without an empty one', async (count, batchSize, pages, segments) => {
    for (const construct of ['SupervisedPerBatch', 'SelfRestartingPerBatch']) {
      etl.functions.reset();
      const filled = await etl.fill(Array.from({ length: count }, () => ({})));
      const run = await etl.run(construct, { ...filled.input, batch_size: batchSize });
      expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: count, pages, segments } });
      expect(identifiers()).toEqual(filled.identifiers);
      expect(etl.calls()).toHaveLength(pages);
    }
  });

  test('a filter of dates in a time zone, an int64, an ObjectId, a text that looks like an operator, and null', async () => {
    const filtered = etl.database.collection('filtered');
    await filtered.createIndex({ team: 1, deleted: 1, size: 1, label: 1, count: 1, runDate: 1, _id: 1 });
    const good = { team: TEAM, size: Long.fromString(LARGE), label: '$runDate', count: 7, runDate: new Date('2026-03-28T23:00:00Z') };
    await filtered.insertMany([
      { name: 'first moment of the day', ...good },
      { name: 'explicit null', ...good, deleted: null },
      { name: 'last moment of a day of 23 hours', ...good, runDate: new Date('2026-03-29T21:59:59.999Z') },
      { name: 'day before', ...good, runDate: new Date('2026-03-28T22:59:59.999Z') },
      { name: 'day after', ...good, runDate: new Date('2026-03-29T22:00:00Z') },
      { name: 'another team', ...good, team: new ObjectId() },
      { name: 'team as text', ...good, team: TEAM.toHexString() },
      { name: 'deleted', ...good, deleted: new Date() },
      { name: 'a size that a double takes for the same', ...good, size: Long.fromString('9007199254740992') },
      { name: 'another label', ...good, label: new Date('2026-03-28T23:00:00Z') },
      { name: 'another count', ...good, count: 8 },
    ]);
    const rest = { team: TEAM.toHexString(), label: '$runDate' };
    const expected = ['first moment of the day', 'explicit null', 'last moment of a day of 23 hours'];
    for (const [date_begin, date_end] of [['2026-03-29', '2026-03-30'], ['2026-03-29T00:00:00+01:00', '2026-03-29T22:00:00Z']]) {
      etl.functions.reset();
      const run = await etl.run('Filtered', { date_begin, date_end, ...rest });
      expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: 3 } });
      expect(etl.processed().map(({ item }) => item.name)).toEqual(expected);
      expect(etl.calls()[0].parameters).toEqual({ date_begin, date_end, ...rest, count: 7 });
    }
    etl.functions.reset();
    await expect(etl.run('Filtered', { date_begin: '2026-03-29', date_end: '2026-03-30', ...rest, count: 8 })).resolves.toMatchObject({ output: { items: 1 } });
    expect(etl.processed().map(({ item }) => item.name)).toEqual(['another count']);
  });

  test('few connections serve all pages: they are kept between the calls of the source function', async () => {
    const connections = async () => Number((await etl.server.client().db('admin').command({ serverStatus: 1 })).connections.totalCreated);
    const filled = await etl.fill(Array.from({ length: 60 }, () => ({})));
    await etl.run('SupervisedPerBatch', { ...filled.input, batch_size: 20 });
    const before = await connections();
    await expect(etl.run('SupervisedPerBatch', { ...filled.input, batch_size: 2 })).resolves.toMatchObject({ output: { pages: 30 } });
    // The client of the test may make one, too.
    expect(await connections() - before).toBeLessThan(6);
  });
}, OWN_SERVER);

