/** Arbitrary collections, and the ways in which a run may read them. */
import fc from 'fast-check';
import { CollationOptions, Document } from 'mongodb';
import { JsonObject } from '../../../local/json';
import { RunParameterBindings } from '../../../src/paged-batch-etl/run-parameter/binding';
import { anyKeyValue, distinctIds, TYPE_NAMES, valuesOf } from '../source-functions/mongo/bson-values';

/** Parameters of every run; each filter binds some of them. */
export const PARAMETERS: RunParameterBindings = {
  kind: { rule: { type: 'text' } },
  low: { rule: { type: 'integer' } },
  high: { rule: { type: 'integer' }, defaultValue: 5 },
  begin: { rule: { type: 'date' } },
};

export interface JobFilter {
  /** EJSON; absent for none. */
  readonly text?: string;
  /** What matches, by other means than the server's. */
  readonly matches: (job: Document) => boolean;
  /** Fields that the filter compares for equality, but not in an expression: an index begins with them. */
  readonly equal: readonly string[];
}

/** A collection and how a run reads it. */
export interface Reading {
  readonly jobs: readonly Document[];
  readonly sort: readonly string[];
  readonly filter: JobFilter;
  readonly input: JsonObject;
  readonly collation?: CollationOptions;
  readonly mixedIdTypes: boolean;
  readonly pageBytes: number;
  /** Whether the index check is on, and whether there is an index that passes it. */
  readonly index: 'unchecked' | 'fitting' | 'missing';
}

const MISSING = Symbol('missing');

/** As few as make bounds interesting. */
const KINDS = ['x', 'y', '$kind'];
const DAY = 86_400_000;
const DAY_ZERO = Date.UTC(2026, 10, 24);

const small = fc.integer({ min: 0, max: 3 });
/** Rare enough that many collections have none. */
const rarely = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) => fc.oneof({ arbitrary: usual, weight: 50 }, { arbitrary: rare, weight: 1 });

/** Values of a sort field in one collection: of one type, nearly, or of any. */
const fieldValues: fc.Arbitrary<fc.Arbitrary<unknown>> = fc.oneof(
  { arbitrary: fc.constant<fc.Arbitrary<unknown>>(small), weight: 3 },
  { arbitrary: fc.constantFrom(...TYPE_NAMES).map((name) => valuesOf(name)), weight: 3 },
  { arbitrary: fc.constant(fc.oneof(small, small, small, fc.constantFrom(null, MISSING, 'x'))), weight: 2 },
  { arbitrary: fc.constant(rarely<unknown>(small, fc.array(small, { maxLength: 2 }))), weight: 1 },
  { arbitrary: fc.constant(fc.oneof(anyKeyValue, fc.constant(MISSING))), weight: 1 },
);

/** Of types with enough values for a collection, or of several. */
const idValues: fc.Arbitrary<fc.Arbitrary<unknown>> = fc.oneof(
  { arbitrary: fc.constantFrom(...TYPE_NAMES.filter((name) => !['bool', 'null', 'minKey', 'maxKey'].includes(name))).map((name) => valuesOf(name)), weight: 3 },
  { arbitrary: fc.constant(fc.oneof(fc.nat(50), fc.nat(50).map(String))), weight: 1 },
  { arbitrary: fc.constant(anyKeyValue), weight: 1 },
);

const words = fc.constantFrom('a', 'A', 'b', 'B', 'ä', 'é', 'e\u0301', 'e', '1', '10', '9', 'ab', 'Ab');

const collations = fc.constantFrom<CollationOptions>(
  { locale: 'en', strength: 1 }, { locale: 'en', strength: 2 }, { locale: 'de', numericOrdering: true }, { locale: 'simple' },
);

const input = fc.record({ kind: fc.constantFrom(...KINDS), low: fc.integer({ min: 0, max: 2 }), day: fc.integer({ min: 0, max: 2 }) })
  .map(({ kind, low, day }) => ({ kind, low, begin: new Date(DAY_ZERO + day * DAY).toISOString().slice(0, 10) }));

type Input = typeof input extends fc.Arbitrary<infer T> ? T : never;

