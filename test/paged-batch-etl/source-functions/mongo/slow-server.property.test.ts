import fc from 'fast-check';
import { Collection, MongoClient } from 'mongodb';
import { SlowInvocation, Speed } from './slow-server';
import { MongoConnection } from '../../../../src/paged-batch-etl/source-functions/connection/mongo-connection';
import { PageBatches } from '../../../../src/paged-batch-etl/source-functions/page-object/page-batches';
import { READING_SHARE, storingTime } from '../../../../src/paged-batch-etl/source-functions/page-time';
import { readFromMongo } from '../../../../src/paged-batch-etl/source-functions/reader/read-from-mongo';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { TimeLeft } from '../../../../src/paged-batch-etl/source-functions/time-left';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';
import { describeWithMongo } from '../../../support/mongo';
import { pageRequest, SOURCE } from '../harness';
import { batchesOf } from '../page-object/read-batches';
import { SimulatedBucket } from '../page-object/simulated-bucket';

const DOCUMENTS = 700;

/** Documents of a first answer. */
const FEW = 16;

const KEYS = { key: 'key', index: 'index' };

/** Takes this many milliseconds for an answer, and for each document in it. */
interface Pace {
  readonly answer: number;
  readonly document: number;
}

const aShare = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));

/** Of one twelfth of the time for an answer that has few documents, so that a page of such an answer is sure to fit. */
const paceFor = (milliseconds: number): fc.Arbitrary<Pace> => fc.record({ share: aShare, ofDocuments: aShare }).map(({ share, ofDocuments }) => {
  const most = (share * milliseconds) / 12;
  return { answer: most * (1 - ofDocuments), document: (most * ofDocuments) / FEW };
});

const speedOf = ({ answer, document }: Pace): Speed => (documents) => answer + documents * document;

interface Run {
  readonly identifiers: string[];
  readonly pages: number;
  /** Errors of attempts that gave no page. */
  readonly failures: string[];
  /** Milliseconds that were left to them. */
  readonly leftAfterFailures: number[];
  readonly givenUp: number;
}

interface How {
  readonly transport: 's3' | 'inline';
  readonly sort: string[];
  readonly milliseconds: number;
  readonly batchSize: number;
}

const how: fc.Arbitrary<How> = fc.record({
  transport: fc.constantFrom('s3', 'inline'),
  sort: fc.constantFrom(['_id'], ['f', '_id']),
  milliseconds: fc.constantFrom(20_000, 60_000, 600_000),
  batchSize: fc.constantFrom(20, 400),
});

