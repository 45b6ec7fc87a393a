import * as fc from 'fast-check';
import { JsonObject } from '../../../../src/paged-batch-etl/mongo-filter/structure/json-value';
import { checkParameters } from '../../../../src/paged-batch-etl/source-functions/reader/run-input';
import { prepareWindowCheck } from '../../../../src/paged-batch-etl/source-functions/reader/window-check';
import { outcomeOf } from '../harness';

const RULES = { from: { type: 'date' }, to: { type: 'date' }, least: { type: 'integer' }, most: { type: 'integer' } } as const;
const NUMBERS = { least: 2, most: 1 };

const outcome = (filter: JsonObject | undefined, from: string, to: string) => (
  outcomeOf(() => prepareWindowCheck(filter && JSON.stringify(filter))(checkParameters({ from, to, ...NUMBERS }, RULES))));

const HALF_OPEN = { at: { $gte: '$$from', $lt: '$$to' } };

test('dates that are swapped are refused, and both are named', async () => {
  expect(await outcome(HALF_OPEN, '2026-11-25', '2026-11-24T12:00:00Z')).toEqual({
    name: 'InvalidParameter',
    message: 'The parameter "to" must be a date after "from", for the filter reads what lies between them, got "2026-11-25" and "2026-11-24T12:00:00Z"',
  });
});

test('the same day twice is refused, with how to read that day', async () => {
  expect(await outcome(HALF_OPEN, '2026-11-24', '2026-11-24T00:00:00Z')).toEqual({
    name: 'InvalidParameter',
    message: 'The parameter "to" must be a date after "from", for the filter reads what lies between them, got "2026-11-24" and "2026-11-24T00:00:00Z"; '
      + 'to read a day, give the day after it as the end',
  });
});

test('whatever the dates and the operators are: exactly a window in which nothing can be is refused', async () => {
  const date = fc.integer({ min: 0, max: 3 }).map((day) => new Date(Date.UTC(2026, 10, 20 + day)).toISOString());
  await fc.assert(fc.asyncProperty(date, date, fc.constantFrom('$gt', '$gte'), fc.constantFrom('$lt', '$lte'), fc.boolean(), async (from, to, lower, upper, apart) => {
    const filter: JsonObject = apart ? { at: { [upper]: '$$to' }, $and: [{ $and: [{ at: { [lower]: '$$from' } }] }] } : { at: { [upper]: '$$to', [lower]: '$$from' } };
    const possible = from < to || (from === to && lower === '$gte' && upper === '$lte');
    expect((await outcome(filter, from, to)).name).toBe(possible ? 'Done' : 'InvalidParameter');
  }));
});

test.each<[string, JsonObject | undefined]>([
  ['no filter', undefined],
  ['different fields', { begin: { $gte: '$$from' }, end: { $lt: '$$to' } }],
  ['alternatives', { $or: [{ at: { $gte: '$$from', $lt: '$$to' } }, { at: null }] }],
  ['the other way round', { at: { $lt: '$$from', $gte: '$$to' } }],
  ['one end only', { at: { $gte: '$$from' }, to: '$$to' }],
  ['no dates', { size: { $gte: '$$least', $lt: '$$most' } }],
  ['fields of subdocuments that are compared as a whole', { at: { from: { $gte: '$$from', $lt: '$$to' } } }],
])('is no window: %s', async (_name, filter) => {
  expect((await outcome(filter, '2026-11-25', '2026-11-24')).name).toBe('Done');
});
