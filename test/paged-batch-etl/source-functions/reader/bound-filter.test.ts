import { Binary, BSON, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } from 'mongodb';
import { JsonValue } from '../../../../src/paged-batch-etl/mongo-filter/structure/json-value';
import { prepareFilter } from '../../../../src/paged-batch-etl/source-functions/reader/bound-filter';
import { checkParameters } from '../../../../src/paged-batch-etl/source-functions/reader/run-input';
import { INPUT, outcomeOf, RULES } from '../harness';

const PARAMETERS = checkParameters({ ...INPUT, kind: '$amount' }, RULES).typed;

const bound = (filter: JsonValue) => prepareFilter(JSON.stringify(filter))(PARAMETERS);

const outcome = (text: string) => outcomeOf(() => prepareFilter(text)(PARAMETERS));

describe('variables', () => {
  test('have the type of their parameters', () => {
    expect(bound({ runDate: { $gte: '$$date_begin', $lt: '$$date_end' }, kind: '$$kind', amount: { $in: ['$$amount'] }, owner: '$$owner' })).toEqual({
      runDate: { $gte: new Date('2026-11-23T00:00:00Z'), $lt: new Date('2026-11-23T23:00:00Z') },
      kind: '$amount',
      amount: { $in: [new Int32(7)] },
      owner: new ObjectId('5f00000000000000000000ab'),
    });
  });

  test('are literals in $expr, where a text could be read as a path; variables of MongoDB stay', () => {
    expect(bound({ $expr: { $and: [{ $eq: ['$kind', '$$kind'] }, { $lt: ['$at', '$$NOW'] }, { $lt: ['$at', '$$LATER'] }] } })).toEqual({
      $expr: { $and: [{ $eq: ['$kind', { $literal: '$amount' }] }, { $lt: ['$at', '$$NOW'] }, { $lt: ['$at', '$$LATER'] }] },
    });
  });

  test('are data, whatever they hold', () => {
    const parameters = checkParameters({ ...INPUT, kind: '{"$gt":""}' }, RULES).typed;
    expect(prepareFilter('{"kind":"$$kind"}')(parameters)).toEqual({ kind: '{"$gt":""}' });
  });

  test('that are no parameters fail', async () => {
    expect(await outcome('{"a":"$$other"}')).toEqual({ name: 'SourceRefused', message: 'The filter has the variable $$other, which is no parameter' });
  });
});

describe('EJSON', () => {
  test.each<[string, JsonValue, unknown]>([
    ['null', null, null],
    ['a small number', 1, new Int32(1)],
    ['a large one', 2 ** 40, Long.fromNumber(2 ** 40)],
    ['a fraction', 1.5, new Double(1.5)],
    ['int32', { $numberInt: '1' }, new Int32(1)],
    ['int64', { $numberLong: '9007199254740993' }, Long.fromString('9007199254740993')],
    ['double', { $numberDouble: '1.0' }, new Double(1)],
    ['decimal', { $numberDecimal: '0.1' }, Decimal128.fromString('0.1')],
    ['ObjectId', { $oid: '5f00000000000000000000ab' }, new ObjectId('5f00000000000000000000ab')],
    ['relaxed date', { $date: '2026-11-24T08:00:00Z' }, new Date('2026-11-24T08:00:00Z')],
    ['canonical date', { $date: { $numberLong: '-1' } }, new Date(-1)],
    ['binary', { $binary: { base64: 'AQI=', subType: '00' } }, new Binary(Buffer.from([1, 2]), 0)],
    ['UUID', { $uuid: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee' }, new UUID('aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee')],
    ['regular expression', { $regularExpression: { pattern: '^a', options: 'i' } }, new BSONRegExp('^a', 'i')],
    ['the operator of one', { $regex: '^a', $options: 'i' }, new BSONRegExp('^a', 'i')],
    ['timestamp', { $timestamp: { t: 1, i: 2 } }, new Timestamp({ t: 1, i: 2 })],
    ['MinKey', { $minKey: 1 }, new MinKey()],
    ['MaxKey', { $maxKey: 1 }, new MaxKey()],
  ])('%s', (_what, written, expected) => {
    // By bytes: two values that print the same may be of different types.
    expect(Buffer.from(BSON.serialize(bound({ a: written })))).toEqual(Buffer.from(BSON.serialize({ a: expected })));
  });

  test('without a filter everything is read', () => {
    expect(prepareFilter(undefined)(PARAMETERS)).toEqual({});
  });

  test.each([
    ['{', 'The filter is no JSON'],
    ['{ "a": ISODate("2026-11-24") }', 'The filter is no JSON'],
    ['[]', 'The filter is no JSON object'],
    ['"$$kind"', 'The filter is no JSON object'],
    ['{"a":{"$oid":"5f"}}', 'The filter is malformed: {"$oid":"5f"}: $oid has to be 24 hexadecimal digits'],
    ['{"a":{"$uuid":"no"}}', 'The filter is no EJSON (BSONError)'],
  ])('%s fails', async (text, message) => {
    expect(await outcome(text)).toEqual({ name: 'SourceRefused', message });
  });
});
