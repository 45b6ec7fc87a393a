import fc from 'fast-check';
import { Binary, BSON, Collection, Db, Document, ObjectId } from 'mongodb';
import { anyKeyValue } from './bson-values';
import { pageRequest, walkPages } from './page-walk';
import { PagedBatchEtlErrorName } from '../../../../src/paged-batch-etl/contracts/error-names';
import { checkNotRepeated } from '../../../../src/paged-batch-etl/source-functions/mongo/repeated-field';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';
import { describeWithMongo } from '../../../support/mongo';

const { DUPLICATE_FIELD } = PagedBatchEtlErrorName;

type Members = readonly (readonly [name: string, value: unknown])[];

/** A document that can have a member twice: the driver writes what a map lists. */
class MemberList extends Map<string, unknown> {
  constructor(private readonly members: Members) {
    super(members);
  }

  override* entries(): ReturnType<Map<string, unknown>['entries']> {
    for (const [name, value] of this.members) yield [name, value];
  }

  override [Symbol.iterator](): ReturnType<Map<string, unknown>['entries']> {
    return this.entries();
  }
}

const document = (...members: Members) => new MemberList(members);
const bytesOf = (...members: Members) => BSON.serialize(document(...members));

describe('a field that a document has twice', () => {
  const id = new ObjectId('0123456789abcdef01234567');

  test.each<[string, string, Members, string]>([
    ['at the top', 'f', [['f', 1], ['x', 2], ['f', 3]], 'f'],
    ['with the same value', 'f', [['f', 1], ['f', 1]], 'f'],
    ['on the way', 'a.b', [['a', { b: 1 }], ['a', 2]], 'a'],
    ['within another', 'a.b', [['a', document(['b', 1], ['b', 2])]], 'a.b'],
    ['deep', 'a.b.c', [['a', { b: document(['c', 1], ['d', 0], ['c', 1]) }]], 'a.b.c'],
    ['on the way, deep', 'a.b.c', [['a', document(['b', 1], ['b', { c: 1 }])]], 'a.b'],
    ['with a name of more bytes than characters', 'é', [['é', 1], ['é', 2]], 'é'],
  ])('is found %s, and told with the document', (_, path, members, place) => {
    expect(() => checkNotRepeated(bytesOf(['_id', id], ...members), path)).toThrow(expect.objectContaining({
      name: DUPLICATE_FIELD, message: expect.stringContaining(`The sort field ${place} is there more than once in the document {"$oid":"0123456789abcdef01234567"}: `),
    }));
  });

  test('is _id, and the document has the first one', () => {
    expect(() => checkNotRepeated(bytesOf(['_id', 1], ['_id', 2]), '_id')).toThrow(/The sort field _id is there more than once in the document \{"\$numberInt":"1"\}/);
  });

  test.each<[string, string, Members]>([
    ['beside the path', 'f', [['f', 1], ['g', 1], ['g', 2]]],
    ['within another field', 'f', [['f', 1], ['g', document(['f', 1], ['f', 2])]]],
    ['within the value', 'f', [['f', document(['g', 1], ['g', 2])]]],
    ['in embedded documents of a list', '_id', [['_id', 1], ['list', [{ _id: 1 }, { _id: 2 }]]]],
    ['as the end of other names', 'id', [['id', 1], ['user_id', 2], ['tenant_id', 3]]],
    ['in a text', 'f', [['f', 1], ['g', 'f'], ['h', 'f']]],
    ['in bytes that look like one', 'f', [['f', 1], ['g', new Binary(Buffer.from('\x10f\0\x10f\0'))]]],
    ['below what is no document', 'f.g', [['f', 1], ['h', document(['g', 1], ['g', 2])]]],
  ])('is not reported %s', (_, path, members) => {
    expect(() => checkNotRepeated(bytesOf(...members), path)).not.toThrow();
  });

  test('is found wherever it is on the path, and nowhere else', () => {
    const name = fc.constantFrom('a', 'b', 'ab', '_id', 'é');
    const { members } = fc.letrec<{ members: Members; value: unknown }>((tie) => ({
      members: fc.array(fc.tuple(name, tie('value')), { maxLength: 5 }),
      value: fc.oneof({ depthSize: 'small' }, anyKeyValue, fc.string(), tie('members').map((list) => document(...list))),
    }));
    fc.assert(fc.property(members, fc.array(name, { minLength: 1, maxLength: 3 }), (list, path) => {
      const found = () => checkNotRepeated(bytesOf(...list), path.join('.'));
      if (repeats(list, path)) expect(found).toThrow(expect.objectContaining({ name: DUPLICATE_FIELD }));
      else expect(found).not.toThrow();
    }), { numRuns: 2_000 });
  });
});

