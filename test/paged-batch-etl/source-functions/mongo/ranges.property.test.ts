import fc from 'fast-check';
import { BSON, Collection, Db, Document, Long, ObjectId } from 'mongodb';
import { anyKeyValue, distinctIds, TYPE_NAMES, valuesOf } from './bson-values';
import { insertAsIs, pageRequest, PageRequestChanges, readValues } from './page-walk';
import { PagedBatchEtlErrorName } from '../../../../src/paged-batch-etl/contracts/error-names';
import { PartitionRule } from '../../../../src/paged-batch-etl/contracts/plan-ranges';
import { compareBson, typeRank } from '../../../../src/paged-batch-etl/source-functions/mongo/bson-order';
import { isBound } from '../../../../src/paged-batch-etl/source-functions/mongo/key-bounds';
import { planRanges } from '../../../../src/paged-batch-etl/source-functions/mongo/plan-ranges';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';
import { describeWithMongo } from '../../../support/mongo';

const { MIXED_KEY_TYPES, INVALID_PARTITION_KEY, CURSOR_TYPE_GAP, CURSOR_TOO_LARGE } = PagedBatchEtlErrorName;

/** Types of which an `_id` can be, and of which there are values to divide by. */
const idType = fc.constantFrom(...TYPE_NAMES.filter((name) => !['bool', 'null', 'minKey', 'maxKey'].includes(name)));

/** Something that happens in the collection while workers read: a document comes, or one goes. */
interface Change {
  readonly kind: 'insert' | 'delete';
  readonly pick: number;
  /** Of the workers, which reads a page next. */
  readonly worker: number;
}

const changes = fc.array(fc.record<Change>({
  kind: fc.constantFrom('insert', 'delete'), pick: fc.nat(), worker: fc.nat(),
}), { minLength: 10, maxLength: 40 });

function canonical(value: unknown): string {
  return BSON.EJSON.stringify(value, { relaxed: false });
}

