import fc from 'fast-check';
import { closest } from '../../../src/private/shape/closest';

test.each([
  ['date_being', 'date_begin'],
  ['DateEnd', 'date_end'],
  ['teem', 'team'],
])('%s was probably meant to be %s', (word, meant) => {
  expect(closest(word, ['team', 'date_begin', 'date_end'])).toBe(meant);
});

test('a candidate is closest to itself, and there is none without candidates', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z_]{1,8}$/), { minLength: 1 }), (candidates) => {
    for (const candidate of candidates) expect(closest(candidate, candidates)).toBe(candidate);
  }));
  expect(closest('date', [])).toBeUndefined();
});
