import * as fc from 'fast-check';
import { Decimal128, Double, Int32, Long } from 'mongodb';
import { prepareFilter } from '../../../../src/paged-batch-etl/source-functions/reader/bound-filter';
import { checkParameters } from '../../../../src/paged-batch-etl/source-functions/reader/run-input';
import { describeWithMongo } from '../../../support/mongo';

describeWithMongo('a filter with its parameters, for the server', (mongo) => {
  const matching = async (values: readonly unknown[], filter: string, rule: 'integer' | 'text', value: string | number) => {
    const { typed } = checkParameters({ value }, { value: { type: rule } });
    const collection = mongo().newDatabase('filter').collection<{ readonly _id: number; readonly value: unknown }>('jobs');
    await collection.insertMany(values.map((each, _id) => ({ _id, value: each })));
    return (await collection.find(prepareFilter(filter)(typed)).sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
  };

  const FORMS = ['{"value":"$$value"}', '{"value":{"$in":["$$value"]}}', '{"$expr":{"$eq":["$value","$$value"]}}'];

  test.each(FORMS)('an integer equals the number in each of its types: %s', async (filter) => {
    const numbers = [new Int32(7), Long.fromNumber(7), new Double(7), Decimal128.fromString('7'), '7', new Double(7.5), null];
    expect(await matching(numbers, filter, 'integer', 7)).toEqual([0, 1, 2, 3]);
  });

  test('a large integer equals no neighbour', async () => {
    const numbers = [Long.fromString('9007199254740990'), Long.fromString('9007199254740991'), Long.fromString('9007199254740992')];
    expect(await matching(numbers, '{"value":"$$value"}', 'integer', Number.MAX_SAFE_INTEGER)).toEqual([1]);
  });

  test('a text is that text and nothing else, wherever it is bound', async () => {
    const special = ['$value', '$$ROOT', '$$value', '$', '{"$gt":""}', '/a/', '.*', 'plain'];
    await fc.assert(fc.asyncProperty(fc.constantFrom(...FORMS), fc.oneof(fc.constantFrom(...special), fc.string()), async (filter, value) => {
      const texts = [...special, value];
      const expected = texts.flatMap((each, index) => (each === value ? [index] : []));
      expect(await matching(texts, filter, 'text', value)).toEqual(expected);
    }), { numRuns: 30 });
  });
});
