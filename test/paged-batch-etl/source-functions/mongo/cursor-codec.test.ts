import fc from 'fast-check';
import { BSON, Long, ObjectId } from 'mongodb';
import { anyKeyValue } from './bson-values';
import { PagedBatchEtlErrorName } from '../../../../src/paged-batch-etl/contracts/error-names';
import { MAX_CURSOR_BYTES, MAX_RANGE_CURSOR_BYTES, MAX_RANGES } from '../../../../src/paged-batch-etl/contracts/read-page';
import { decodeCursor, decodePlace, encodeCursor, encodeStart } from '../../../../src/paged-batch-etl/source-functions/mongo/cursor-codec';

const { INVALID_CURSOR, CURSOR_TOO_LARGE, SOURCE_CHANGED } = PagedBatchEtlErrorName;

describe('cursors', () => {
  test('keep every value byte for byte', () => {
    fc.assert(fc.property(fc.array(anyKeyValue, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 1_000 }), (key, answerSize) => {
      const sort = key.map((_, index) => `f${index}`);
      const decoded = decodeCursor(sort, encodeCursor(sort, { key, answerSize }));
      expect(BSON.serialize({ key: decoded.key })).toEqual(BSON.serialize({ key }));
      expect(decoded.answerSize).toBe(answerSize);
    }), { numRuns: 500 });
  });

  test('hold the key as canonical EJSON', () => {
    const key = [Long.fromString('9007199254740993'), new ObjectId('0123456789abcdef01234567')];
    expect(JSON.parse(encodeCursor(['n', '_id'], { key, answerSize: 16 }))).toMatchObject({
      sort: ['n', '_id'], key: [{ $numberLong: '9007199254740993' }, { $oid: '0123456789abcdef01234567' }],
    });
  });

  test('are understood for ever: a run outlives deployments', () => {
    const released = '{"sort":["runDate","_id"],"key":[{"$date":{"$numberLong":"1795478400000"}},{"$oid":"0123456789abcdef01234567"}],"answerSize":{"$numberInt":"16"}}';
    const end = { key: [new Date('2026-11-24T00:00:00Z'), new ObjectId('0123456789abcdef01234567')], answerSize: 16 };
    expect(decodeCursor(['runDate', '_id'], released)).toEqual(end);
    const withSource = released.replace(/\}$/, ',"source":{"namespace":"Analytics.jobs","uuid":"82501bfb-fb62-4247-8a39-9d3e14f76c44","collated":false,"filter":["Zm9vYmFyMQ"]}}');
    const source = { namespace: 'Analytics.jobs', uuid: '82501bfb-fb62-4247-8a39-9d3e14f76c44', collated: false, filter: ['Zm9vYmFyMQ'] };
    expect(decodeCursor(['runDate', '_id'], withSource)).toEqual({ ...end, source });
    expect(encodeCursor(['runDate', '_id'], { ...end, source: { ...source, hint: undefined } })).toBe(withSource);
  });

  test('are understood with members of later releases, which a deployment may take back', () => {
    const source = { namespace: 'd.c', collated: true, filter: [] };
    const later = encodeCursor(['_id'], { key: [1], answerSize: 2, source }).replace('{', '{"later":{"x":1},').replace('"source":{', '"source":{"later":null,');
    expect(decodeCursor(['_id'], later)).toMatchObject({ answerSize: 2, source });
  });

  const good = encodeCursor(['f', '_id'], { key: [1, 2], answerSize: 16 });

  test.each([
    ['nothing', ''],
    ['no JSON', good.slice(1)],
    ['no object', '[]'],
    ['no key', '{"sort":["f","_id"]}'],
    ['a key too short', good.replace('{"$numberInt":"1"},', '')],
    ['an array in the key', good.replace('{"$numberInt":"1"}', '[]')],
    ['a source that is none', good.replace('{', '{"source":{"filter":[]},')],
    ['no answer size', good.replace('"16"', '"0"')],
    ['a broken date', good.replace('{"$numberInt":"1"}', '{"$date":true}')],
  ])('%s is refused', (_, cursor) => {
    expect(() => decodeCursor(['f', '_id'], cursor)).toThrow(expect.objectContaining({ name: INVALID_CURSOR }));
  });

  test.each([[['g', '_id']], [['_id', 'f']], [['_id']]])('of the sort %j belong to another source', (sort) => {
    const cursor = encodeCursor(sort, { key: sort.map(Number), answerSize: 16 });
    expect(() => decodeCursor(['f', '_id'], cursor)).toThrow(expect.objectContaining({ name: SOURCE_CHANGED }));
  });

  test('are bounded', () => {
    const atMost = (length: number) => () => encodeCursor(['_id'], { key: ['é'.repeat(length)], answerSize: 16 });
    const around = Buffer.byteLength(atMost(0)());
    expect(Buffer.byteLength(atMost(Math.floor((MAX_CURSOR_BYTES - around) / 2))())).toBeGreaterThan(MAX_CURSOR_BYTES - 2);
    expect(atMost(Math.floor((MAX_CURSOR_BYTES - around) / 2) + 1)).toThrow(expect.objectContaining({ name: CURSOR_TOO_LARGE }));
  });
});