describeWithMongo('a server that is slow', (mongo) => {
  let collection: Collection<{ _id: number; f: number; text: string }>;
  const all = Array.from({ length: DOCUMENTS }, (_, _id) => `{"$numberInt":"${_id}"}`);

  let client: MongoClient;

  beforeAll(async () => {
    client = mongo().client();
    collection = mongo().newDatabase('slow').collection('jobs');
    await collection.insertMany(all.map((_, _id) => ({ _id, f: Math.floor(_id / 50), text: 'x'.repeat(_id % 40) })));
    await collection.createIndex({ f: 1, _id: 1 });
  });

  /** Reads to the end. Each attempt at a page has the next of the speeds, and the last one for ever. */
  async function run({ transport, sort, milliseconds, batchSize }: How, speeds: readonly Speed[], most: number): Promise<Run> {
    const read: { -readonly [name in keyof Run]: Run[name] } = { identifiers: [], pages: 0, failures: [], leftAfterFailures: [], givenUp: 0 };
    let cursor: string | null = null;
    for (let attempts = 0; attempts < most; attempts += 1) {
      const invocation = new SlowInvocation(milliseconds, speeds[Math.min(attempts, speeds.length - 1)]);
      const time = new TimeLeft(invocation);
      const connection = new MongoConnection(async () => ({ connection: '' }), () => client);
      connection.use = async (work) => work(invocation.client(client));
      const source = { ...SOURCE, tls: false, database: collection.dbName, sort };
      const reader = readFromMongo(source, connection, invocation.within);
      const request = pageRequest({ cursor, batchSize, pageBytes: 180 * 1024, time });
      try {
        const page = transport === 's3' ? await readStored() : await readInline();
        // Then it is ended, and nobody gets the page.
        if (invocation.getRemainingTimeInMillis() < (transport === 's3' ? storingTime(time) : 500)) throw new SourceError('SourceTimedOut', 'at the end');
        read.identifiers.push(...page.identifiers);
        read.pages += 1;
        if (page.done) return read;
        expect(page.identifiers).not.toEqual([]);
        ({ cursor } = page);
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        read.failures.push(`${error.name}: ${error.message}`);
        read.leftAfterFailures.push(invocation.getRemainingTimeInMillis());
      } finally {
        read.givenUp += invocation.givenUp;
      }

      async function readInline() {
        const { page: { items, ...end } } = await reader.read(request);
        return { ...end, identifiers: items.map(({ itemIdentifier }) => itemIdentifier) };
      }

      async function readStored() {
        const bucket = new SimulatedBucket();
        const lines = new PageBatches({
          store: bucket.open(), bucket: 'pages', keys: KEYS, pageBytes: 4e4, batch: { items: 1e3, bytes: 1e6, textBytes: 1e6 }, isLate: () => time.isUsed(READING_SHARE),
        });
        const end = await reader.readTexts(request, lines);
        await lines.finish();
        return { ...end, identifiers: batchesOf(bucket.bytes(KEYS.key), bucket.text(KEYS.index)).flat().map(({ itemIdentifier }) => itemIdentifier) };
      }
    }
    throw new Error(`not at the end after ${most} attempts: ${read.pages} pages, ${read.failures.join()}`);
  }

  test('is read to the end, every document once and no attempt in vain, whatever its speed is at each page, where an answer with few documents fits', async () => {
    const cases = how.chain((one) => fc.tuple(fc.constant(one), fc.array(paceFor(one.milliseconds), { minLength: 1, maxLength: 30 })));
    await fc.assert(fc.asyncProperty(cases, async ([one, paces]) => {
      const { identifiers, failures } = await run(one, paces.map(speedOf), DOCUMENTS);
      expect(failures).toEqual([]);
      expect(identifiers).toEqual(all);
    }), { numRuns: fcRuns(60), endOnFailure: true });
  }, fcTimeout(60));

  test('is asked for no more documents at once than come in time', async () => {
    for (const transport of ['s3', 'inline'] as const) {
      const pace = speedOf({ answer: 0, document: 300 });
      const { identifiers, failures, givenUp } = await run({ transport, sort: ['_id'], milliseconds: 60_000, batchSize: 400 }, [pace], DOCUMENTS);
      expect([identifiers, failures, givenUp]).toEqual([all, [], 0]);
    }
  });

  test.each<[How['transport'], number]>([['s3', 6_000], ['inline', 0]])('leaves time for storing a page (%s)', async (transport, milliseconds) => {
    const commands = [0, 0, Infinity];
    const hanging: Speed = () => commands.shift() ?? 0;
    const { failures, leftAfterFailures: [left] } = await run({ transport, sort: ['_id'], milliseconds: 60_000, batchSize: 400 }, [hanging, () => 0], 10);
    expect(failures).toEqual([expect.stringContaining('SourceTimedOut: The source did not answer')]);
    expect(left - milliseconds).toBeGreaterThanOrEqual(1_500);
    expect(left - milliseconds).toBeLessThan(3_000);
  });

  test('and that hangs now and then is read to the end, every document once, once it does so no more', async () => {
    const cases = how.chain((one) => {
      const pause = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2 * one.milliseconds, noNaN: true }), fc.constant(Infinity));
      return fc.tuple(fc.constant(one), fc.array(fc.array(pause, { maxLength: 8 }), { maxLength: 20 }));
    });
    await fc.assert(fc.asyncProperty(cases, async ([one, pauses]) => {
      const speeds = [...pauses.map((each): Speed => {
        const left = [...each];
        return () => left.shift() ?? 0;
      }), () => 0];
      const { identifiers, failures } = await run(one, speeds, pauses.length + DOCUMENTS);
      expect(identifiers).toEqual(all);
      expect(failures.filter((each) => !each.startsWith('SourceTimedOut'))).toEqual([]);
    }), { numRuns: fcRuns(60), endOnFailure: true });
  }, fcTimeout(60));
});
