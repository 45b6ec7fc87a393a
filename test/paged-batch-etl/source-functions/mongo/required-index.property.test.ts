import { runInNewContext } from 'node:vm';
import { App, Stack } from 'aws-cdk-lib';
import fc from 'fast-check';
import { Collection, CreateIndexesOptions, Db, Document } from 'mongodb';
import { insertAsIs, pageRequest, walkPages } from './page-walk';
import { MongoCollation, MongoFilter } from '../../../../src';
import { PagedBatchEtlErrorName } from '../../../../src/paged-batch-etl/contracts/error-names';
import { comparedFields, comparedSortFields } from '../../../../src/paged-batch-etl/mongo-filter/structure/points';
import { prepareFilter } from '../../../../src/paged-batch-etl/source-functions/reader/bound-filter';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';
import { describeWithMongo } from '../../../support/mongo';
import { mongoSource } from '../../../support/synth-etl';

/** Some have names that JavaScript or a shell might take for something else. */
const FIELDS = ['a', 'b', 'c.d', '7', 'x y', 'quote"d'];

interface Asked {
  readonly filter: Document;
  readonly sort: string[];
  readonly collation?: MongoCollation;
}

const value = fc.constantFrom('v0', 'v1', 'v2', 'V3', null);

/** What the factory accepts: conditions other than equality on the first field of the sort only. */
const asked: fc.Arbitrary<Asked> = fc.record({
  compared: fc.uniqueArray(fc.constantFrom(...FIELDS), { maxLength: 3 }),
  order: fc.uniqueArray(fc.constantFrom(...FIELDS), { maxLength: 3 }),
  values: fc.infiniteStream(fc.oneof(
    value, value.map(($eq) => ({ $eq })), fc.uniqueArray(value, { minLength: 1, maxLength: 4 }).map(($in) => ({ $in })),
  )),
  range: fc.boolean(),
  inAnd: fc.boolean(),
  collation: fc.constantFrom(undefined, { locale: 'en', strength: 2 }, { locale: 'simple' }),
}).map(({ compared, order, values, range, inAnd, collation }) => {
  const equality = compared.map((field) => ({ [field]: values.next().value }));
  const [first] = order;
  const conditions: Document[] = [...equality, ...(range && first !== undefined && !compared.includes(first) ? [{ [first]: { $gte: 'v0', $lt: 'v9' } }] : [])];
  return { filter: inAnd && conditions.length > 0 ? { $and: conditions } : Object.assign({}, ...conditions), sort: [...order, '_id'], collation };
});

/** What was wrong once: lists beside a field of the sort that has one value, lists within the sort, null, names that are numbers, and _id by a collation. */
const TRAPS: readonly Asked[] = [
  { filter: { 'a': { $in: ['v0', 'v1', 'v2', 'V3'] }, 'c.d': 'v2' }, sort: ['c.d', '_id'] },
  { filter: { a: { $in: ['v0', 'v1'] } }, sort: ['b', 'a', 'x y', '_id'] },
  { filter: { a: { $in: ['v0', 'v1'] }, b: { $in: ['v0', 'v1'] } }, sort: ['a', '_id'] },
  { filter: { 'a': null, 'c.d': 'v0' }, sort: ['c.d', 'b', 'a', '_id'] },
  { filter: {}, sort: ['a', '7', '_id'] },
  { filter: {}, sort: ['_id'], collation: { locale: 'en', strength: 2 } },
];

describeWithMongo('the command that creates the index', (mongo) => {
  let database: Db;
  let collection: Collection<Document>;

  beforeEach(async () => {
    database = mongo().newDatabase('required');
    collection = database.collection('c "d"');
    await insertAsIs(collection, Array.from({ length: 120 }, (_, n) => ({
      _id: n, ...Object.fromEntries(FIELDS.filter((field) => field !== 'c.d').map((field, index) => [field, `v${(n * (index + 3)) % 7}`])), c: { d: `v${n % 5}` },
    })));
  });
  afterEach(() => database.dropDatabase());

  /** The command of the construct. */
  function commandFor({ filter, sort, collation }: Asked): string | undefined {
    const stack = new Stack(new App({ treeMetadata: false }));
    const source = mongoSource(stack, {
      database: database.databaseName, collection: collection.collectionName, sort, filter: MongoFilter.ejson(JSON.stringify(filter)), collation,
    });
    return source._binding.bind({ scope: stack, parameters: {} }).requiredIndex;
  }

  /** As the shell does it: what is typed is JavaScript, with a `db` that is another one at first. Answers the name of the index. */
  async function type(command: string): Promise<string> {
    const getSiblingDB = (name: string) => ({
      getCollection: (collectionName: string) => ({
        createIndex: async (keys: Document | Map<string, 1>, options: CreateIndexesOptions = {}) => {
          const target = mongo().client().db(name).collection(collectionName);
          return target.createIndex(keys instanceof Map ? keys : new Map(Object.entries(keys)), { ...options });
        },
      }),
    });
    const created: unknown = await runInNewContext(command, { db: { getSiblingDB }, Map });
    return String(created);
  }

  test('makes the check of the indexes pass, which fails without it and names the same command', async () => {
    await fc.assert(fc.asyncProperty(asked, async (source) => {
      const command = commandFor(source);
      const { sort, collation } = source;
      const filter = prepareFilter(JSON.stringify(source.filter))(new Map());
      const warnings: string[] = [];
      const request = (hint?: string) => pageRequest(collection, {
        sort, collation, filter, hint, indexCheck: true, batchSize: 7, warn: (message) => { warnings.push(message); },
      });
      try {
        if (command === undefined) {
          const { error } = await walkPages(request());
          // The index of _id is there already, and no other one of _id alone can be made.
          if (collation === undefined || collation.locale === 'simple') expect(error).toBeUndefined();
          else expect(error?.message).toMatch(/The index of _id would, in the collation of the collection: leave out any other collation/);
          return;
        }
        expect((await walkPages(request())).error).toMatchObject({
          name: PagedBatchEtlErrorName.UNINDEXED_QUERY, message: expect.stringContaining(`Create the index: ${command}.`),
        });
        const name = await type(command);
        // Where the filter has lists, MongoDB takes the index for all pages only if it is named.
        const hasLists = comparedFields(source.filter, sort).length > 0;
        const { error } = await walkPages(request(hasLists ? name : undefined));
        if (error === undefined) return;
        // Of lists of values for both, MongoDB makes no order, whichever index there is.
        expect([comparedSortFields(source.filter, sort), comparedFields(source.filter, sort)]).not.toContainEqual([]);
        expect(error.message).toMatch(/^The filter has lists of values for .*Put all of them into sort/);
      } finally {
        await collection.dropIndexes();
      }
    }), { numRuns: fcRuns(60), examples: TRAPS.map((trap) => [trap]) });
  }, fcTimeout(60));
});
