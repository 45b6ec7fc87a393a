import fc from 'fast-check';
import { InexactNumber, membersOf, namesOf, objectOf, readJson, withMember, writeJson } from '../../local/exact-json';
import { jsonTexts, sameNumbers, unholdable } from '../support/json-texts';

test('property: a text that is read and written is the same text, but for the spelling of numbers, or names a number that cannot be held', () => {
  fc.assert(fc.property(jsonTexts, (text) => {
    const refused = unholdable(text);
    if (refused.length === 0) {
      const written = writeJson(readJson(text));
      expect(sameNumbers(text, written)).toBe(true);
      expect(writeJson(readJson(written))).toBe(written);
    } else {
      expect(() => readJson(text)).toThrow(InexactNumber);
      expect(refused).toContain(numberIn(() => readJson(text)));
    }
  }), { numRuns: 2_000 });
});

test.each([
  '{"10":1,"2":2}', '{"b":1,"1":2}', '{"a":{"2":[{"3":0,"1":0}],"1":0}}', '{"__proto__":{"2":1,"1":2}}', '[{"2":1,"1":2}]', '{"01":1,"1":2,"0":3}', '{"4294967295":1,"1":2}',
  '{"a \\"1\\": b":1,"1":2}', '9007199254740991', '-9007199254740991', '9007199254740992', '0.1', '1e+21', '1234567890123456800',
])('%s stays as it is', (text) => {
  expect(writeJson(readJson(text))).toBe(text);
});

test.each<[string, string]>([
  ['{"1":{"3":0,"2":0},"1":{"2":0,"3":0}}', '{"1":{"2":0,"3":0}}'],
  ['{"b":1,"2":1,"b":2,"1":1}', '{"b":2,"2":1,"1":1}'],
  ['{"x":[{"2":0,"1":0}],"x":{"0":{"2":0,"1":0}}}', '{"x":{"0":{"2":0,"1":0}}}'],
  ['{"x":{"2":0,"1":0},"x":{"a":0}}', '{"x":{"a":0}}'],
])('of two members with one name the later value counts: %s', (text, expected) => {
  expect(writeJson(readJson(text))).toBe(expected);
});

test.each(['9007199254740993', '-9007199254740993', '1152921504606846976', '12345678901234567890', '1e400', '-1E+999', '{"a":[1,{"2":9223372036854775807}]}'])('%s is refused by name', (text) => {
  expect(() => readJson(text)).toThrow(unholdable(text)[0]);
});

test('what only looks like such a number is not', () => {
  const text = '{"id":"12345678901234567890","0123456789abcdef":"1e999","n":0.12345678901234567}';
  expect(readJson(text)).toEqual(JSON.parse(text));
});

test('objects keep the order in which they are made and changed', () => {
  const object = objectOf([['b', 1], ['10', 2], ['2', 3]]);
  expect(namesOf(object)).toEqual(['b', '10', '2']);
  expect(membersOf(withMember(withMember(object, '1', 4), '10', 5))).toEqual([['b', 1], ['10', 5], ['2', 3], ['1', 4]]);
  expect(object).toEqual({ b: 1, 10: 2, 2: 3 });
});

function numberIn(read: () => unknown): string | undefined {
  try {
    read();
  } catch (error) {
    if (error instanceof InexactNumber) return error.number;
  }
  return undefined;
}