/** What is meant, in plain words. */
function repeats(members: Members, [name, ...rest]: readonly string[]): boolean {
  const values = members.filter(([each]) => each === name).map(([, value]) => value);
  if (values.length > 1) return true;
  const [value] = values;
  if (rest.length === 0 || typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (value instanceof MemberList) return repeats([...value.entries()], rest);
  return Object.getPrototypeOf(value) === Object.prototype && repeats(Object.entries(value), rest);
}

describeWithMongo('documents that have a field twice', (mongo) => {
  let database: Db;
  let collections = 0;

  beforeAll(() => {
    database = mongo().newDatabase('repeated');
  });
  afterEach(() => database.dropDatabase());

  async function stored(documents: readonly MemberList[]): Promise<Collection<Document>> {
    collections += 1;
    const collection = database.collection(`c${collections}`);
    await database.command({ insert: collection.collectionName, documents });
    return collection;
  }

  /** The server sorts by the first of two values: a page that ended at the last one would leave out what lies between. */
  test('end a run with an error, not before its end, and all documents before them are read', async () => {
    const some = Array.from({ length: 20 }, (_, n) => document(['_id', n], ['f', n]));
    const collection = await stored([...some, document(['_id', 100], ['f', 5], ['f', 15])]);
    const { identifiers, error } = await walkPages(pageRequest(collection, { sort: ['f', '_id'], batchSize: 3 }));
    expect(error).toMatchObject({ name: DUPLICATE_FIELD, message: expect.stringContaining('The sort field f is there more than once in the document {"$numberInt":"100"}') });
    // Those with the values from 0 to 5.
    expect(identifiers).toHaveLength(6);
    const without = { sort: ['f', '_id'], batchSize: 3, filter: { _id: { $ne: 100 } } };
    expect((await walkPages(pageRequest(collection, without))).identifiers).toHaveLength(20);
  });

  test('are told, or give every document once where the server shows only what it sorts by', async () => {
    const small = fc.integer({ min: 0, max: 9 });
    const member = fc.oneof(
      { arbitrary: small.map((f): Members => [['f', f]]), weight: 12 },
      { arbitrary: fc.tuple(small, small).map(([one, two]): Members => [['f', one], ['x', 0], ['f', two]]), weight: 1 },
    );
    const list = fc.array(member, { minLength: 1, maxLength: 15 });
    await fc.assert(fc.asyncProperty(list, fc.integer({ min: 1, max: 6 }), fc.boolean(), async (all, batchSize, projected) => {
      const collection = await stored(all.map((members, n) => document(['_id', n], ...members)));
      const { identifiers, error } = await walkPages(pageRequest(collection, {
        sort: ['f', '_id'], batchSize, ...(projected && { projection: ['x'] }),
      }));
      const isRepeated = all.some((members) => members.length > 1);
      if (error === undefined) expect(identifiers).toHaveLength(all.length);
      else expect(error.name).toBe(DUPLICATE_FIELD);
      if (!projected) expect(error === undefined).toBe(!isRepeated);
    }), { numRuns: fcRuns(40) });
  }, fcTimeout(40));
});
