import fc from 'fast-check';
import { Collection, Db, Document, MongoServerError } from 'mongodb';
import { createIndex, Expectation, expectationOf, repair } from './expectation';
import { Reading, readings } from './jobs';
import { distinct, expectNothingMore, expectStableKeys } from './observations';
import { Outcome, runRedriven } from './redriven-run';
import { mostFailures, NO_TROUBLE, repeatsPages, Trouble, TroubleMaker, troubles } from './trouble';
import { sourceOf, WORKFLOWS, Workflows } from './workflows';
import { EtlRig } from '../../support/etl-rig';
import { fcRuns, fcTimeout } from '../../support/fc-runs';
import { describeWithMongo } from '../../support/mongo';
import { MongoReader } from '../../support/mongo-reader';
import { insertAsIs } from '../source-functions/mongo/page-walk';

describeWithMongo('a run over any collection, read by the reader from the server', (mongo) => {
  let database: Db;
  let reader: MongoReader;
  const deployed = new Workflows();
  let collections = 0;

  beforeAll(() => {
    database = mongo().newDatabase('run');
    reader = new MongoReader({ uri: mongo().uri });
  });
  afterAll(async () => reader.close());

  const workflows = fc.constantFrom(...WORKFLOWS);

  async function store(reading: Reading): Promise<{ readonly collection: Collection<Document>; readonly reading: Reading }> {
    collections += 1;
    const collection = database.collection(`c${collections}`);
    await insertAsIs(collection, reading.jobs);
    if (reading.index !== 'fitting') return { collection, reading };
    try {
      await createIndex(collection, reading);
      return { collection, reading };
    } catch (error) {
      // Arrays in two fields of one document: no index can be.
      if (!(error instanceof MongoServerError)) throw error;
      return { collection, reading: { ...reading, index: 'unchecked' } };
    }
  }

  interface Ran {
    readonly rig: EtlRig;
    readonly outcome: Outcome;
    readonly expectation: Expectation;
  }

  async function run(rig: EtlRig, collection: Collection<Document>, reading: Reading, trouble: Trouble): Promise<Ran> {
    const { sort, filter, collation, mixedIdTypes, pageBytes, index } = reading;
    const source = sourceOf(reader, {
      source: {
        database: database.databaseName,
        collection: collection.collectionName,
        sort,
        filter: filter.text,
        ...(collation === undefined ? {} : { collation: { ...collation } as { readonly locale: string } }),
        mixedIdTypes,
        indexCheck: index !== 'unchecked',
      },
      pageBytes,
    });
    const maker = new TroubleMaker(trouble, source, mongo());
    rig.again(maker.hooks);
    const expectation = await expectationOf(collection, reading);
    const outcome = await runRedriven(rig, reading.input, expectation.possible, mostFailures(trouble));
    maker.end();
    await maker.idle();
    return { rig, outcome, expectation };
  }

  test('untroubled: every document once, in order, or a designed error', async () => {
    await fc.assert(fc.asyncProperty(workflows, readings, async (workflow, given) => {
      const rig = await deployed.rig(workflow);
      const { collection, reading } = await store(given);
      const { outcome, expectation } = await run(rig, collection, reading, NO_TROUBLE);
      await expectStableKeys(rig);
      checkOrder(rig, expectation, outcome);
      expect(outcome.failed === undefined && expectation.certain).toBe(false);
      if (outcome.failed === undefined) await expectNothingMore(rig, outcome, workflow);
      else expect(rig.handledItems).toHaveLength(distinct(rig.handledItems).length);
      await collection.drop();
    }), { numRuns: fcRuns(60) });
  }, fcTimeout(60));

  test('with calls that fail, executions that are stopped, and redrives: every document at least once, in order, or a designed error', async () => {
    await fc.assert(fc.asyncProperty(workflows, readings, troubles, async (workflow, given, trouble) => {
      const rig = await deployed.rig(workflow);
      const { collection, reading } = await store(given);
      const { outcome, expectation } = await run(rig, collection, reading, trouble);
      await expectStableKeys(rig);
      checkOrder(rig, expectation, outcome);
      if (!repeatsPages(trouble) && !/(perItem|expressItems)$/.test(workflow)) expect(rig.handledItems.length).toBe(distinct(rig.handledItems).length);
      if (outcome.failed === undefined) {
        expect(expectation.certain).toBe(false);
        if (!outcome.resumed) expect(outcome.output).toMatchObject({ items: expectation.identifiers.length });
      } else {
        await checkRepair(rig, collection, reading, outcome.failed);
      }
      await collection.drop();
    }), { numRuns: fcRuns(60) });
  }, fcTimeout(60));

  /** Redriven, it fails again and does nothing; with its cause removed, it goes on to the end. */
  async function checkRepair(rig: EtlRig, collection: Collection<Document>, reading: Reading, { name, executionArn }: NonNullable<Outcome['failed']>): Promise<void> {
    const before = rig.handledItems.length;
    await rig.redrive(executionArn);
    expect(await rig.broken()).toContainEqual({ executionArn, end: expect.objectContaining({ status: 'FAILED', cause: expect.stringContaining(name) }) });
    expect(rig.handledItems).toHaveLength(before);
    const processed = distinct(rig.handledItems);
    await repair(collection, reading, processed);
    const { identifiers } = await expectationOf(collection, reading);
    await rig.redrive(executionArn);
    expect((await rig.broken()).filter((broken) => broken.executionArn === executionArn)).toEqual([]);
    expect((await rig.ends()).at(-1)?.status).toBe('SUCCEEDED');
    const all = distinct(rig.handledItems);
    expect(all.slice(0, processed.length)).toEqual(processed);
    expect(identifiers.filter((identifier) => !all.includes(identifier))).toEqual([]);
  }
}, { own: true });

/** All in order, or with a designed error all before it. */
function checkOrder(rig: EtlRig, { identifiers, ordered, possible }: Expectation, { failed }: Outcome): void {
  const processed = distinct(rig.handledItems);
  const expected = failed === undefined ? identifiers : identifiers.slice(0, processed.length);
  if (ordered) expect(processed).toEqual(expected);
  else if (failed === undefined) expect([...processed].sort()).toEqual([...expected].sort());
  if (failed !== undefined) expect(possible).toContain(failed.name);
}
