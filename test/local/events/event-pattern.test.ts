import * as fc from 'fast-check';
import { JsonObject, JsonValue } from '../../../local/aws/service';
import { matchesPattern } from '../../../local/events/event-pattern';

const event: JsonObject = {
  source: 'aws.states',
  detail: { status: 'FAILED', name: 'run-7', count: 5, tags: ['a', 'b'], error: null, inner: { deep: true } },
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
  ['a field that is not there', { detail: { missing: [{ exists: false }] } }, true],
  ['a field below one that is not there', { missing: { deeper: ['x'] } }, false],
  ['either of two parts', { $or: [{ source: ['other'] }, { detail: { count: [5] } }] }, true],
])('%s', (_, pattern, expected) => {
  expect(matchesPattern(pattern, event)).toBe(expected);
});

test.each<[string, JsonObject]>([
  ['wildcard', { source: [{ wildcard: 'aws.*' }] }],
  ['cidr', { source: [{ cidr: '10.0.0.0/8' }] }],
  ['takes a list', { source: 'aws.states' }],
])('what is not implemented is refused: %s', (name, pattern) => {
  expect(() => matchesPattern(pattern, event)).toThrow(name);
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
