import fc from 'fast-check';
import { BSON, Collection, Db, Document } from 'mongodb';
import { insertAsIs, pageRequest, readValues, withFind } from './page-walk';
import { insertRaw, rawDate, rawDocument, rawMember, rawText, RawValue, rawValue } from './raw-documents';
import { PagedBatchEtlErrorName } from '../../../../src/paged-batch-etl/contracts/error-names';
import { MongoSourceConfig } from '../../../../src/paged-batch-etl/contracts/source-function';
import { MongoPageRequest } from '../../../../src/paged-batch-etl/source-functions/mongo/read-mongo-page';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';
import { describeWithMongo } from '../../../support/mongo';

const { SOURCE_LAGGING } = PagedBatchEtlErrorName;

const PAGE_BYTES = 1_500;

interface Stored {
  readonly id: number;
  readonly f: number;
  readonly kind: 'sound' | 'text' | 'date' | 'large' | 'array';
}

/** Somebody changes the collection just before the server is asked for a document for the nth time. */
interface Change {
  readonly at: number;
  readonly what: 'insert' | 'delete' | 'replace';
  readonly pick: number;
  readonly f: number;
}

const number = (value: number): RawValue => rawValue(new BSON.Int32(value));
const f = fc.integer({ min: 0, max: 4 });
const faults = fc.constantFrom<Stored['kind']>('text', 'date', 'large', 'array');
const kind = fc.oneof({ weight: 6, arbitrary: fc.constant<Stored['kind']>('sound') }, { weight: 4, arbitrary: faults });
const document = fc.record<Stored>({ id: fc.integer({ min: 0, max: 40 }), f, kind });
const documents = fc.uniqueArray(document, { selector: ({ id }) => id, minLength: 1, maxLength: 20 });
const changes = fc.array(
  fc.record<Change>({ at: fc.integer({ min: 1, max: 60 }), what: fc.constantFrom('insert', 'delete', 'replace'), pick: fc.nat(100), f }), { maxLength: 12 },
);
const reading = fc.record({
  batchSize: fc.integer({ min: 1, max: 6 }),
  sort: fc.constantFrom(['_id'], ['f', '_id']),
  engine: fc.constantFrom<MongoSourceConfig['engine']>('mongo', 'documentDb'),
  projection: fc.constantFrom(undefined, ['content']),
});

describeWithMongo('documents that cannot be read, while others come and go', (mongo) => {
  let database: Db;
  let collections = 0;

  beforeAll(() => {
    database = mongo().newDatabase('faults');
  });
  afterEach(() => database.dropDatabase());

  async function store(collection: Collection<Document>, { id, f: value, kind: how }: Stored): Promise<void> {
    const raw = (content: RawValue) => insertRaw(mongo(), collection, [
      rawDocument([rawMember('_id', number(id)), rawMember('f', number(value)), rawMember('content', content)]),
    ]);
    if (how === 'text') return raw(rawText(Buffer.from([0x61, 0xff])));
    if (how === 'date') return raw(rawDate(2n ** 63n - 1n));
    return insertAsIs(collection, [{ _id: id, f: how === 'array' ? [value, value + 1] : value, content: how === 'large' ? 'x'.repeat(2 * PAGE_BYTES) : 'x' }]);
  }

  /** Reads to the end; every document that is named is left out then. Never for ever. */
  async function readAll(request: MongoPageRequest, leaveOut: (id: number) => Promise<void>): Promise<number[]> {
    const ids: number[] = [];
    let { cursor } = request;
    for (let attempts = 0; attempts < 300; attempts++) {
      try {
        const page = await readValues({ ...request, cursor });
        ids.push(...page.items.map(({ itemIdentifier }) => Number(BSON.EJSON.parse(itemIdentifier))));
        if (page.done) return ids;
        expect(page.items.length).toBeGreaterThan(0);
        cursor = page.cursor;
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        const named = /document \{"\$numberInt":"(-?\d+)"\}/.exec(error.message)?.[1];
        if (named !== undefined) await leaveOut(Number(named));
        else expect(error.name).toBe(SOURCE_LAGGING);
      }
    }
    throw new Error('Not at the end after 300 attempts');
  }

  test('all that was there throughout and can be read is read once, and the rest is named', async () => {
    await fc.assert(fc.asyncProperty(documents, changes, reading, async (stored, todo, how) => {
      collections += 1;
      const collection = database.collection(`c${collections}`);
      for (const each of stored) await store(collection, each);
      const touched = new Set<number>();
      const named = new Set<number>();
      let asked = 0;
      const change = async () => {
        asked += 1;
        for (const { what, pick, f: value } of todo.filter(({ at }) => at === asked)) {
          const { id, f: old } = stored[pick % stored.length];
          if (what !== 'insert') {
            touched.add(id);
            await collection.deleteOne({ _id: id } as Document);
          }
          if (what === 'replace') await store(collection, { id, f: old, kind: 'sound' });
          if (what === 'insert') await store(collection, { id: (pick % 2 === 0 ? 1 : -1) * (1_000 + asked * 100 + pick), f: value, kind: 'sound' }).catch(() => undefined);
        }
      };
      const changing = withFind(collection, (filter, options) => {
        const cursor = collection.find(filter, options);
        const next = cursor.next.bind(cursor);
        cursor.next = async () => {
          await change();
          return next();
        };
        return cursor;
      });
      const ids = await readAll(pageRequest(changing, { ...how, pageBytes: PAGE_BYTES }), async (id) => {
        named.add(id);
        await collection.deleteOne({ _id: id } as Document);
      });
      const there = stored.filter(({ id }) => !touched.has(id));
      // An array is in the way only where pages are walked by it.
      const isFault = ({ kind: each }: Stored) => each !== 'sound' && (each !== 'array' || how.sort.length > 1);
      expect(ids.filter((id) => there.some((each) => each.id === id)).sort((a, b) => a - b))
        .toEqual(there.filter((each) => !isFault(each)).map(({ id }) => id).sort((a, b) => a - b));
      expect([...named].filter((id) => there.some((each) => each.id === id)).sort((a, b) => a - b))
        .toEqual(there.filter(isFault).map(({ id }) => id).sort((a, b) => a - b));
      expect([...named].filter((id) => !stored.some((each) => each.id === id && isFault(each)))).toEqual([]);
    }), { numRuns: fcRuns(60) });
  }, fcTimeout(60));
}, { own: true });
