import * as fc from 'fast-check';
import { compilePattern, matchesPattern } from '../../../local/events/event-pattern';
import { JsonObject, JsonValue } from '../../../local/json';

const event: JsonObject = {
  source: 'aws.states',
  detail: {
    status: 'FAILED',
    name: 'run-7',
    count: 5,
    tags: ['a', 'b'],
    error: null,
    inner: { deep: true },
    none: [],
    items: [{ kind: 'a', size: 2 }, { kind: 'b', size: 3 }],
  },
};

test.each<[string, JsonObject, boolean]>([
  ['an exact value', { source: ['aws.states'] }, true],
  ['one of several values', { detail: { status: ['ABORTED', 'FAILED'] } }, true],
  ['none of several values', { detail: { status: ['ABORTED', 'TIMED_OUT'] } }, false],
  ['every named field', { source: ['aws.states'], detail: { status: ['FAILED'], name: ['other'] } }, false],
  ['a value inside', { detail: { inner: { deep: [true] } } }, true],
  ['null', { detail: { error: [null] } }, true],
  ['a number by value', { detail: { count: [5] } }, true],
  ['a number is no text', { detail: { count: ['5'] } }, false],
  ['one item of a list', { detail: { tags: ['b'] } }, true],
  ['no item of a list', { detail: { tags: ['c'] } }, false],
  ['a prefix', { detail: { name: [{ prefix: 'run-' }] } }, true],
  ['a suffix', { detail: { name: [{ suffix: '-8' }] } }, false],
  ['whatever the case', { detail: { status: [{ 'equals-ignore-case': 'failed' }] } }, true],
  ['anything but a value', { detail: { status: [{ 'anything-but': 'FAILED' }] } }, false],
  ['anything but a list', { detail: { status: [{ 'anything-but': ['ABORTED', 'TIMED_OUT'] }] } }, true],
  ['anything but a prefix', { detail: { name: [{ 'anything-but': { prefix: 'run' } }] } }, false],
  ['anything but, of a missing field', { detail: { missing: [{ 'anything-but': 'x' }] } }, false],
  ['a number in a range', { detail: { count: [{ numeric: ['>', 4, '<=', 5] }] } }, true],
  ['a number out of a range', { detail: { count: [{ numeric: ['<', 5] }] } }, false],
  ['a field that is there', { detail: { name: [{ exists: true }] } }, true],
  ['a prefix whatever the case', { detail: { name: [{ prefix: { 'equals-ignore-case': 'RUN' } }] } }, true],
  ['a wildcard', { detail: { name: [{ wildcard: 'r*-*' }] } }, true],
  ['a wildcard that needs more', { detail: { name: [{ wildcard: 'r*-8' }] } }, false],
  ['a wildcard with a literal asterisk', { detail: { name: [{ wildcard: 'run\\*7' }] } }, false],
  ['anything but wildcards', { detail: { name: [{ 'anything-but': { wildcard: ['a*', '*7'] } }] } }, false],
  ['anything but a prefix, of a number', { detail: { count: [{ 'anything-but': { prefix: 'x' } }] } }, true],
  ['anything but a text, of null', { detail: { error: [{ 'anything-but': 'x' }] } }, true],
  ['a null that is there', { detail: { error: [{ exists: true }] } }, true],
  ['an empty list has nothing to compare', { detail: { none: [null] } }, false],
  ['an object is no leaf', { detail: { inner: [{ exists: true }] } }, false],
  ['one object of a list that has it all', { detail: { items: { kind: ['a'], size: [2] } } }, true],
  ['no object of a list that has it all', { detail: { items: { kind: ['a'], size: [3] } } }, false],
  ['absence below what is not there', { missing: { deeper: [{ exists: false }] } }, true],
  ['a field that is not there', { detail: { missing: [{ exists: false }] } }, true],
  ['a field below one that is not there', { missing: { deeper: ['x'] } }, false],
  ['either of two parts', { $or: [{ source: ['other'] }, { detail: { count: [5] } }] }, true],
])('%s', (_, pattern, expected) => {
  expect(matchesPattern(pattern, event)).toBe(expected);
});

test.each<[string, JsonObject, string]>([
  ['cidr', { source: [{ cidr: '10.0.0.0/8' }] }, 'does not implement cidr'],
  ['a value outside a list', { source: 'aws.states' }, 'takes a list'],
  ['an operator behind a field that does not match', { source: ['other'], detail: { status: [{ cidr: '::/0' }] } }, 'does not implement cidr'],
  ['an empty pattern', {}, 'Empty objects'],
  ['an empty list', { source: [] }, 'empty lists'],
  ['two operators at once', { source: [{ prefix: 'a', suffix: 'b' }] }, 'one operator at a time'],
  ['exists with a text', { source: [{ exists: 'true' }] }, 'true or false'],
  ['a prefix that is no text', { source: [{ prefix: 1 }] }, 'prefix takes a text'],
  ['anything but an empty prefix', { source: [{ 'anything-but': { prefix: '' } }] }, 'must not be empty'],
  ['anything but a mixture', { source: [{ 'anything-but': ['a', 1] }] }, 'of one type'],
  ['anything but null', { source: [{ 'anything-but': [null] }] }, 'of one type'],
  ['two asterisks in a row', { source: [{ wildcard: 'a**' }] }, 'two * in a row'],
  ['a stray backslash', { source: [{ wildcard: 'a\\b' }] }, 'can be escaped'],
  ['a range upside down', { source: [{ numeric: ['<', 1, '>', 5] }] }, 'a lower and then a higher bound'],
  ['half a comparison', { source: [{ numeric: ['<'] }] }, 'one or two comparisons'],
  ['$or with one branch', { $or: [{ source: ['a'] }] }, 'at least two'],
])('%s is refused, whatever the event', (_, pattern, message) => {
  expect(() => compilePattern(pattern)).toThrow(message);
});

test('anything-but a list lets through exactly what the list does not hold', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: -3, max: 3 }), { minLength: 1 }), fc.integer({ min: -4, max: 4 }), (refused, value) => {
    expect(matchesPattern({ n: [{ 'anything-but': refused }] }, { n: value })).toBe(!matchesPattern({ n: refused }, { n: value }));
  }));
});

test('a wildcard matches what its asterisks are replaced by, and its other characters only themselves', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '\\', '(', '\u{1F600}', '\n') });
  const literal = (part: string) => part.replace(/[\\*]/g, '\\$&');
  fc.assert(fc.property(fc.array(text, { minLength: 1, maxLength: 4 }).map((parts) => parts.map((part) => `${part}b`)), text, (parts, filling) => {
    const pattern = { t: [{ wildcard: parts.map(literal).join('*') }] };
    expect(matchesPattern(pattern, { t: parts.join(filling) })).toBe(true);
    expect(matchesPattern(pattern, { t: `${parts.join(filling)}!` })).toBe(false);
    expect(matchesPattern(pattern, { t: `!${parts.join(filling)}` })).toBe(false);
  }));
});

test('an event matches the pattern of its own values, and no pattern with another value in it', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const flat = fc.dictionary(fc.string().filter((name) => name !== '$or'), leaf, { minKeys: 1 });
  fc.assert(fc.property(flat, fc.nat(), (fields, choice) => {
    const own = Object.fromEntries(Object.entries(fields).map(([name, value]): [string, JsonValue] => [name, [value]]));
    expect(matchesPattern(own, { detail: fields, ...fields })).toBe(true);
    const name = Object.keys(fields)[choice % Object.keys(fields).length];
    expect(matchesPattern({ ...own, [name]: ['another value\u0000'] }, fields)).toBe(false);
  }));
});
