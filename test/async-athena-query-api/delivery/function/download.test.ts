import * as fc from 'fast-check';
import { WRITTEN_FORMATS } from '../../../../src/async-athena-query-api/contracts/deliver';
import { downloadOf } from '../../../../src/async-athena-query-api/delivery/function/download';

const BYTES = 'application/octet-stream';

test.each([
  ['a.csv', undefined, 'a.csv', 'text/csv; charset=utf-8'],
  ['a.txt', undefined, 'a.txt', 'text/plain; charset=utf-8'],
  ['20261201_00001_a', 'PARQUET', '20261201_00001_a.parquet', 'application/vnd.apache.parquet'],
  ['a.parquet', 'PARQUET', 'a.parquet', 'application/vnd.apache.parquet'],
  ['a', 'ORC', 'a.orc', BYTES],
  ['a', 'AVRO', 'a.avro', BYTES],
  ['a', 'JSON', 'a.json', 'application/x-ndjson'],
  ['a.gz', 'JSON', 'a.json.gz', 'application/gzip'],
  ['a.json.gz', 'JSON', 'a.json.gz', 'application/gzip'],
  ['a.zst', 'TEXTFILE', 'a.txt.zst', 'application/zstd'],
  ['a.bz2', 'TEXTFILE', 'a.txt.bz2', BYTES],
  ['a.gz', undefined, 'a.gz', 'application/gzip'],
  ['a', undefined, 'a', BYTES],
  ['a.constructor', undefined, 'a.constructor', BYTES],
  ['..', undefined, '_', BYTES],
  ['a"; filename="b.exe\r\nX: 1', 'JSON', 'a___filename=_b.exe__X__1.json', 'application/x-ndjson'],
] as const)('%j of %s is saved as %s, of type %s', (fileName, format, name, contentType) => {
  expect(downloadOf(fileName, format)).toEqual({ name, contentType });
});

test('no name leaves its place in the header, or the folder that it is saved in', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.option(fc.constantFrom(...WRITTEN_FORMATS), { nil: undefined }), (fileName, format) => {
    const { name } = downloadOf(fileName, format);
    expect(name).toMatch(/^[\w.=-]*$/);
    expect(name.startsWith('..')).toBe(false);
  }));
});
