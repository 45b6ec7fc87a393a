import fc from 'fast-check';
import { BSON, Document } from 'mongodb';
import { anyKeyValue, TYPE_NAMES, valuesOf } from './bson-values';
import { orFault } from './or-fault';
import { encodeValue } from '../../../../src/paged-batch-etl/source-functions/mongo/canonical-ejson';
import { DocumentFault } from '../../../../src/paged-batch-etl/source-functions/mongo/document-fault';
import { textItems } from '../../../../src/paged-batch-etl/source-functions/mongo/item-form';
import { KeyOrder, shareFirst } from '../../../../src/paged-batch-etl/source-functions/mongo/key-order';
import { PageDocuments } from '../../../../src/paged-batch-etl/source-functions/mongo/page-documents';
import { sortKeyOf } from '../../../../src/paged-batch-etl/source-functions/mongo/sort-key';
import { StoredKey } from '../../../../src/paged-batch-etl/source-functions/mongo/stored-key';

const SORT = ['a', 'b.c', '_id'];

/** Values that are often equal, or of one type. */
const value = fc.oneof(anyKeyValue, ...TYPE_NAMES.map(valuesOf), fc.constantFrom(null, 1, 'a'));
const member = fc.oneof({ arbitrary: value, weight: 8 }, { arbitrary: fc.constantFrom([1], []), weight: 1 });

const document = fc.record({ _id: value, a: member, b: fc.oneof(fc.record({ c: member }), member), z: fc.constant(1) }, { requiredKeys: ['_id'] });

/** Another document, often with some of the values. */
const pair = fc.tuple(document, document, fc.subarray(['a', 'b', '_id'] as const)).map(([one, other, shared]): readonly [Document, Document] => (
  [one, { ...other, ...Object.fromEntries(shared.filter((name) => Object.hasOwn(one, name)).map((name) => [name, one[name]])) }]
));

/** Members in the order of their names, or the other way round. */
const stored = (given: Document, reversed: boolean): Buffer => {
  const members = Object.entries(given);
  return Buffer.from(BSON.serialize(Object.fromEntries(reversed ? members.reverse() : members)));
};

function keyOf(bytes: Uint8Array, projection?: readonly string[]): StoredKey | DocumentFault {
  const request = { source: { sort: SORT, itemFormat: 'relaxed' as const, projection }, idempotencyKeyOf: (identifier: string) => identifier };
  const documents = new PageDocuments(request, textItems());
  return orFault(() => documents.read(bytes));
}

test('is the key that decoding its fields gives, or the same fault, also where they are not shown', () => {
  fc.assert(fc.property(document, fc.boolean(), fc.option(fc.constantFrom(['z'], ['b'], ['a', 'b.d']), { nil: undefined }), (given, reversed, projection) => {
    const bytes = stored(given, reversed);
    const [key, expected] = [keyOf(bytes, projection), orFault(() => sortKeyOf(bytes, SORT))];
    if (key instanceof DocumentFault || expected instanceof DocumentFault) {
      expect(key).toEqual(expected);
      return;
    }
    expect(encodeValue(key.values)).toBe(encodeValue(expected));
    expect(key.identifier).toBe(encodeValue(expected.at(-1)));
  }), { numRuns: 3_000 });
});

test('compares with another one as their values do', () => {
  fc.assert(fc.property(pair, fc.boolean(), fc.boolean(), ([one, other], reversed, collated) => {
    const [left, right] = [keyOf(stored(one, false)), keyOf(stored(other, reversed))];
    fc.pre(left instanceof StoredKey && right instanceof StoredKey);
    const order = new KeyOrder(collated);
    const [comparison, expected] = [left.compare(right, order), order.compare(left.values, right.values)];
    expect(comparison === undefined ? undefined : Math.sign(comparison)).toBe(expected === undefined ? undefined : Math.sign(expected));
    for (const count of [1, 2, 3]) if (left.sharesFirst(right, count)) expect(shareFirst(left.values, right.values, count)).toBe(true);
  }), { numRuns: 3_000 });
});
