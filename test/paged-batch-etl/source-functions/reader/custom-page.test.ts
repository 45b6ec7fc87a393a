import * as fc from 'fast-check';
import { MAX_CURSOR_BYTES } from '../../../../src/paged-batch-etl/contracts/read-page';
import { checkCustomPage } from '../../../../src/paged-batch-etl/source-functions/reader/custom-page';
import { PageRequest } from '../../../../src/paged-batch-etl/source-functions/reader/read-page';
import { outcomeOf, pageRequest } from '../harness';

const ITEMS = [{ itemIdentifier: 'a', item: { n: 1 } }, { itemIdentifier: 'b', item: null }];

const ANSWER = { items: ITEMS, cursor: 'next', done: false };

const outcome = (answer: unknown, changes: Partial<PageRequest> = {}) => outcomeOf(() => checkCustomPage(answer, pageRequest(changes)));

describe('a good answer', () => {
  test('becomes a page whose items have idempotency keys', () => {
    expect(checkCustomPage(ANSWER, pageRequest())).toEqual({
      items: [
        { itemIdentifier: 'a', idempotencyKey: 'key of a', item: { n: 1 } },
        { itemIdentifier: 'b', idempotencyKey: 'key of b', item: null },
      ],
      cursor: 'next',
      done: false,
    });
  });

  test.each([
    ['the last page with items', { items: ITEMS, cursor: null, done: true }],
    ['the last page with a cursor', { items: ITEMS, cursor: 'before', done: true }],
    ['an empty last page', { items: [], cursor: null, done: true }],
    ['as many items as were asked for', { ...ANSWER, items: ['a', 'b', 'c'].map((itemIdentifier) => ({ itemIdentifier, item: 0 })) }],
    ['the longest identifier', { ...ANSWER, items: [{ itemIdentifier: 'ä'.repeat(1_024), item: 0 }] }],
    ['the longest cursor', { ...ANSWER, cursor: 'x'.repeat(MAX_CURSOR_BYTES) }],
  ])('is %s', async (_what, answer) => {
    expect((await outcome(answer, { cursor: 'before', pageBytes: 10_000 })).name).toBe('Done');
  });
});

describe('no page is', () => {
  test.each<[string, unknown, string]>([
    ['null', null, 'The value must be an object'],
    ['text', '{}', 'The value must be an object'],
    ['a list of items', ITEMS, 'The value must be an object'],
    ['without items', { cursor: null, done: true }, 'items must be a list'],
    ['without a cursor', { items: ITEMS, done: true }, 'cursor must be null or a string'],
    ['without done', { items: ITEMS, cursor: 'next' }, 'done must be true or false'],
    ['with done in words', { ...ANSWER, done: 'false' }, 'done must be true or false'],
    ['with a misspelt member', { ...ANSWER, nextCursor: 'x' }, 'no members but items, cursor, done'],
    ['with a cursor that is no text', { ...ANSWER, cursor: 5 }, 'cursor must be null or a string'],
    ['with an empty cursor', { ...ANSWER, cursor: '' }, 'cursor must be null or a string that is not empty'],
    ['with no cursor in the middle', { ...ANSWER, cursor: null }, 'has no cursor'],
    ['with no items in the middle', { ...ANSWER, items: [] }, 'has no items'],
    ['with items that are documents', { ...ANSWER, items: [{ _id: 1 }] }, 'items[0]'],
    ['with an item that has more', { ...ANSWER, items: [{ ...ITEMS[0], idempotencyKey: 'mine' }] }, 'items[0] must be an object with no members but'],
    ['with an item that is missing', { ...ANSWER, items: [{ itemIdentifier: 'a' }] }, 'items[0].item must be there'],
    ['with an identifier that is a number', { ...ANSWER, items: [{ itemIdentifier: 1, item: 1 }] }, 'items[0].itemIdentifier'],
    ['with an empty identifier', { ...ANSWER, items: [{ itemIdentifier: '', item: 1 }] }, 'items[0].itemIdentifier'],
    ['with a long identifier', { ...ANSWER, items: [{ itemIdentifier: 'a'.repeat(1_025), item: 1 }] }, 'items[0].itemIdentifier'],
    ['with too many items', { ...ANSWER, items: ['a', 'b', 'c', 'd'].map((itemIdentifier) => ({ itemIdentifier, item: 0 })) }, 'has 4 items, and 3 were asked for'],
    ['with an item twice', { ...ANSWER, items: [ITEMS[0], ITEMS[1], ITEMS[0]] }, 'items[2] for the second time'],
  ])('one %s', async (_what, answer, expected) => {
    const { name, message } = await outcome(answer);
    expect(name).toBe('InvalidSourcePage');
    expect(message).toContain(expected);
  });
});

describe('a run comes to its end', () => {
  test('only if the cursor changes', async () => {
    expect((await outcome(ANSWER, { cursor: 'next' })).name).toBe('CursorDidNotAdvance');
    expect((await outcome(ANSWER, { cursor: 'nex' })).name).toBe('Done');
  });

  test('only if the cursor fits into its state', async () => {
    const { name, message } = await outcome({ ...ANSWER, cursor: 'ä'.repeat(MAX_CURSOR_BYTES / 2 + 1) });
    expect([name, message]).toEqual(['CursorTooLarge', 'The cursor is 8194 bytes, and may be 8192']);
  });

  test('for any answer at all: what passes is done, or has items and another cursor', () => {
    const item = fc.record({ itemIdentifier: fc.constantFrom('', 'a', 'b', 'c', 'd'), item: fc.jsonValue() });
    const answers = fc.record({ items: fc.array(item, { maxLength: 5 }), cursor: fc.constantFrom(null, '', 'x', 'y'), done: fc.boolean() });
    fc.assert(fc.property(answers, fc.constantFrom(null, 'x', 'y'), (answer, cursor) => {
      const { items, cursor: next, done } = answer;
      const identifiers = items.map(({ itemIdentifier }) => itemIdentifier);
      const good = items.length <= 3 && new Set(identifiers).size === items.length && !identifiers.includes('') && next !== ''
        && (done || (items.length > 0 && next !== null && next !== cursor));
      const check = () => checkCustomPage(answer, pageRequest({ cursor, pageBytes: 1_000_000 }));
      if (!good) expect(check).toThrow();
      else expect(check()).toMatchObject({ cursor: next, done });
    }));
  });
});

describe('bytes', () => {
  const pageBytes = Buffer.byteLength(JSON.stringify(checkCustomPage(ANSWER, pageRequest())));

  test('of the whole page count, with its keys', async () => {
    expect((await outcome(ANSWER, { pageBytes })).name).toBe('Done');
    expect(await outcome(ANSWER, { pageBytes: pageBytes - 1 })).toEqual({
      name: 'InvalidSourcePage',
      message: `The answer of the source function is ${pageBytes} bytes of JSON with its idempotency keys, and may be ${pageBytes - 1}: answer fewer items`,
    });
  });

  test('of one item may not be more than a page: it is named', async () => {
    const { name, message } = await outcome({ ...ANSWER, items: [...ITEMS, { itemIdentifier: 'large', item: 'ä'.repeat(600) }] });
    expect(name).toBe('ItemTooLarge');
    expect(message).toMatch(/^The item large is 12\d\d bytes of JSON, and a page may be 1000/);
  });
});
