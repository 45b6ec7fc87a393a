/** What a run over a collection has to process, and the errors that the collection is made for: found out without the reader. */
import { Collection, Document } from 'mongodb';
import { Reading } from './jobs';
import { PagedBatchEtlErrorName } from '../../../src/paged-batch-etl/contracts/error-names';
import { typeRank } from '../../../src/paged-batch-etl/source-functions/mongo/bson-order';
import { encodeValue } from '../../../src/paged-batch-etl/source-functions/mongo/canonical-ejson';
import { formatted } from '../source-functions/mongo/item-oracle';

const { UNINDEXED_QUERY, SORT_KEY_IS_ARRAY, MIXED_KEY_TYPES, CURSOR_TYPE_GAP, DUPLICATE_KEY, ITEM_TOO_LARGE } = PagedBatchEtlErrorName;

/** Stands for a value in several places of the order. */
const ARRAY = Symbol('array');

/** Characters of an idempotency key. */
const KEY_LENGTH = 22;

export interface Expectation {
  /** Identifiers of all that matches, in order. */
  readonly identifiers: readonly string[];
  /** Errors that the collection may cause. */
  readonly possible: readonly string[];
  /** Whether it has to cause one of them. */
  readonly certain: boolean;
  /** Documents whose keys a collation takes to be the same have no order. */
  readonly ordered: boolean;
}

export async function expectationOf(collection: Collection<Document>, reading: Reading): Promise<Expectation> {
  const [stored, matching] = [await collection.find().toArray(), await matchingJobs(collection, reading)];
  const duplicates = await hasEqualKeys(collection, reading, matching);
  const certain: [string, boolean][] = [
    [UNINDEXED_QUERY, isUnindexed(reading) && stored.length > 0],
    // An index in which any document has arrays cannot give an order, now and ever after.
    [SORT_KEY_IS_ARRAY, [...matching, ...(reading.index === 'fitting' ? stored : [])].some((job) => keyOf(job, reading).includes(ARRAY))],
    [MIXED_KEY_TYPES, matching.length > 0 && typesOf(matching[0], reading) !== typesOf(matching[matching.length - 1], reading)],
    [ITEM_TOO_LARGE, matching.some((job) => isTooLarge(job, reading))],
  ];
  const possible: [string, boolean][] = [...certain, [CURSOR_TYPE_GAP, hasTypeChange(reading, matching)], [DUPLICATE_KEY, duplicates]];
  return {
    identifiers: matching.map(({ _id }) => encodeValue(_id)),
    possible: possible.flatMap(([name, may]) => (may ? [name] : [])),
    certain: certain.some(([, must]) => must),
    ordered: !duplicates,
  };
}

/**
 * Removes the cause of every error, such that what is left can be read on from where the run stands.
 *
 * @param processed identifiers
 */
export async function repair(collection: Collection<Document>, reading: Reading, processed: readonly string[]): Promise<void> {
  const matching = await matchingJobs(collection, reading);
  const { possible } = await expectationOf(collection, reading);
  const done = new Set(processed);
  const sound = matching.filter((job) => !keyOf(job, reading).includes(ARRAY));
  // The run stands at the last one that was processed.
  const model = sound.filter(({ _id }) => done.has(encodeValue(_id))).at(-1) ?? sound[0];
  const isBad = (job: Document) => keyOf(job, reading).includes(ARRAY) || isTooLarge(job, reading)
    || typesOf(job, reading) !== typesOf(model, reading)
    || (possible.includes(DUPLICATE_KEY) && !done.has(encodeValue(job._id)));
  const unsound = reading.index === 'unchecked' ? [] : (await collection.find().toArray()).filter((job) => keyOf(job, reading).includes(ARRAY));
  for (const { _id } of [...matching.filter(isBad), ...unsound]) await collection.deleteOne({ _id: { $eq: _id } });
  if (reading.index === 'unchecked') return;
  await collection.dropIndexes();
  await createIndex(collection, reading);
}

/** Makes the index that serves filter and sort together; that of `_id` is always there. */
export async function createIndex(collection: Collection<Document>, { filter, sort }: Reading): Promise<void> {
  const fields = [...filter.equal, ...sort];
  if (fields.length > 1) await collection.createIndex(new Map(fields.map((field) => [field, 1])));
}

async function matchingJobs(collection: Collection<Document>, { filter, sort, collation }: Reading): Promise<Document[]> {
  const [stored, typed] = [{}, { promoteValues: false, promoteBuffers: false, bsonRegExp: true }].map((types) => collection.find({}, {
    sort: new Map(sort.map((field) => [field, 1])), collation: collation ?? { locale: 'simple' }, ...types,
  }).toArray());
  const plain = await stored;
  return (await typed).filter((_, index) => filter.matches(plain[index]));
}

function keyOf(job: Document, { sort }: Reading): unknown[] {
  return sort.map((path) => path.split('.').reduce<unknown>((value, name) => {
    const inner = typeof value === 'object' && value !== null && name in value ? (value as Document)[name] : null;
    return Array.isArray(inner) ? ARRAY : inner;
  }, job));
}

/** Types of the fields that are compared within one type. */
function typesOf(job: Document, reading: Reading): string {
  const { sort, mixedIdTypes } = reading;
  return keyOf(job, reading).filter((_, level) => !(mixedIdTypes && sort[level] === '_id')).map((value) => (value === ARRAY ? 'array' : typeRank(value))).join();
}

/** Whether the type of a field changes among documents that are the same in the fields before it. */
function hasTypeChange(reading: Reading, matching: readonly Document[]): boolean {
  const levels = reading.sort.length - (reading.mixedIdTypes ? 1 : 0);
  const keys = matching.map((job) => keyOf(job, reading));
  return Array.from({ length: levels }, (_, level) => level).slice(1).some((level) => {
    const typesByPrefix = new Map<string, Set<number>>();
    for (const key of keys.filter((values) => !values.includes(ARRAY))) {
      const prefix = JSON.stringify(key.slice(0, level).map((value) => comparable(value, reading)));
      typesByPrefix.set(prefix, (typesByPrefix.get(prefix) ?? new Set()).add(typeRank(key[level])));
    }
    return [...typesByPrefix.values()].some(({ size }) => size > 1);
  });
}

/** The same for values that may be equal; numbers are equal across their types, and texts may be in a collation. */
function comparable(value: unknown, { collation }: Reading): unknown {
  const rank = typeRank(value);
  if (rank === typeRank(0)) return Number(String(value));
  return collation !== undefined && typeof value === 'string' ? rank : encodeValue(value);
}

function isTooLarge(job: Document, { pageBytes }: Reading): boolean {
  const item = { itemIdentifier: encodeValue(job._id), idempotencyKey: 'x'.repeat(KEY_LENGTH), item: formatted(job, 'relaxed') };
  return Buffer.byteLength(JSON.stringify([item])) > pageBytes;
}

function isUnindexed({ index, sort, filter }: Reading): boolean {
  return index === 'missing' && [...filter.equal, ...sort].join() !== '_id';
}

async function hasEqualKeys(collection: Collection<Document>, reading: Reading, matching: readonly Document[]): Promise<boolean> {
  const { sort, collation } = reading;
  if (collation === undefined) return false;
  for (const job of matching) {
    const key = Object.fromEntries(keyOf(job, reading).map((value, level) => [sort[level], { $eq: value }]));
    if (await collection.countDocuments(key, { collation }) > 1) return true;
  }
  return false;
}
