import { Collection, MongoClient } from 'mongodb';
import { distinct, expectNothingMore, expectStableKeys } from './observations';
import { errorOf } from './redriven-run';
import { sourceOf, Workflows } from './workflows';
import { clientOptions, createMongoClient } from '../../../src/paged-batch-etl/source-functions/connection/mongo-client';
import { EtlRig } from '../../support/etl-rig';
import { describeWithMongo } from '../../support/mongo';
import { MongoReader, READER_NAME } from '../../support/mongo-reader';

/** The first page asks twice: the server's first answer has 16 documents. */
const BATCH_SIZE = 20;
const ITEMS = 50;
const INPUT = { kind: 'x', low: 0, begin: '2026-11-24', batch_size: BATCH_SIZE };
const everything = Array.from({ length: ITEMS }, (_, number) => `{"$numberInt":"${number}"}`);

describeWithMongo('a server in trouble while a page is read', (mongo) => {
  const deployed = new Workflows();
  let collection: Collection<{ readonly _id: number }>;
  let reader: MongoReader;
  /** Called when the reader asks for the rest of a page. */
  let midPage: () => Promise<void>;
  /** What it does to the server. */
  let underway: Promise<void>;

  beforeAll(async () => {
    collection = mongo().newDatabase('trouble').collection<{ readonly _id: number }>('jobs');
    // Whatever happens to the server, they are there.
    await collection.insertMany(everything.map((_, number) => ({ _id: number })), { writeConcern: { journal: true } });
  });
  beforeEach(() => {
    midPage = async () => undefined;
    underway = Promise.resolve();
  });
  afterEach(async () => {
    await reader.close();
    await mongo().clearFailPoints();
  });

  async function start(workflow: string, remainingMilliseconds?: number): Promise<{ readonly rig: EtlRig; readonly run: string }> {
    reader = new MongoReader({ uri: mongo().uri, remainingMilliseconds, createClient: createWatchedClient });
    const read = sourceOf(reader, { source: { database: collection.dbName, collection: collection.collectionName, sort: ['_id'] } });
    const rig = await deployed.rig(workflow);
    rig.again({
      source: async (event) => {
        try {
          return await read(event);
        } finally {
          await underway;
        }
      },
    });
    return { rig, run: await rig.start(INPUT) };
  }

  /** The client of the handler, but one that does not look for a server for ten seconds, and tells what it asks. */
  const createWatchedClient: typeof createMongoClient = (target, ...rest) => {
    const client = new MongoClient(target.uri, { ...clientOptions(target, ...rest), serverSelectionTimeoutMS: 300, monitorCommands: true });
    client.on('commandStarted', ({ commandName }) => {
      if (commandName !== 'getMore') return;
      const act = midPage;
      midPage = async () => undefined;
      underway = act();
    });
    return client;
  };

  /** The answer to the rest of a page takes long enough for something to happen to the server. */
  async function slowDown(delayMilliseconds: number, times?: number): Promise<void> {
    await mongo().failCommand({ commands: ['getMore'], delayMilliseconds, times, appName: READER_NAME });
  }

  async function expectAll(rig: EtlRig): Promise<void> {
    expect(distinct(rig.handledItems)).toEqual(everything);
    expect(rig.handledItems).toHaveLength(ITEMS);
    await expectStableKeys(rig);
  }

  test('a page is read with two questions', async () => {
    const asked = jest.fn(async () => undefined);
    midPage = asked;
    const { rig } = await start('supervised/3, perBatch');
    expect(await rig.broken()).toEqual([]);
    expect(asked).toHaveBeenCalledTimes(1);
    await expectNothingMore(rig, { output: { items: ITEMS, pages: 3, segments: 1 }, repetitions: 0, resumed: false }, 'supervised/3, perBatch');
  });

  test.each(['supervised/1, perBatch', 'selfRestart/3, perItem', 'supervised/3, expressItems', 'supervised/3, stateMachine'])('killed: the run fails at that page and, redriven, goes on there: %s', async (workflow) => {
    await slowDown(2_000);
    midPage = async () => mongo().kill();
    const { rig } = await start(workflow);
    const [{ executionArn, end }] = await rig.broken();
    expect(errorOf(end)).toBe('SourceUnavailable');
    // The first attempt and four more, or with the waits of a supervised run six times the first one and two more.
    expect([rig.handledItems, rig.read.length]).toEqual([[], workflow.startsWith('selfRestart') ? 5 : 18]);
    await mongo().start();
    expect((await rig.redrive(executionArn)).status).toBe('SUCCEEDED');
    expect(await rig.broken()).toEqual([]);
    await expectAll(rig);
  });

  test('killed and there again before the last attempt: nobody has to do anything', async () => {
    await slowDown(2_000);
    midPage = async () => {
      await mongo().kill();
      await mongo().start();
    };
    const { rig } = await start('supervised/1, perBatch');
    expect(await rig.broken()).toEqual([]);
    expect(rig.read.length).toBeGreaterThan(3);
    await expectAll(rig);
  });

  test('restarted in the orderly way: nobody has to do anything', async () => {
    await slowDown(500);
    midPage = async () => mongo().restart();
    const { rig } = await start('selfRestart/1, perBatch');
    expect(await rig.broken()).toEqual([]);
    await expectAll(rig);
  });

  test('slow: each page has what was read, and none is asked for again', async () => {
    await slowDown(10_000);
    const { rig } = await start('supervised/3, perBatch', 3_000);
    expect(await rig.broken()).toEqual([]);
    expect(rig.read.length).toBeGreaterThan(3);
    expect(new Set(rig.read.map(({ cursor }) => cursor)).size).toBe(rig.read.length);
    await expectAll(rig);
  });

  test('slow once before a page has anything: the page is asked for again', async () => {
    await mongo().failCommand({ commands: ['find'], delayMilliseconds: 10_000, times: 1, appName: READER_NAME });
    const { rig } = await start('supervised/3, perBatch', 3_000);
    expect(await rig.broken()).toEqual([]);
    expect(rig.read).toHaveLength(4);
    await expectAll(rig);
  });

  test('slow for good before a page has anything: the run fails by that name and, redriven at a quicker server, goes on', async () => {
    await mongo().failCommand({ commands: ['find'], delayMilliseconds: 10_000, appName: READER_NAME });
    const { rig } = await start('selfRestart/3, perBatch', 3_000);
    const [{ executionArn, end }] = await rig.broken();
    expect(errorOf(end)).toBe('SourceTimedOut');
    await mongo().clearFailPoints();
    await rig.redrive(executionArn);
    expect(await rig.broken()).toEqual([]);
    await expectAll(rig);
  });
}, { own: true });
