import fc from 'fast-check';
import { BSON, Long, ObjectId } from 'mongodb';
import { anyKeyValue } from './bson-values';
import { PagedBatchEtlErrorName } from '../../../../src/paged-batch-etl/contracts/error-names';
import { MAX_CURSOR_BYTES } from '../../../../src/paged-batch-etl/contracts/read-page';
import { decodeCursor, encodeCursor } from '../../../../src/paged-batch-etl/source-functions/mongo/cursor-codec';

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
