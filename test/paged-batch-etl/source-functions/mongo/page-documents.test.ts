import fc from 'fast-check';
import { Binary, BSON, BSONRegExp, BSONSymbol, Code, Decimal128, Document, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'mongodb';
import { anyKeyValue } from './bson-values';
import { Format, itemByDriver, Untold } from './item-oracle';
import { orFault } from './or-fault';
import { rawDocument, RawMember, rawMember, rawMembers, rawText, RawValue, rawValue } from './raw-documents';
import { PagedBatchEtlErrorName } from '../../../../src/paged-batch-etl/contracts/error-names';
import { encodeValue } from '../../../../src/paged-batch-etl/source-functions/mongo/canonical-ejson';
import { DocumentFault } from '../../../../src/paged-batch-etl/source-functions/mongo/document-fault';
import { textItems, valueItems } from '../../../../src/paged-batch-etl/source-functions/mongo/item-form';
import { ItemText } from '../../../../src/paged-batch-etl/source-functions/mongo/item-text';
import { ItemValue } from '../../../../src/paged-batch-etl/source-functions/mongo/item-value';
import { PageDocuments } from '../../../../src/paged-batch-etl/source-functions/mongo/page-documents';
import { idempotencyKeys } from '../../../../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';

const FORMATS: readonly Format[] = ['relaxed', 'canonical'];

const ID = new ObjectId('0123456789abcdef01234567');

interface Source {
  readonly format?: Format;
  readonly sort?: readonly string[];
  readonly projection?: readonly string[];
}

/** Reads each document in both forms. */
interface Readers {
  readonly text: PageDocuments<ItemText>;
  readonly values: PageDocuments<ItemValue>;
}

function readers({ format = 'relaxed', sort = ['_id'], projection }: Source = {}): Readers {
  const request = { source: { sort, projection, itemFormat: format }, idempotencyKeyOf: idempotencyKeys('the run') };
  return { text: new PageDocuments(request, textItems()), values: new PageDocuments(request, valueItems()) };
}

/** The text of a document, with which its value agrees; or why it cannot be told, in either form. */
function read({ text, values }: Readers, bytes: Uint8Array): ItemText | DocumentFault {
  const [line, value] = [orFault(() => text.item(text.read(bytes))), orFault(() => values.item(values.read(bytes)))];
  if (line instanceof DocumentFault || value instanceof DocumentFault) {
    expect(value).toEqual(line);
    return line;
  }
  text.keep();
  values.keep();
  expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(line.line.toString())));
  expect([value.lineBytes, value.itemBytes]).toEqual([line.lineBytes, line.itemBytes]);
  return line;
}

function lineOf(given: Readers, bytes: Uint8Array): ItemText {
  const line = read(given, bytes);
  if (line instanceof DocumentFault) throw line;
  return line;
}

function itemOf(bytes: Uint8Array, source: Source = {}): unknown {
  return JSON.parse(lineOf(readers(source), bytes).item.toString());
}

/** The item, or that it cannot be told. */
function byDriver(bytes: Uint8Array, format: Format, projection?: readonly string[]): Document | undefined {
  try {
    return itemByDriver(bytes, format, projection);
  } catch (error) {
    if (error instanceof Untold) return undefined;
    throw error;
  }
}

function byReader(given: Readers, bytes: Uint8Array): ItemText | undefined {
  const line = read(given, bytes);
  if (!(line instanceof DocumentFault)) return line;
  expect(line.name).toBe(PagedBatchEtlErrorName.DOCUMENT_UNREADABLE);
  return undefined;
}

/** Everything that is to be true of the text of an item that the driver knows as this. */
function expectText(line: ItemText | undefined, item: Document | undefined): void {
  expect(line === undefined).toBe(item === undefined);
  if (line === undefined || item === undefined) return;
  const value: unknown = JSON.parse(line.item.toString());
  expect(value).toEqual(item);
  expect(JSON.stringify(Object.keys(value as Document))).toBe(JSON.stringify(Object.keys(item)));
  expect(line.itemBytes).toBe(Buffer.byteLength(JSON.stringify(item)));
  expect(line.item.byteLength).toBe(line.itemBytes);
  expect(line.lineBytes).toBe(Buffer.byteLength(JSON.stringify(JSON.parse(line.line.toString()))));
}