const filters: readonly ((given: Input) => JobFilter)[] = [
  () => ({ matches: () => true, equal: [] }),
  () => ({ text: '{}', matches: () => true, equal: [] }),
  ({ kind }) => ({ text: '{"kind":"$$kind"}', matches: (job) => job.kind === kind, equal: ['kind'] }),
  ({ kind }) => ({ text: '{"$expr":{"$eq":["$kind","$$kind"]}}', matches: (job) => job.kind === kind, equal: [] }),
  ({ low }) => ({ text: '{"n":{"$gte":"$$low","$lt":"$$high"}}', matches: ({ n }) => n >= low && n < 5, equal: [] }),
  ({ begin }) => ({ text: '{"at":{"$gte":"$$begin"}}', matches: ({ at }) => at >= new Date(`${begin}T00:00:00Z`), equal: [] }),
];

function jobs(ids: fc.Arbitrary<unknown>, f: fc.Arbitrary<unknown>, g: fc.Arbitrary<unknown>): fc.Arbitrary<Document[]> {
  const restOf = (fs: readonly unknown[], gs: readonly unknown[]) => fc.record({
    f: fc.constantFrom(...fs),
    g: fc.constantFrom(...gs),
    kind: fc.constantFrom(...KINDS),
    n: fc.integer({ min: 0, max: 6 }),
    day: fc.integer({ min: -1, max: 3 }),
    padding: rarely(fc.constantFrom(0, 0, 40, 150), fc.constant(1_500)),
  });
  // So few values that many documents have the same in the first fields of the key.
  const some = (values: fc.Arbitrary<unknown>) => fc.array(values, { minLength: 1, maxLength: 4 });
  const stored = fc.tuple(some(f), some(g), fc.integer({ min: 0, max: 24 })).chain(([fs, gs, length]) => (
    fc.array(fc.tuple(ids, restOf(fs, gs)), { minLength: length, maxLength: length })
  ));
  return stored.map((list) => distinctIds(list.map(([_id, job]) => ({
    _id,
    ...member('f', job.f),
    a: { ...member('g', job.g) },
    kind: job.kind,
    n: job.n,
    at: new Date(DAY_ZERO + job.day * DAY),
    padding: 'x'.repeat(job.padding),
  }))));
}

function member(name: string, value: unknown): Document {
  return value === MISSING ? {} : { [name]: value };
}

const sorts = fc.constantFrom([['_id']], [['f', '_id']], [['a.g', '_id']], [['f', 'a.g', '_id']], [['f', 'a.g', '_id']]).map(([sort]) => sort);

const indexes = fc.constantFrom<Reading['index']>('unchecked', 'unchecked', 'fitting', 'fitting', 'missing');

/** Values by their bytes. */
const byBytes = fc.tuple(idValues, fieldValues, fieldValues).chain(([ids, f, g]) => fc.record({
  jobs: jobs(ids, f, g), sort: sorts, collation: fc.constant(undefined), mixedIdTypes: fc.boolean(), index: indexes,
}));

/** Texts by a collation, which is in no index here. */
const byCollation = fc.constantFrom<[fc.Arbitrary<unknown>, fc.Arbitrary<unknown>]>([words, words], [fc.integer({ min: 0, max: 99 }), words])
  .chain(([ids, f]) => fc.record({
    jobs: jobs(ids, f, fc.constant(0)),
    sort: sorts,
    collation: collations,
    mixedIdTypes: fc.constant(false),
    index: fc.constant<Reading['index']>('unchecked'),
  }));

const pageBytes = fc.oneof(fc.constant(180 * 1024), fc.integer({ min: 700, max: 1_600 }));

export const readings: fc.Arbitrary<Reading> = fc.record({
  reading: fc.oneof({ arbitrary: byBytes, weight: 4 }, { arbitrary: byCollation, weight: 1 }),
  given: input,
  filterOf: fc.constantFrom(...filters),
  bytes: pageBytes,
  size: fc.integer({ min: 1, max: 12 }),
  // Then the last page is often full.
  equalPages: fc.option(fc.integer({ min: 1, max: 4 })),
}).map(({ reading, given, filterOf, bytes, size, equalPages }) => ({
  ...reading,
  pageBytes: bytes,
  filter: filterOf(given),
  input: { ...given, batch_size: equalPages === null ? size : Math.max(1, Math.ceil(reading.jobs.length / equalPages)) },
}));
