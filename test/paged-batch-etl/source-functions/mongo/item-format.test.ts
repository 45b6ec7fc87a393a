import fc from 'fast-check';
import { Binary, BSON, BSONRegExp, Code, DBRef, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from 'mongodb';
import { anyKeyValue } from './bson-values';
import { formatDocument, formatValue, UncarriedValue } from '../../../../src/paged-batch-etl/source-functions/mongo/item-format';

describe('items', () => {
  test.each<[string, unknown, unknown]>([
    ['a small integer', new Int32(-7), -7],
    ['an int64 that JSON can hold', Long.fromString('9007199254740991'), 9007199254740991],
    ['an int64 that it would round', Long.fromString('9007199254740993'), { $numberLong: '9007199254740993' }],
    ['the least int64', Long.MIN_VALUE, { $numberLong: '-9223372036854775808' }],
    ['a double', new Double(0.1), 0.1],
    ['minus zero', new Double(-0), { $numberDouble: '-0.0' }],
    ['NaN', new Double(Number.NaN), { $numberDouble: 'NaN' }],
    ['infinity', new Double(Number.NEGATIVE_INFINITY), { $numberDouble: '-Infinity' }],
    ['a decimal', Decimal128.fromString('1.10'), { $numberDecimal: '1.10' }],
    ['a timestamp, which is no int64', new Timestamp({ t: 4294967295, i: 1 }), { $timestamp: { t: 4294967295, i: 1 } }],
    ['1970', new Date(0), { $date: '1970-01-01T00:00:00Z' }],
    ['before 1970', new Date(-1), { $date: { $numberLong: '-1' } }],
    ['the last moment of 9999', new Date(253402300799999), { $date: '9999-12-31T23:59:59.999Z' }],
    ['10000', new Date(253402300800000), { $date: { $numberLong: '253402300800000' } }],
    ['an ObjectId', new ObjectId('0123456789abcdef01234567'), { $oid: '0123456789abcdef01234567' }],
    ['bytes', new Binary(Buffer.from('ab'), 0), { $binary: { base64: 'YWI=', subType: '00' } }],
    ['a pattern', new BSONRegExp('^a', 'i'), { $regularExpression: { pattern: '^a', options: 'i' } }],
    ['code with a scope', new Code('x', { a: new Int32(1) }), { $code: 'x', $scope: { a: 1 } }],
    ['a large integer in a scope', new Code('x', { a: [Long.fromString('9007199254740993')] }), { $code: 'x', $scope: { a: [{ $numberLong: '9007199254740993' }] } }],
    ['undefined, which old shells stored', undefined, { $undefined: true }],
    ['a vector that is none', new Binary(Buffer.from([3, 2, 1]), Binary.SUBTYPE_VECTOR), { $binary: { base64: 'AwIB', subType: '09' } }],
    ['an embedded reference', { $ref: 'd.other', $id: new ObjectId('0123456789abcdef01234567') }, { $ref: 'd.other', $id: { $oid: '0123456789abcdef01234567' } }],
    ['an old pointer', new DBRef('other', new ObjectId('0123456789abcdef01234567')), { $dbPointer: { $ref: 'other', $id: { $oid: '0123456789abcdef01234567' } } }],
    ['an old pointer into a database', new DBRef('d.other', new ObjectId('0123456789abcdef01234567')), { $dbPointer: { $ref: 'd.other', $id: { $oid: '0123456789abcdef01234567' } } }],
    ['null', null, null],
    ['a list', [Long.fromString('9007199254740993'), null, [new Int32(1)]], [{ $numberLong: '9007199254740993' }, null, [1]]],
    ['a member that looks like a type of the driver', { _bsontype: 'ObjectId' }, { _bsontype: 'ObjectId' }],
  ])('%s as relaxed EJSON', (_, value, expected) => {
    expect(formatValue(value, 'relaxed')).toEqual(expected);
  });

  test('a member called __proto__ stays a member', () => {
    const bytes = BSON.serialize(JSON.parse('{"__proto__":{"a":1},"b":2}'));
    const formatted = formatDocument(BSON.deserialize(bytes, { promoteValues: false }), 'relaxed');
    expect(JSON.stringify(formatted)).toBe('{"__proto__":{"a":1},"b":2}');
  });

  test('canonical EJSON keeps every value byte for byte', () => {
    fc.assert(fc.property(anyKeyValue, fc.array(anyKeyValue, { maxLength: 3 }), (a, list) => {
      const bytes = BSON.serialize({ a, list, within: { a } });
      const document = BSON.deserialize(bytes, { promoteValues: false, promoteBuffers: false, bsonRegExp: true });
      const back = BSON.EJSON.parse(JSON.stringify(formatDocument(document, 'canonical')), { relaxed: false });
      expect(BSON.serialize(back)).toEqual(bytes);
    }), { numRuns: 300 });
  });

  test.each<[string, unknown]>([
    ['a date that cannot be counted', new Date(Number.NaN)],
    ['a document that would be read as something else', { $oid: 'x' }],
    ['the same in a scope', new Code('x', { a: { $numberLong: '1' } })],
  ])('%s is an error, not another value', (_, value) => {
    for (const format of ['relaxed', 'canonical'] as const) expect(() => formatDocument({ a: [value] }, format)).toThrow(UncarriedValue);
  });
});