describe('values as JSON', () => {
  const pointer = (namespace: string): RawValue => ({ type: 12, bytes: Buffer.concat([rawText(Buffer.from(namespace)).bytes, ID.id]), ejson: {} });

  test.each<[string, unknown, unknown]>([
    ['a small integer', new Int32(-7), -7],
    ['the least int32', new Int32(-2147483648), -2147483648],
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
    ['an ObjectId', ID, { $oid: '0123456789abcdef01234567' }],
    ['bytes', new Binary(Buffer.from('ab'), 0), { $binary: { base64: 'YWI=', subType: '00' } }],
    ['a pattern', new BSONRegExp('^a', 'mi'), { $regularExpression: { pattern: '^a', options: 'im' } }],
    ['code', new Code('x'), { $code: 'x' }],
    ['code with a scope', new Code('x', { a: new Int32(1) }), { $code: 'x', $scope: { a: 1 } }],
    ['a large integer in a scope', new Code('x', { a: [Long.fromString('9007199254740993')] }), { $code: 'x', $scope: { a: [{ $numberLong: '9007199254740993' }] } }],
    ['a symbol', new BSONSymbol('s'), { $symbol: 's' }],
    ['the ends of the order', [new MinKey(), new MaxKey()], [{ $minKey: 1 }, { $maxKey: 1 }]],
    ['an embedded reference', { $ref: 'd.other', $id: ID }, { $ref: 'd.other', $id: { $oid: '0123456789abcdef01234567' } }],
    ['null', null, null],
    ['a list', [Long.fromString('9007199254740993'), null, [new Int32(1)]], [{ $numberLong: '9007199254740993' }, null, [1]]],
  ])('%s, relaxed', (_, value, expected) => {
    expect(itemOf(BSON.serialize({ _id: 1, a: value }))).toEqual({ _id: 1, a: expected });
  });

  test.each<[string, RawValue, unknown]>([
    ['undefined, which old shells stored', { type: 6, bytes: Buffer.alloc(0), ejson: {} }, { $undefined: true }],
    ['an old pointer', pointer('other'), { $dbPointer: { $ref: 'other', $id: { $oid: '0123456789abcdef01234567' } } }],
    ['an old pointer into a database', pointer('d.other'), { $dbPointer: { $ref: 'd.other', $id: { $oid: '0123456789abcdef01234567' } } }],
    ['a vector that is none', { type: 5, bytes: Buffer.from([3, 0, 0, 0, 9, 3, 2, 1]), ejson: {} }, { $binary: { base64: 'AwIB', subType: '09' } }],
    ['a member that looks like a type of the driver', { type: 3, bytes: rawDocument([rawMember('_bsontype', rawText(Buffer.from('ObjectId')))]), ejson: {} }, { _bsontype: 'ObjectId' }],
  ])('%s, relaxed', (_, value, expected) => {
    expect(itemOf(rawDocument([rawMember('_id', rawValue(new Int32(1))), rawMember('a', value)]))).toEqual({ _id: 1, a: expected });
  });

  test('a member called __proto__ stays a member, and names keep their order', () => {
    const bytes = BSON.serialize(new Map<string, unknown>([['_id', 1], ['__proto__', { a: 1 }], ['b', 2], ['7', 3]]));
    expect(lineOf(readers(), bytes).item.toString()).toBe('{"_id":1,"__proto__":{"a":1},"b":2,"7":3}');
  });

  test('canonical EJSON keeps every value byte for byte', () => {
    fc.assert(fc.property(anyKeyValue, fc.array(anyKeyValue, { maxLength: 3 }), (a, list) => {
      const bytes = BSON.serialize({ _id: ID, a, list, within: { a } });
      expect(BSON.serialize(BSON.EJSON.parse(JSON.stringify(itemOf(bytes, { format: 'canonical' })), { relaxed: false }))).toEqual(bytes);
    }), { numRuns: 300 });
  });

  test('numbers are written as JSON.stringify writes them', () => {
    const both = readers();
    const hundredths = fc.tuple(fc.integer(), fc.constantFrom(1, 10, 100, 1000, 1e5)).map(([whole, part]) => whole / part);
    fc.assert(fc.property(fc.oneof(hundredths, fc.double({ noNaN: true, noDefaultInfinity: true })), (number) => {
      fc.pre(!Object.is(number, -0));
      const line = lineOf(both, BSON.serialize({ _id: 1, a: new Double(number) }));
      expect(line.item.toString()).toBe(JSON.stringify({ _id: 1, a: number }));
    }), { numRuns: 5_000 });
  });

  test('dates are written as the driver writes them', () => {
    const both = readers();
    const seconds = fc.integer({ min: -1, max: 253_402_300_801 });
    const times = fc.oneof(fc.integer({ min: -1_000, max: 253_402_300_801_000 }), seconds.map((count) => 1_000 * count));
    fc.assert(fc.property(times, (time) => {
      const document = { _id: 1, a: new Date(time) };
      expect(lineOf(both, BSON.serialize(document)).item.toString()).toBe(BSON.EJSON.stringify(document, { relaxed: true }));
    }), { numRuns: 2_000 });
  });

  test('texts of any length are written as JSON.stringify writes them', () => {
    const both = readers();
    const unit = fc.oneof(
      fc.constantFrom('a', 'é', '"', '\\', '\n', '\0', '\u001f', '\u007f', '\u2028', '\u{1F600}'),
      fc.string({ maxLength: 100 }),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    );
    fc.assert(fc.property(fc.array(unit, { maxLength: 40 }).map((units) => Buffer.from(units.join('')).toString()), (content) => {
      expect(lineOf(both, BSON.serialize({ _id: 1, a: content })).item.toString()).toBe(JSON.stringify({ _id: 1, a: content }));
    }), { numRuns: 1_000 });
  });
});

