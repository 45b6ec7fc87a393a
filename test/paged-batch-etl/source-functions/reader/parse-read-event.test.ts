import * as fc from 'fast-check';
import { MAX_CURSOR_BYTES } from '../../../../src/paged-batch-etl/contracts/read-page';
import { parseReadEvent } from '../../../../src/paged-batch-etl/source-functions/reader/parse-read-event';
import { outcomeOf, readEvent, RUN_ID } from '../harness';

const outcome = (event: unknown) => outcomeOf(() => parseReadEvent(event));

const batch = { bytes: 200, textBytes: 300, items: 7 };

test.each<[number, object]>([
  [1, {}], [2, {}], [3, { pageBytes: 1_000 }], [4, { batch }], [4, { batch: { ...batch, items: null } }],
])('an event of contract %d is read as it is: %j', (contract, room) => {
  const event = readEvent({ contract, ...room, cursor: '{"_id":1}', run: { id: RUN_ID, page: 17 } });
  expect(parseReadEvent(event)).toEqual(event);
});

test('a batch size of any kind is left to the check that has a name for it', () => {
  for (const batchSize of ['20', 0, null, {}]) expect(parseReadEvent(readEvent({ batchSize }))).toMatchObject({ batchSize });
});

describe('what is no event', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'The value'],
    ['a list', [], 'The value'],
    ['another contract', readEvent({ contract: 7 }), 'contract must be one of 1, 2, 3, 4, 5, 6'],
    ['a page of any size', readEvent({ contract: 3 }), 'pageBytes'],
    ['a page without room', readEvent({ contract: 3, pageBytes: 0 }), 'pageBytes'],
    ['room that an earlier contract knows nothing of', readEvent({ contract: 1, pageBytes: 1 }), 'The value'],
    ['batches of any size', readEvent({ contract: 4 }), 'batch'],
    ['batches of any number of items', readEvent({ contract: 4, batch: { ...batch, items: undefined } }), 'batch.items'],
    ['batches without items', readEvent({ contract: 4, batch: { ...batch, items: 0 } }), 'batch.items'],
    ['batches of half a byte', readEvent({ contract: 4, batch: { ...batch, bytes: 0.5 } }), 'batch.bytes'],
    ['a contract that every object has', readEvent({ contract: 'constructor' }), 'contract must be one of 1'],
    ['no parameters', readEvent({ parameters: undefined }), 'parameters'],
    ['parameters in a list', readEvent({ parameters: [] }), 'parameters'],
    ['no cursor', readEvent({ cursor: undefined }), 'cursor'],
    ['a cursor that is no text', readEvent({ cursor: { _id: 1 } }), 'cursor'],
    ['no batch size', readEvent({ batchSize: undefined }), 'batchSize'],
    ['no run', readEvent({ run: undefined }), 'run'],
    ['a run that is no execution', readEvent({ run: { id: 'run-1', page: 0 } }), 'run.id'],
    ['a run of an activity', readEvent({ run: { id: RUN_ID.replace('execution', 'activity'), page: 0 } }), 'run.id'],
    ['half a page', readEvent({ run: { id: RUN_ID, page: 0.5 } }), 'run.page'],
    ['a page before the first', readEvent({ run: { id: RUN_ID, page: -1 } }), 'run.page'],
    ['a member too many', readEvent({ extra: 1 }), 'The value'],
    ['a member of the run too many', readEvent({ run: { id: RUN_ID, page: 0, extra: 1 } }), 'run'],
  ])('%s', async (_what, event, place) => {
    const { name, message } = await outcome(event);
    expect(name).toBe('InvalidReadEvent');
    expect(message).toContain(place);
  });

  test('any JSON at all ends in a typed error', async () => {
    await fc.assert(fc.asyncProperty(fc.jsonValue(), async (event) => {
      expect((await outcome(event)).name).toBe('InvalidReadEvent');
    }));
  });
});

test('a cursor has from one byte to 8 KiB', async () => {
  expect((await outcome(readEvent({ cursor: '' }))).name).toBe('InvalidCursor');
  expect((await outcome(readEvent({ cursor: 'ä'.repeat(MAX_CURSOR_BYTES / 2) }))).name).toBe('Done');
  const { name, message } = await outcome(readEvent({ cursor: 'ä'.repeat(MAX_CURSOR_BYTES / 2 + 1) }));
  expect(name).toBe('InvalidCursor');
  expect(message.length).toBeLessThan(200);
});