describe('cursors of ranges', () => {
  const sort = ['runDate', '_id'];
  const source = { namespace: 'Analytics.jobs', collated: false, filter: ['Zm9vYmFyMQ'] };
  const range = { from: new Date('2026-11-01T00:00:00Z'), before: new Date('2026-11-02T00:00:00Z') };

  test('are understood for ever', () => {
    const bounds = '"range":{"from":{"$date":{"$numberLong":"1793491200000"}},"before":{"$date":{"$numberLong":"1793577600000"}}}';
    const told = '"source":{"namespace":"Analytics.jobs","collated":false,"filter":["Zm9vYmFyMQ"]}';
    const start = `{${bounds},"start":{"sort":["runDate","_id"],${told}}}`;
    expect(encodeStart(sort, range, { ...source, uuid: undefined })).toBe(start);
    expect(decodePlace(sort, start)).toEqual({ range, source });
    const end = { key: [new Date('2026-11-01T12:00:00Z'), 7], answerSize: 16, source };
    const key = '"key":[{"$date":{"$numberLong":"1793534400000"}},{"$numberInt":"7"}],"answerSize":{"$numberInt":"16"}';
    const page = `{${bounds},"page":{"sort":["runDate","_id"],${key},${told}}}`;
    expect(encodeCursor(sort, end, range)).toBe(page);
    expect(BSON.EJSON.stringify(decodePlace(sort, page))).toBe(BSON.EJSON.stringify({ end, source, range }));
  });

  test('are open at either end, and tell a page of all from one of a range', () => {
    for (const open of [{}, { from: new Date(1) }, { before: 'x' }]) expect(decodePlace(sort, encodeStart(sort, open, source))).toEqual({ range: open, source });
    expect(decodePlace(sort, null)).toEqual({});
    expect(decodePlace(sort, encodeCursor(sort, { key: [1, 2], answerSize: 3, source }))).not.toHaveProperty('range');
  });

  test('are refused by a release that knows no ranges, instead of being read without bounds', () => {
    for (const cursor of [encodeStart(sort, range, source), encodeCursor(sort, { key: [1, 2], answerSize: 3, source }, range)]) {
      expect(() => decodeCursor(sort, cursor)).toThrow(expect.objectContaining({ name: INVALID_CURSOR }));
    }
  });

  test.each([
    ['no place', '{"range":{}}'],
    ['a bound that is none', '{"range":{"from":null},"start":{"sort":["runDate","_id"]}}'],
    ['a bound that nothing is greater than', '{"range":{"from":{"$numberDouble":"NaN"}},"start":{"sort":["runDate","_id"]}}'],
    ['no range', '{"range":1,"start":{"sort":["runDate","_id"]}}'],
  ])('with %s are none', (_what, cursor) => {
    expect(() => decodePlace(sort, cursor)).toThrow(expect.objectContaining({ name: INVALID_CURSOR }));
  });

  test('of another sort are told', () => {
    expect(() => decodePlace(['_id'], encodeStart(sort, range, source))).toThrow(expect.objectContaining({ name: SOURCE_CHANGED }));
  });

  test('leave room in the state for as many of them as there can be', () => {
    const cursorOf = (length: number) => () => encodeCursor(['_id'], { key: ['"'.repeat(length)], answerSize: 16, source }, { from: 'a' });
    expect(cursorOf(1_000)).toThrow(expect.objectContaining({ name: CURSOR_TOO_LARGE, message: expect.stringContaining('1536 are possible with partitions') }));
    expect(JSON.stringify(cursorOf(200)()).length).toBeLessThanOrEqual(MAX_RANGE_CURSOR_BYTES);
    expect(MAX_RANGES * MAX_RANGE_CURSOR_BYTES).toBeLessThan(200 * 1024);
  });
});
