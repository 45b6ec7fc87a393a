import * as fc from 'fast-check';
import { idempotencyKey } from '../../../../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { keyScope, KeyScopeOptions } from '../../../../src/paged-batch-etl/source-functions/reader/key-scope';
import { checkParameters } from '../../../../src/paged-batch-etl/source-functions/reader/run-input';
import { INPUT, RULES, RUN_ID } from '../harness';

const PLACE = JSON.stringify(['analytics', 'jobs']);
const CONSTRUCT = 'eu-west-1/111122223333/Stack/c8';

type Given = Readonly<Record<string, unknown>>;

const scopeOf = (scope: 'window' | 'item', given: Given = INPUT, changes: Partial<KeyScopeOptions> = {}) => keyScope({
  runId: RUN_ID, place: PLACE, parameters: checkParameters(given, RULES), config: { scope, construct: CONSTRUCT }, ...changes,
});

/** Inputs of runs, with each moment written in several ways. */
const inputs = fc.record({
  date_begin: fc.constantFrom('2026-11-23', '2026-11-23T00:00', '2026-11-23T01:00:00+01:00', '2026-11-23T00:00:00.000Z', '2026-11-24'),
  date_end: fc.constantFrom('2026-11-24', '2026-11-23T23:00:00Z', '2026-11-25'),
  kind: fc.string(),
  amount: fc.maxSafeInteger(),
  owner: fc.constantFrom(INPUT.owner, INPUT.owner.toUpperCase(), '5f00000000000000000000ac'),
  batch_size: fc.integer({ min: 1, max: 100 }),
});

/** What the values of an input mean. */
function meaning({ date_begin, date_end, kind, amount, owner }: typeof inputs extends fc.Arbitrary<infer Input> ? Input : never): string {
  const end = new Date(date_end === '2026-11-24' || date_end === '2026-11-25' ? `${date_end}T00:00:00+01:00` : date_end);
  const begin = new Date(/^.{10}T00:00$/.test(date_begin) ? `${date_begin}Z` : date_begin);
  return JSON.stringify([begin.getTime(), end.getTime(), kind, amount === 0 ? 0 : amount, owner.toLowerCase()]);
}

describe('keys of a window', () => {
  test('are the same in two runs exactly if the declared parameters mean the same', () => {
    fc.assert(fc.property(inputs, inputs, fc.boolean(), (one, two, alike) => {
      const other = alike ? { ...two, kind: one.kind, amount: one.amount } : two;
      const turned = Object.fromEntries(Object.entries(other).reverse());
      const [first, second] = [scopeOf('window', one), scopeOf('window', turned, { runId: `${RUN_ID}-2` })];
      expect(idempotencyKey(first, 'item') === idempotencyKey(second, 'item')).toBe(meaning(one) === meaning(other));
    }), { numRuns: 500 });
  });
});

test('in which order parameters are declared makes no difference', () => {
  const turned = Object.fromEntries(Object.entries(RULES).reverse());
  expect(scopeOf('window', INPUT, { parameters: checkParameters(INPUT, turned) })).toBe(scopeOf('window'));
});

test('keys of an item depend on nothing of the run', () => {
  fc.assert(fc.property(inputs, inputs, (one, two) => {
    expect(scopeOf('item', one)).toBe(scopeOf('item', two, { runId: `${RUN_ID}-2` }));
  }));
});

test('keys of a run depend on the run alone, as they have always done', () => {
  fc.assert(fc.property(inputs, (given) => {
    expect(scopeOf('item', given, { config: undefined })).toBe(RUN_ID);
  }));
});

test('no two scopes, constructs or places share a key', () => {
  const scopes = [undefined, 'window', 'item'] as const;
  const constructs = [CONSTRUCT, CONSTRUCT.replace('Stack', 'Other'), CONSTRUCT.replace('eu-west-1', 'eu-west-2')];
  const places = [PLACE, JSON.stringify(['analytics', 'others']), JSON.stringify(['analytics.jobs', '']), undefined];
  const keys = scopes.flatMap((scope) => constructs.flatMap((construct) => places.map((place) => idempotencyKey(
    scopeOf('item', INPUT, { place, config: scope && { scope, construct } }), '{"$oid":"5f00000000000000000000ab"}',
  ))));
  expect(new Set(keys).size).toBe(1 + 2 * constructs.length * places.length);
  expect(keys.filter((key) => !/^[\w-]{22}$/.test(key))).toEqual([]);
});

test('keys are what they have been since they were released: users store them', () => {
  expect(scopeOf('window')).toBe(
    `["window","${CONSTRUCT}","[\\"analytics\\",\\"jobs\\"]",[["amount",{"$numberInt":"7"}],["date_begin",{"$date":{"$numberLong":"1795392000000"}}],`
    + '["date_end",{"$date":{"$numberLong":"1795474800000"}}],["kind","daily"],["owner",{"$oid":"5f00000000000000000000ab"}]]]',
  );
  expect(scopeOf('item')).toBe(`["item","${CONSTRUCT}","[\\"analytics\\",\\"jobs\\"]"]`);
});
