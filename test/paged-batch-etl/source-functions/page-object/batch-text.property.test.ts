import * as fc from 'fast-check';
import { asciiJson } from '../../../../src/paged-batch-etl/source-functions/page-object/batch-text';

const TEXT = fc.string({ unit: fc.oneof(fc.constantFrom('"', '\\', '\n', 'a'), fc.integer({ min: 0x80, max: 0x10ffff }).filter((point) => point < 0xd800 || point > 0xdfff).map((point) => String.fromCodePoint(point))) });

test('text of any language has the same meaning in ASCII, and grows as a JSON string by what is told', () => {
  fc.assert(fc.property(TEXT, (text) => {
    const { bytes, escapes } = asciiJson(Buffer.from(JSON.stringify({ [text]: text })));
    const ascii = bytes.toString('latin1');
    expect(ascii).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(ascii)).toEqual({ [text]: text });
    expect(escapes).toBe(JSON.stringify(ascii).length - 2 - ascii.length);
  }), { numRuns: 500 });
});