describe('a document of any bytes', () => {
  /** Members as they come, also with one name more than once. */
  const repeating = fc.tuple(rawMembers, rawMembers, fc.constantFrom('a', 'b', '_id')).map(([one, other, name]): RawMember[] => (
    [...one, ...other, ...one.slice(0, 1).map((member) => ({ ...member, name: Buffer.from(name) }))]
  ));
  const withSevenFor = (members: fc.Arbitrary<readonly RawMember[]>): fc.Arbitrary<Buffer> => members.map((list) => (
    rawDocument([rawMember('_id', rawValue(new Int32(7))), ...list.filter(({ name }) => !Buffer.from('_id').equals(name))])
  ));
  /** Where that is shown, the oracle takes it for what is left of a text that is no UTF-8, if there is one anywhere. */
  const withoutReplacement = (documents: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> => documents.filter((bytes) => !bytes.includes('\uFFFD'));
  const documents = fc.oneof(withSevenFor(rawMembers), withoutReplacement(withSevenFor(repeating)));

  test.each(FORMATS)('is the item that the driver makes of it, or cannot be told by either (%s)', (format) => {
    // One text for all: what it knows of one document must not be taken for another one.
    const both = readers({ format });
    fc.assert(fc.property(documents, (bytes) => expectText(byReader(both, bytes), byDriver(bytes, format))), { numRuns: fcRuns(4_000) });
  }, fcTimeout(100));

  test('the same where it is damaged', () => {
    const change = fc.tuple(fc.nat(), fc.oneof(fc.constantFrom(0, 1, 2, 3, 4, 5, 0x7f, 0xff), fc.integer({ min: 0, max: 255 })));
    const both = readers();
    fc.assert(fc.property(documents, fc.array(change, { minLength: 1, maxLength: 3 }), fc.option(fc.nat(), { freq: 3 }), (whole, changes, end) => {
      const bytes = Buffer.from(whole);
      // The server knows where a document ends and _id is; the rest is as it may be.
      for (const [place, byte] of changes) if (bytes.byteLength > 14) bytes[14 + (place % (bytes.byteLength - 14))] = byte;
      const cut = end === null ? bytes : bytes.subarray(0, end % bytes.byteLength);
      fc.pre(!cut.includes('\uFFFD'));
      expectText(byReader(both, cut), byDriver(cut, 'relaxed'));
    }), { numRuns: fcRuns(6_000) });
  }, fcTimeout(100));

  test('has the fields of a projection', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'c', 'é', '__proto__'), { minLength: 1, maxLength: 3 }).map((names) => names.join('.'));
    const paths = fc.array(path, { minLength: 1, maxLength: 3 });
    fc.assert(fc.property(withoutReplacement(documents), paths, fc.constantFrom(...FORMATS), (bytes, projection, format) => {
      expectText(byReader(readers({ format, projection }), bytes), byDriver(bytes, format, projection));
    }), { numRuns: fcRuns(3_000) });
  }, fcTimeout(100));

  test('has an identifier, and a key of the run', () => {
    fc.assert(fc.property(fc.array(anyKeyValue, { minLength: 1, maxLength: 5 }), (ids) => {
      const both = readers();
      const lines = ids.map((_id) => lineOf(both, BSON.serialize({ _id, a: 1 })));
      const keyOf = idempotencyKeys('the run');
      const expected = ids.map((_id) => {
        const itemIdentifier = encodeValue(_id);
        return { itemIdentifier, idempotencyKey: keyOf(itemIdentifier), item: byDriver(BSON.serialize({ _id, a: 1 }), 'relaxed') };
      });
      expect(lines.map(({ line }) => JSON.parse(line.toString()))).toEqual(expected);
    }), { numRuns: 500 });
  });

  test('with names that are data is read as well, however many there are', () => {
    const both = readers();
    for (let number = 0; number < 25; number++) {
      const names = Array.from({ length: 1_000 }, (_, index) => [`n${number * 1_000 + index}`, index] as const);
      const document = Object.fromEntries([['_id', number], ...names, ['last', Object.fromEntries(names)]]);
      expect(JSON.parse(lineOf(both, BSON.serialize(document)).item.toString())).toEqual(document);
    }
  });
});
