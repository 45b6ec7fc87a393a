import fc from 'fast-check';
import { Binary, Code, Decimal128, Document, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } from 'mongodb';
import { compareBson } from '../../../../src/paged-batch-etl/source-functions/mongo/bson-order';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

const int32 = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer()).map((value) => new Int32(value));
const int64 = fc.oneof(
  fc.constantFrom('9007199254740993', '-9007199254740993', '9223372036854775807', '-9223372036854775808'), fc.integer().map(String),
).map((value) => Long.fromString(value));
const double = fc.oneof(
  fc.constant(Number.NaN), fc.constantFrom(-0, 0, 1, 0.1, 2 ** 53, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MIN_VALUE), fc.double(),
).map((value) => new Double(value));
const decimal = fc.oneof(
  fc.constantFrom('NaN', 'Infinity', '-Infinity', '-0', '0', '1.00', '0.1', '9007199254740993', '1E+6144', '1E-6176', '-12.5E+3'),
  fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -20, max: 20 })).map(([digits, exponent]) => `${digits}E${exponent}`),
).map((value) => Decimal128.fromString(value));
const text = fc.oneof(fc.constantFrom('', 'a', 'A', 'b', 'é', 'e\u0301', '10', '9', '$a', '\u{1F600}'), fc.string({ unit: 'grapheme', maxLength: 6 }));
const date = fc.oneof(
  fc.constantFrom(0, -1, 253_402_300_799_999, 253_402_300_800_000, 8.64e15, -8.64e15), fc.integer({ min: -(2 ** 45), max: 2 ** 45 }),
).map((value) => new Date(value));
const binary = fc.oneof(
  fc.tuple(fc.uint8Array({ maxLength: 4 }), fc.constantFrom(0, 2, 5, 128)).map(([content, subtype]) => new Binary(content, subtype)),
  bytes(16).map((content) => new UUID(Buffer.from(content))),
);

/** Values of one type as MongoDB compares them, by the name of that type. */
export const VALUES_BY_TYPE = {
  number: fc.oneof(int32, int64, double, decimal),
  string: text,
  objectId: bytes(12).map((content) => new ObjectId(content)),
  date,
  bool: fc.boolean(),
  binData: binary,
  timestamp: fc.tuple(fc.nat(), fc.nat()).map(([t, i]) => new Timestamp({ t, i })),
  null: fc.constant(null),
  minKey: fc.constant(new MinKey()),
  maxKey: fc.constant(new MaxKey()),
  javascript: text.map((code) => new Code(code)),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'ab'), fc.oneof(int32, text, double, fc.constant(null)), { maxKeys: 3 })
    .map((members) => ({ ...members })),
} as const;

export type TypeName = keyof typeof VALUES_BY_TYPE;

export const TYPE_NAMES = Object.keys(VALUES_BY_TYPE).filter((name): name is TypeName => Object.hasOwn(VALUES_BY_TYPE, name));

/** A value of any type that a key can have. */
export const anyKeyValue: fc.Arbitrary<unknown> = fc.oneof(...Object.values(VALUES_BY_TYPE));

export function valuesOf(type: TypeName): fc.Arbitrary<unknown> {
  return VALUES_BY_TYPE[type];
}

/** Values of `_id` that are equal for the server, such as 1 and 1.0, can be stored once. */
export function distinctIds(stored: readonly Document[]): Document[] {
  return stored.filter(({ _id }, index) => !stored.slice(0, index).some((other) => compareBson(other._id, _id) === 0));
}
