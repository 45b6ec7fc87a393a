import fc from 'fast-check';
import { BSON, Decimal128, Double, Long } from 'mongodb';
import { anyKeyValue } from './bson-values';
import { insertAsIs } from './page-walk';
import { compareNumbers } from '../../../../src/paged-batch-etl/source-functions/mongo/bson-number';
import { compareBson } from '../../../../src/paged-batch-etl/source-functions/mongo/bson-order';
import { describeWithMongo } from '../../../support/mongo';

describe('numbers', () => {
  test.each([
    ['above 2^53, where a double would round', Long.fromString('9007199254740993'), new Double(9007199254740992), 1],
    ['a decimal and the double that is not quite it', Decimal128.fromString('0.1'), new Double(0.1), -1],
    ['a decimal beyond all doubles', Decimal128.fromString('1E+6144'), new Double(Number.MAX_VALUE), 1],
    ['infinity and a decimal that rounds to it', new Double(Number.POSITIVE_INFINITY), Decimal128.fromString('1E+6144'), 1],
    ['minus zero', new Double(-0), Decimal128.fromString('0'), 0],
    ['NaN of either type', new Double(Number.NaN), Decimal128.fromString('NaN'), 0],
    ['NaN before everything', new Double(Number.NaN), new Double(Number.NEGATIVE_INFINITY), -1],
    ['a decimal with an exponent', Decimal128.fromString('-12.5E+3'), new Double(-12500), 0],
  ])('%s', (_, a, b, expected) => {
    expect(Math.sign(compareNumbers(a, b))).toBe(expected);
    expect(Math.sign(compareNumbers(b, a))).toBe(expected === 0 ? 0 : -expected);
  });
});

describeWithMongo('order of values', (mongo) => {
  test('is the order in which the server sorts them', async () => {
    const collection = mongo().newDatabase('order').collection('values');
    await fc.assert(fc.asyncProperty(fc.array(anyKeyValue, { minLength: 2, maxLength: 40 }), async (values) => {
      await collection.deleteMany({});
      await insertAsIs(collection, values.map((value, index) => ({ _id: index, value })));
      const sorted = await collection.find({}, { sort: { value: 1 }, promoteValues: false, promoteBuffers: false }).toArray();
      for (const [index, { value }] of sorted.entries()) {
        if (index === 0) continue;
        const before: unknown = sorted[index - 1].value;
        const comparison = compareBson(before, value);
        expect(comparison).toBeLessThanOrEqual(0);
        // Equal for us is equal for the server.
        const { isEqual } = await equal(before, value);
        expect({ before, value, isEqual: comparison === 0 }).toEqual({ before, value, isEqual });
      }
    }), { numRuns: 25 });

    async function equal(a: unknown, b: unknown): Promise<BSON.Document> {
      const [answer] = await collection.aggregate([{ $limit: 1 }, { $project: { isEqual: { $eq: [{ $literal: a }, { $literal: b }] } } }]).toArray();
      return answer;
    }
  });
});