describeWithMongo('ranges of a run', (mongo) => {
  let database: Db;
  let collections = 0;

  beforeAll(() => {
    database = mongo().newDatabase('ranges');
  });
  afterEach(() => database.dropDatabase());

  async function newCollection(stored: readonly Document[]): Promise<Collection<Document>> {
    collections += 1;
    const collection = await database.createCollection(`c${collections}`);
    await insertAsIs(collection, stored);
    return collection;
  }

  interface Run {
    /** How often each document was read, by its identifier. */
    readonly read: ReadonlyMap<string, number>;
    readonly ranges: number;
    readonly error?: SourceError;
  }

  /** All workers, a page at a time in any order, and what happens between pages. */
  async function run(
    collection: Collection<Document>, rule: PartitionRule, over: PageRequestChanges, between: (step: number) => Promise<number> = async () => 0,
  ): Promise<Run> {
    const request = pageRequest(collection, over);
    const read = new Map<string, number>();
    let ranges = 0;
    try {
      const cursors: (string | null)[] = await planRanges(request, rule);
      ranges = cursors.length;
      for (let step = 0; cursors.length > 0; step += 1) {
        if (step > 2_000) throw new Error('The workers do not come to an end');
        const worker = await between(step) % cursors.length;
        const { items, cursor, done } = await readValues({ ...request, cursor: cursors[worker] });
        for (const { itemIdentifier } of items) read.set(itemIdentifier, (read.get(itemIdentifier) ?? 0) + 1);
        if (done) cursors.splice(worker, 1);
        else cursors[worker] = cursor;
      }
      return { read, ranges, error: undefined };
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return { read, ranges, error };
    }
  }

  /**
   * Writes between pages, at the boundaries above all.
   *
   * @returns what was there from the beginning to the end, and what was there at all
   */
  async function runWithChanges(
    stored: readonly Document[], spare: readonly Document[], rule: PartitionRule, over: PageRequestChanges, list: readonly Change[],
  ) {
    const collection = await newCollection(stored);
    const stayed = new Set(stored.map(({ _id }) => canonical(_id)));
    const toInsert = [...spare];
    const outcome = await run(collection, rule, over, async (step) => {
      const { kind, pick, worker } = list[step % list.length];
      if (step >= list.length) return worker;
      if (kind === 'insert' && toInsert.length > 0) {
        await insertAsIs(collection, toInsert.splice(pick % toInsert.length, 1));
      } else if (stayed.size > 0) {
        const { _id } = stored.filter((document) => stayed.has(canonical(document._id)))[pick % stayed.size];
        await collection.deleteOne({ _id: { $eq: _id } });
        stayed.delete(canonical(_id));
      }
      return worker;
    });
    return { ...outcome, stayed, there: new Set([...stored, ...spare].map(({ _id }) => canonical(_id))) };
  }

  let finished = 0;
  beforeEach(() => {
    finished = 0;
  });

  /** Each document at most once, and each that stayed exactly once. */
  function check({ read, stayed, there, error }: Awaited<ReturnType<typeof runWithChanges>>, allowed: readonly string[] = []): void {
    for (const [identifier, times] of read) expect([identifier, times, there.has(identifier)]).toEqual([identifier, 1, true]);
    if (error !== undefined) expect(allowed).toContain(error.name);
    else expect([...stayed].filter((identifier) => !read.has(identifier))).toEqual([]);
    if (error === undefined) finished += 1;
  }

  const limits = fc.record({ batchSize: fc.integer({ min: 1, max: 8 }), pageBytes: fc.constantFrom(700, 180 * 1024) });

  test('by boundaries, with values of _id of any one type: each document in exactly one range, whatever is written or deleted at the boundaries', async () => {
    const collectionOf = idType.chain((type) => fc.record({
      ids: fc.uniqueArray(valuesOf(type), { selector: canonical, minLength: 1, maxLength: 25 }),
      boundaries: fc.array(valuesOf(type), { minLength: 1, maxLength: 5 }),
    }));
    await fc.assert(fc.asyncProperty(collectionOf, fc.nat(), limits, changes, async ({ ids, boundaries }, pick, over, list) => {
      // Half of the documents are written while workers read, and half of the boundaries are keys of documents.
      const all = distinctIds(ids.map((_id) => ({ _id })));
      const [stored, spare] = [all.filter((_, index) => index % 2 === 0), all.filter((_, index) => index % 2 === 1)];
      const given = [...boundaries, ...ids.slice(0, pick % 4)].filter(isBound);
      const rule = { by: 'boundaries' as const, boundaries: ascending(given).map(canonical) };
      // NaN may be written after the ranges were made.
      check(await runWithChanges(stored, spare, rule, over, list), [INVALID_PARTITION_KEY, CURSOR_TOO_LARGE, MIXED_KEY_TYPES]);
    }), { numRuns: fcRuns(150) });
    expect(finished).toBeGreaterThan(fcRuns(150) / 2);
  }, fcTimeout(150));

  test('by boundaries, with values of _id of several types, compared across types', async () => {
    const collectionOf = fc.record({
      ids: fc.uniqueArray(anyKeyValue, { selector: canonical, minLength: 1, maxLength: 25 }), boundaries: fc.array(anyKeyValue, { maxLength: 5 }),
    });
    await fc.assert(fc.asyncProperty(collectionOf, limits, changes, async ({ ids, boundaries }, over, list) => {
      const all = distinctIds(ids.map((_id) => ({ _id })));
      const given = [...boundaries, ...ids.slice(0, boundaries.length)].filter(isBound);
      const rule = { by: 'boundaries' as const, boundaries: ascending(given).map(canonical) };
      check(await runWithChanges(all, [], rule, { ...over, mixedIdTypes: true }, list), [INVALID_PARTITION_KEY, CURSOR_TOO_LARGE]);
    }), { numRuns: fcRuns(40) });
    expect(finished).toBeGreaterThan(fcRuns(40) / 2);
  }, fcTimeout(40));

  test('by time and by ObjectId: empty ranges, hot ranges, more ranges than values', async () => {
    const time = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: -8.64e15, max: 8.64e15 })).map((milliseconds) => new Date(milliseconds));
    const few = fc.integer({ min: 0, max: 9 }).map((last) => new Uint8Array([...new Uint8Array(11), last]));
    const objectId = fc.oneof(fc.uint8Array({ minLength: 12, maxLength: 12 }), few).map((bytes) => new ObjectId(bytes));
    const documents = fc.uniqueArray(fc.record({ _id: objectId, at: time }), { selector: ({ _id }) => canonical(_id), minLength: 1, maxLength: 25 });
    const rule = fc.record({ by: fc.constantFrom('time' as const, 'objectId' as const), ranges: fc.integer({ min: 1, max: 12 }) });
    await fc.assert(fc.asyncProperty(documents, rule, limits, changes, async (all, partitions, over, list) => {
      const sort = partitions.by === 'time' ? ['at', '_id'] : ['_id'];
      const [stored, spare] = [all.slice(0, Math.ceil(all.length / 2)), all.slice(Math.ceil(all.length / 2))];
      const outcome = await runWithChanges(stored, spare, partitions, { ...over, sort }, list);
      check(outcome);
      expect(outcome.ranges).toBeLessThanOrEqual(partitions.ranges);
    }), { numRuns: fcRuns(150) });
  }, fcTimeout(150));

  test('documents of another type, before or after the ranges were made: read, or a typed error, and never left out', async () => {
    const value = fc.oneof({ weight: 6, arbitrary: fc.date({ noInvalidDate: true }) }, { weight: 1, arbitrary: anyKeyValue });
    const values = fc.array(value, { minLength: 1, maxLength: 12 });
    const rule = fc.record({ by: fc.constant('time' as const), ranges: fc.integer({ min: 1, max: 5 }) });
    await fc.assert(fc.asyncProperty(values, values, rule, limits, async (before, later, partitions, over) => {
      const collection = await newCollection(before.map((at, _id) => ({ _id, at })));
      const after = later.map((at, index) => ({ _id: 1_000 + index, at }));
      const request = { ...over, sort: ['at', '_id'] };
      // All of it is written when the ranges are made, and before any of them is read.
      const { read, error, ranges } = await run(collection, partitions, request, async (step) => {
        if (step === 0) await insertAsIs(collection, after);
        return 0;
      });
      const types = new Set([...before, ...(ranges > 0 ? later : [])].map(typeRank));
      if (types.size === 1 && error === undefined) expect(read.size).toBe(before.length + after.length);
      else expect([INVALID_PARTITION_KEY, MIXED_KEY_TYPES, CURSOR_TYPE_GAP]).toContain(error?.name);
    }), { numRuns: fcRuns(150) });
  }, fcTimeout(150));

  test('NaN, which no comparison finds, is an error, before or after the ranges were made', async () => {
    const rule = { by: 'boundaries' as const, boundaries: ['5'] };
    const [before, after] = [await newCollection([{ _id: Number.NaN }, { _id: 1 }, { _id: 9 }]), await newCollection([{ _id: 1 }, { _id: 9 }])];
    expect((await run(before, rule, {})).error?.name).toBe(INVALID_PARTITION_KEY);
    const late = await run(after, rule, {}, async (step) => {
      if (step === 0) await insertAsIs(after, [{ _id: Number.NaN }]);
      return 0;
    });
    expect(late.error?.name).toBe(MIXED_KEY_TYPES);
  });

  test('one hot range: everything has the same time', async () => {
    const at = new Date('2026-11-24T00:00:00Z');
    const collection = await newCollection(Array.from({ length: 30 }, (_, n) => ({ _id: Long.fromNumber(n), at })));
    const { read, ranges } = await run(collection, { by: 'time', ranges: 8 }, { sort: ['at', '_id'], batchSize: 4 });
    expect([ranges, read.size]).toEqual([1, 30]);
  });

  test('ranges are read by the index that the source needs, and by the one of _id where types are compared', async () => {
    const collection = await newCollection(Array.from({ length: 40 }, (_, n) => ({ _id: n % 2 === 0 ? n : `${n}`, at: new Date(n), kind: n % 3 })));
    await collection.createIndex({ kind: 1, at: 1, _id: 1 });
    const byTime = { filter: { kind: 1, at: { $gte: new Date(0) } }, sort: ['at', '_id'], indexCheck: true, batchSize: 3, mixedIdTypes: true };
    expect(await run(collection, { by: 'time', ranges: 4 }, byTime)).toMatchObject({ ranges: 4, read: { size: 13 }, error: undefined });
    const byId = { indexCheck: true, batchSize: 3, mixedIdTypes: true };
    expect(await run(collection, { by: 'boundaries', boundaries: ['10', '"2"', '"31"'] }, byId)).toMatchObject({ ranges: 4, read: { size: 40 }, error: undefined });
    await collection.dropIndexes();
    expect((await run(collection, { by: 'time', ranges: 4 }, byTime)).error?.name).toBe(PagedBatchEtlErrorName.UNINDEXED_QUERY);
  });

  test('nothing to read has no ranges', async () => {
    const collection = await newCollection([]);
    expect(await planRanges(pageRequest(collection), { by: 'objectId', ranges: 8 })).toEqual([]);
  });

  test('a collection with a collation of its own is not divided by texts', async () => {
    collections += 1;
    const collection = await database.createCollection(`c${collections}`, { collation: { locale: 'en', strength: 1 } });
    await insertAsIs(collection, ['a', 'B', 'c'].map((_id) => ({ _id })));
    await expect(planRanges(pageRequest(collection), { by: 'boundaries', boundaries: ['"B"', '"a"'] })).rejects.toMatchObject({ name: INVALID_PARTITION_KEY });
  });

  function ascending(values: readonly unknown[]): unknown[] {
    return [...values].sort(compareBson).filter((value, index, all) => index === 0 || compareBson(all[index - 1], value) < 0);
  }
});
