/** Every cell of the table that `npm run faults -- etl` prints: nothing is lost, and nothing is told twice. */
import { FAULT_CELLS, ITEMS, runCell } from '../../bench/faults/etl-faults';
import { closeStores } from '../support/etl-rig';

afterAll(closeStores);

const cells = FAULT_CELLS.map((cell) => [`${cell.fault.name}, ${cell.policy}, ${cell.processor}, ${cell.transport}`, cell] as const);

test('there are cells of every kind', () => {
  expect(cells.length).toBeGreaterThan(80);
});

test.each(cells)('%s', async (_name, cell) => {
  const attempts = await runCell(cell);
  const outcomes = attempts.filter(({ attempt }) => attempt !== 'replay');
  const end = outcomes[outcomes.length - 1];
  const replay = attempts.find(({ attempt }) => attempt === 'replay');
  // Whatever has letters can be replayed: each of them once, with the key that its item had.
  expect(replay === undefined).toBe(end.letters.length === 0);
  if (replay !== undefined) {
    expect(replay).toMatchObject({ status: 'SUCCEEDED', items: end.letters.length, failed: 0, letters: [], processed: end.letters.length, keys: end.letters.length });
  }
  const tolerates = cell.policy === 'tolerate';
  const everyCall = cell.fault.name === 'every call';
  // Nothing was corrected of failures that were counted: the limit is still exceeded.
  if (tolerates && everyCall) {
    expect(outcomes.map(({ error }) => error)).toEqual(['TooManyFailedItems', 'TooManyFailedItems']);
    expect(new Set(end.letters).size).toBe(end.letters.length);
    return;
  }
  expect(end.status).toBe('SUCCEEDED');
  // Items and failures are all that match.
  expect((end.items ?? 0) + (end.failed ?? 0)).toBe(ITEMS);
  expect(end.failed === undefined).toBe(!tolerates);
  // Each item that failed has one letter, and no other has.
  expect(end.letters).toHaveLength(end.failed ?? 0);
  expect(new Set(end.letters).size).toBe(end.letters.length);
  const goesOn = tolerates && !['an answer that is none', 'Lambda, for long', 'an item, and its letter'].includes(cell.fault.name);
  expect(outcomes).toHaveLength(cell.fault.name === 'nothing' || goesOn ? 1 : 2);
  // An item has one key, however often it was processed.
  for (const { processed, keys } of outcomes) expect(keys).toBe(processed);
});
