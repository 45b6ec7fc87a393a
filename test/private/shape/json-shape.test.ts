import * as fc from 'fast-check';
import {
  anyObject, atLeast, exactly, finiteNumber, flag, listOf, literal, matching, nullable, optional, Read, ShapeError, text,
} from '../../../src/private/shape/json-shape';

/** What the reader gives, or the message of its error. */
function outcome<T>(read: Read<T>, value: unknown, place = 'it'): T | string {
  try {
    return read(value, place);
  } catch (error) {
    if (error instanceof ShapeError) return `refused: ${error.message}`;
    throw error;
  }
}

/** One value of every type that JSON has, and none at all. */
const EVERY_TYPE = [undefined, null, true, 'words', 1.5, ['words'], { a: 1 }];

describe('a single value', () => {
  test.each<[string, Read<unknown>, unknown, string]>([
    ['text', text, 'words', 'a string'],
    ['finiteNumber', finiteNumber, 1.5, 'a number'],
    ['flag', flag, true, 'true or false'],
    ['anyObject', anyObject, { a: 1 }, 'an object'],
    ['literal', literal('words'), 'words', '"words"'],
    ['matching', matching(/^w/, 'a w word'), 'words', 'a string'],
    ['listOf', listOf(text), ['words'], 'a list'],
  ])('%s takes its type and no other, not even null', (_name, read, taken, expected) => {
    const others = EVERY_TYPE.filter((value) => JSON.stringify(value) !== JSON.stringify(taken));
    expect(read(taken, 'it')).toEqual(taken);
    expect(others).toHaveLength(EVERY_TYPE.length - 1);
    expect(others.map((value) => outcome(read, value))).toEqual(others.map(() => `refused: it must be ${expected}`));
  });

  test.each([NaN, Infinity, -Infinity])('%d is no number', (value) => {
    expect(outcome(finiteNumber, value)).toBe('refused: it must be a number');
  });

  test('a literal is told from its text', () => {
    expect(outcome(literal(1), 1)).toBe(1);
    expect(outcome(literal(1), '1')).toBe('refused: it must be 1');
  });

  test('a text that does not match is refused in the words given, without itself', () => {
    expect(outcome(matching(/^\d+$/, 'digits'), 'secret')).toBe('refused: it must be digits');
  });

  test('an entry of a list is named by its place', () => {
    expect(outcome(listOf(text), ['a', 'b', 3])).toBe('refused: it[2] must be a string');
    expect(outcome(listOf(text), [])).toEqual([]);
  });
});

describe('a value that may be missing', () => {
  test('is optional: absent, but not null', () => {
    expect(outcome(optional(text), undefined)).toBeUndefined();
    expect(outcome(optional(text), 'words')).toBe('words');
    expect(outcome(optional(text), null)).toBe('refused: it must be a string');
    expect(outcome(optional(text), 1)).toBe('refused: it must be a string');
  });

  test('is nullable: absent or null, which is the same, and nothing else', () => {
    expect(outcome(nullable(text), undefined)).toBeUndefined();
    expect(outcome(nullable(text), null)).toBeUndefined();
    expect(outcome(nullable(text), 'words')).toBe('words');
    for (const value of [false, 0, [], {}]) expect(outcome(nullable(text), value)).toBe('refused: it must be a string');
    expect([outcome(nullable(flag), false), outcome(nullable(finiteNumber), 0), outcome(nullable(text), '')]).toEqual([false, 0, '']);
  });
});

interface Point {
  readonly x: number;
  readonly name?: string;
  readonly note?: string;
}

const members = { x: finiteNumber, name: optional(text), note: nullable(text) };

describe.each([['exactly', exactly<Point>(members)], ['atLeast', atLeast<Point>(members)]] as const)('an object with %s these members', (_name, read) => {
  test('is read member by member, and what is missing stays missing', () => {
    expect(outcome(read, { x: 1, name: 'a', note: 'b' })).toEqual({ x: 1, name: 'a', note: 'b' });
    expect(Object.keys(read({ x: 1, note: null }, ''))).toEqual(['x']);
  });

  test('names the place of what is wrong, from the top', () => {
    expect(outcome(read, {})).toBe('refused: it.x must be a number');
    expect(outcome(read, {}, '')).toBe('refused: x must be a number');
    expect(outcome(read, { x: 1, name: null })).toBe('refused: it.name must be a string');
    expect(outcome(exactly<{ readonly inner: Point }>({ inner: read }), { inner: { x: 'secret' } }, '')).toBe('refused: inner.x must be a number');
    expect(outcome(read, 'secret', '')).toBe('refused: The value must be an object');
    for (const value of [undefined, null, [], 'x', 1]) expect(outcome(read, value)).toBe('refused: it must be an object');
  });

  test('does not take what an object inherits for a member', () => {
    expect(outcome(read, Object.create({ x: 1 }))).toBe('refused: it.x must be a number');
    const inherited = { toString: optional(text) };
    expect(outcome(atLeast<{ readonly toString?: string }>(inherited), {})).toEqual({});
    expect(outcome(read, JSON.parse('{"__proto__":{"x":1}}'))).toMatch(/^refused: it/);
  });
});

describe('any other member', () => {
  test('is refused by exactly, without its name', () => {
    expect(outcome(exactly<Point>(members), { x: 1, secret: 2 })).toBe('refused: it must be an object with no members but x, name, note');
    expect(outcome(exactly<Point>(members), { x: 1, constructor: 2 })).toMatch(/^refused: it must be an object with no members but/);
    expect(outcome(exactly<Point>(members), JSON.parse('{"x":1,"__proto__":2}'))).toMatch(/^refused: it must be an object with no members but/);
  });

  test('is dropped by atLeast', () => {
    expect(outcome(atLeast<Point>(members), { x: 1, secret: 2 })).toEqual({ x: 1 });
  });
});

test('whatever the JSON, exactly takes it only where atLeast reads the very same, and no message holds a text of it', () => {
  const value = fc.constantFrom(...EVERY_TYPE, 'S3CRET');
  const anything = fc.dictionary(fc.constantFrom('x', 'name', 'note', 'more'), value);
  const fitting = fc.record({ x: fc.integer(), name: fc.string(), note: fc.option(fc.string()) }, { requiredKeys: ['x'] });
  let taken = 0;
  fc.assert(fc.property(fc.oneof(anything, fitting), (given) => {
    const [strict, open] = [exactly<Point>(members), atLeast<Point>(members)].map((read) => outcome(read, given));
    expect(JSON.stringify([strict, open].filter((result) => typeof result === 'string'))).not.toContain('S3CRET');
    if (typeof strict === 'string') return;
    taken++;
    expect(strict).toEqual(open);
    expect(Object.keys(given)).not.toContain('more');
  }), { numRuns: 1000, seed: 3 });
  expect(taken).toBeGreaterThan(200);
});
