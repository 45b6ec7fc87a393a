/** A collection that changes while a run reads: what is there all along is processed once, whatever comes and goes around it. */
import { Document, ObjectId } from 'mongodb';
import { DeployedEtl, Filled, OWN_SERVER } from './deployed-etl';
import { PROCESS } from './jobs-stack';
import { RunContinuation } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const ITEMS = 20;
const BATCH = 4;
const PAGES_PER_SEGMENT = 2;

const constructs = ['Supervised', 'SelfRestarting'];

describeWhereMongo('a collection', () => {
  let etl: DeployedEtl;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        stack.etl('Supervised', { batchSize: BATCH, continuation: RunContinuation.supervised({ pagesPerSegment: PAGES_PER_SEGMENT }) });
        stack.etl('SelfRestarting', { batchSize: BATCH, continuation: RunContinuation.selfRestart({ pagesPerSegment: PAGES_PER_SEGMENT }) });
      },
    });
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  /** Changes the collection while the page of that number is processed. */
  function whilePage(page: number, change: () => Promise<unknown>): void {
    etl.functions.behave(PROCESS, async () => {
      if (etl.calls().length === page + 1) await change();
      return null;
    });
  }

  const names = () => etl.processed().map(({ item }) => item.name);
  const numbered = async (): Promise<Filled> => etl.fill(Array.from({ length: ITEMS }, (_, number) => ({ name: `${number}` })));
  const namesOf = (...numbers: number[]) => numbers.map(String);
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

  /** A document just after the one of that number. */
  function after({ begin }: Filled, number: number, name: string): Document {
    return { _id: new ObjectId(), name, runDate: new Date(begin + number * 1_000 + 500) };
  }

  test.each(constructs)('%s: what is inserted before the place of the run is not read, what is inserted after it is', async (construct) => {
    const filled = await numbered();
    whilePage(2, async () => etl.jobs.insertMany([after(filled, 0, 'too late'), after(filled, 12, 'ahead'), after(filled, 30, 'at the end')]));
    const run = await etl.run(construct, filled.input);
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS + 2, pages: 6 } });
    expect(names()).toEqual([...namesOf(...range(0, 13)), 'ahead', ...namesOf(...range(13, ITEMS)), 'at the end']);
  });

  test.each(constructs)('%s: what is deleted ahead is not read, and where the run stands may be deleted too', async (construct) => {
    const filled = await numbered();
    const window = { runDate: { $gte: new Date(filled.begin), $lt: new Date(filled.begin + 86_400_000) } };
    whilePage(1, async () => etl.jobs.deleteMany({ ...window, name: { $in: namesOf(0, 3, 7, 8, 9, 15) } }));
    await expect(etl.run(construct, filled.input)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS - 3 } });
    expect(names()).toEqual(namesOf(...range(0, 8), ...range(10, 15), ...range(16, ITEMS)));
  });

  test.each(constructs)('%s: when nothing is left of what was announced, the run ends well', async (construct) => {
    const filled = await numbered();
    whilePage(2, async () => etl.jobs.deleteMany({ runDate: { $gte: new Date(filled.begin), $lt: new Date(filled.begin + 86_400_000) } }));
    await expect(etl.run(construct, filled.input)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 12, pages: 3 } });
    expect(names()).toEqual(namesOf(...range(0, 12)));
  });

  test.each(constructs)('%s: documents that keep coming are read until they stop', async (construct) => {
    const filled = await etl.fill(Array.from({ length: BATCH + 1 }, (_, number) => ({ name: `${number}` })));
    const last = 7;
    etl.functions.behave(PROCESS, async () => {
      const page = etl.calls().length;
      // As many as make a page, always at the end, while it is not known that there is an end.
      if (page <= last) await etl.jobs.insertMany(range(0, BATCH).map((index) => after(filled, BATCH * (page + 2) + index, `of page ${page}, ${index}`)));
      return null;
    });
    await expect(etl.run(construct, filled.input)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: BATCH + 1 + BATCH * last, pages: last + 2 } });
    const come = range(1, last + 1).flatMap((page) => range(0, BATCH).map((index) => `of page ${page}, ${index}`));
    expect(names()).toEqual([...namesOf(...range(0, BATCH + 1)), ...come]);
  });

  test.each(constructs)('%s: a document that moves ahead is read again, under the same key', async (construct) => {
    const filled = await numbered();
    whilePage(1, async () => etl.jobs.updateOne({ runDate: new Date(filled.begin) }, { $set: { runDate: new Date(filled.begin + 40_000) } }));
    await expect(etl.run(construct, filled.input)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS + 1 } });
    expect(names()).toEqual(namesOf(...range(0, ITEMS), 0));
    expect(etl.processed().at(-1)).toMatchObject({ itemIdentifier: filled.identifiers[0], idempotencyKey: etl.processed()[0].idempotencyKey });
  });
}, OWN_SERVER);
