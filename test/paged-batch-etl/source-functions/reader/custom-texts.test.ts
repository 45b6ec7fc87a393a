import * as fc from 'fast-check';
import { MAX_PAGE_ITEMS, PageLine } from '../../../../src/paged-batch-etl/contracts/read-page';
import { PageBatches } from '../../../../src/paged-batch-etl/source-functions/page-object/page-batches';
import { AskSource, readAnswers } from '../../../../src/paged-batch-etl/source-functions/reader/custom-texts';
import { SourceReading } from '../../../../src/paged-batch-etl/source-functions/reader/read-page';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { TimeLeft } from '../../../../src/paged-batch-etl/source-functions/time-left';
import { outcomeOf, pageRequest, withTimeLeft } from '../harness';
import { batchesOf } from '../page-object/read-batches';
import { SimulatedBucket } from '../page-object/simulated-bucket';

const KEYS = { key: 'key', index: 'index' };

interface Asked {
  readonly cursor: string | null;
  readonly batchSize: number;
  readonly milliseconds: number;
}

function pageIn(bucket: SimulatedBucket, pageBytes: number, isLate = () => false): PageBatches {
  return new PageBatches({ store: bucket.open(), bucket: 'pages', keys: KEYS, pageBytes, batch: { items: 4, bytes: 1e5, textBytes: 1e5 }, isLate });
}

function itemsIn(bucket: SimulatedBucket): PageLine[] {
  return batchesOf(bucket.bytes(KEYS.key), bucket.text(KEYS.index)).flat();
}

/** What a source answers, one answer after the other, each beginning where the one before it ended. */
function reading(answers: readonly (object | Error)[], { pageBytes = 1e6, isLate = () => false, ...changes }: ReadingOptions = {}) {
  const asked: Asked[] = [];
  const warnings: string[] = [];
  const bucket = new SimulatedBucket();
  const lines = pageIn(bucket, pageBytes, isLate);
  const ask: AskSource = async ({ cursor, batchSize }, milliseconds) => {
    asked.push({ cursor, batchSize, milliseconds });
    const answer = answers[asked.length - 1];
    if (answer === undefined) throw new Error('it was asked once too often');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return {
    asked,
    warnings,
    lines,
    end: async () => readAnswers(ask, pageRequest({ warn: (message) => void warnings.push(message), ...changes }), lines),
    items: async (): Promise<PageLine[]> => {
      await lines.finish();
      return itemsIn(bucket);
    },
  };
}

/** Identifiers of the items that a run reads, page by page. */
async function pagesOf(answer: (cursor: string | null) => object, pageBytes: number): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null = null;
  for (let done = false; !done;) {
    const bucket = new SimulatedBucket();
    const lines = pageIn(bucket, pageBytes);
    const end = await readAnswers(async (asked) => answer(asked.cursor), pageRequest({ cursor }), lines);
    await lines.finish();
    pages.push(itemsIn(bucket).map(({ itemIdentifier }) => itemIdentifier));
    ({ cursor, done } = end);
  }
  return pages;
}

interface ReadingOptions extends Partial<SourceReading> {
  readonly pageBytes?: number;
  readonly isLate?: () => boolean;
}

const item = (itemIdentifier: string, text = '') => ({ itemIdentifier, item: { text } });

const A = { items: [item('a1'), item('a2')], cursor: 'a', done: false };
const B = { items: [item('b1')], cursor: 'b', done: false };
const C = { items: [item('c1')], cursor: 'c', done: true };

const failure = new SourceError('SourceFunctionFailed', 'The source function failed');

test('a page has the answers one after the other, each asked for where the one before it ended', async () => {
  const page = reading([A, B, C], { cursor: 'start', time: new TimeLeft(withTimeLeft(10_000)) });
  expect(await page.end()).toEqual({ cursor: 'c', done: true });
  expect(page.asked).toEqual(['start', 'a', 'b'].map((cursor) => ({ cursor, batchSize: 3, milliseconds: 7_500 })));
  expect(await page.items()).toEqual(['a1', 'a2', 'b1', 'c1'].map((id) => ({ itemIdentifier: id, idempotencyKey: `key of ${id}`, item: { text: '' } })));
});

describe('a page ends', () => {
  const ids = async (page: ReturnType<typeof reading>) => (await page.items()).map(({ itemIdentifier }) => itemIdentifier);

  test('when so much time is over', async () => {
    let answers = 0;
    const page = reading([A, B], { isLate: () => (answers += 1) >= 2 });
    expect(await page.end()).toEqual({ cursor: 'b', done: false });
  });

  test('before an answer for which it has no room, of which nothing is in it', async () => {
    const large = { ...B, items: [item('b1'), item('b2', 'x'.repeat(400))] };
    const page = reading([A, large], { pageBytes: 400 });
    expect(await page.end()).toEqual({ cursor: 'a', done: false });
    expect(await ids(page)).toEqual(['a1', 'a2']);
  });

  test('without asking for an answer that will hardly have room', async () => {
    const page = reading([{ ...A, items: [item('a1', 'x'.repeat(300))] }], { pageBytes: 500 });
    expect(await page.end()).toEqual({ cursor: 'a', done: false });
  });

  test('where another answer could have more items than are left', async () => {
    const most = { items: Array.from({ length: MAX_PAGE_ITEMS - 2 }, (_, index) => item(`${index}`)), cursor: 'a', done: false };
    const page = reading([most], { batchSize: MAX_PAGE_ITEMS, pageBytes: 1e8 });
    expect(await page.end()).toEqual({ cursor: 'a', done: false });
    const none = reading([C], { batchSize: MAX_PAGE_ITEMS * 2 });
    await none.end();
    expect(none.asked).toMatchObject([{ batchSize: MAX_PAGE_ITEMS }]);
  });

  test.each<[string, object | Error]>([
    ['an error', failure],
    ['no page', { items: 'none' }],
    ['more items than were asked for', { ...B, items: ['1', '2', '3', '4'].map((id) => item(id)) }],
    ['the cursor that it was asked with', { ...B, cursor: 'a' }],
  ])('before an answer that is %s: the next page begins with it', async (_what, answer) => {
    const page = reading([A, answer]);
    expect(await page.end()).toEqual({ cursor: 'a', done: false });
    expect(page.warnings).toEqual([expect.stringContaining('the next page begins with it')]);
    expect(await ids(page)).toEqual(['a1', 'a2']);
    expect((await outcomeOf(reading([answer], { cursor: 'a' }).end)).name).toMatch(/SourceFunctionFailed|InvalidSourcePage|CursorDidNotAdvance/);
  });

  test('with an answer that has nothing and is the last', async () => {
    const page = reading([A, { items: [], cursor: null, done: true }]);
    expect(await page.end()).toEqual({ cursor: null, done: true });
    expect(await ids(page)).toEqual(['a1', 'a2']);
    const nothing = reading([{ items: [], cursor: null, done: true }]);
    expect(await nothing.end()).toEqual({ cursor: null, done: true });
    expect(nothing.lines.count).toBe(0);
  });
});

test('the first answer is in the page, however large it is', async () => {
  const large = { ...A, items: [item('a1', 'x'.repeat(3_000)), item('a2', 'x'.repeat(3_000))] };
  const page = reading([large], { pageBytes: 1_000 });
  expect(await page.end()).toEqual({ cursor: 'a', done: false });
  expect(await page.items()).toHaveLength(2);
});

test.each<[string, object[]]>([
  ['an answer before it', [A, B, { ...C, cursor: 'a', done: false }]],
  ['where the page began', [A, { ...B, cursor: 'start' }]],
])('an answer with the cursor of %s fails the page: the run would never end', async (_what, answers) => {
  expect(await outcomeOf(reading(answers, { cursor: 'start' }).end)).toEqual({
    name: 'CursorDidNotAdvance', message: expect.stringContaining('a cursor that it had answered before'),
  });
});

describe('an item that is in two answers', () => {
  const again = { items: [item('b1'), item('a2')], cursor: 'b', done: false };

  test('is in two pages: the first ends before the answer that repeats it', async () => {
    const page = reading([A, again]);
    expect(await page.end()).toEqual({ cursor: 'a', done: false });
    expect((await page.items()).map(({ itemIdentifier }) => itemIdentifier)).toEqual(['a1', 'a2']);
    expect(page.warnings).toEqual([expect.stringContaining('has an item of it again')]);
    const next = reading([again, C], { cursor: 'a' });
    expect(await next.end()).toEqual({ cursor: 'c', done: true });
    expect((await next.items()).map(({ itemIdentifier, idempotencyKey }) => [itemIdentifier, idempotencyKey])).toEqual(
      ['b1', 'a2', 'c1'].map((id) => [id, `key of ${id}`]),
    );
  });

  test('is processed as often as where each answer is a page, whatever answers repeat', async () => {
    const identifiers = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 3 });
    const all = fc.array(identifiers, { minLength: 1, maxLength: 8 });
    await fc.assert(fc.asyncProperty(all, fc.integer({ min: 100, max: 900 }), async (answers, pageBytes) => {
      const answer = (cursor: string | null) => {
        const place = Number(cursor ?? 0);
        return { items: answers[place].map((id) => item(id)), cursor: `${place + 1}`, done: place === answers.length - 1 };
      };
      const pages = await pagesOf(answer, pageBytes);
      expect(pages.flat()).toEqual(answers.flat());
      for (const page of pages) expect(new Set(page).size).toBe(page.length);
    }));
  });
});

test('whatever fails at the first call, fails the page', async () => {
  expect((await outcomeOf(reading([failure]).end)).name).toBe('SourceFunctionFailed');
});

test('a mistake of ours is no answer of the source', async () => {
  await expect(reading([A, new TypeError('ours')]).end()).rejects.toThrow(TypeError);
});

test('pages of any size have all items once, in order', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 12 });
  await fc.assert(fc.asyncProperty(sizes, fc.integer({ min: 1, max: 900 }), async (counts, pageBytes) => {
    const starts = counts.map((_, index) => counts.slice(0, index).reduce((sum, count) => sum + count, 0));
    const total = counts.reduce((sum, count) => sum + count, 0);
    const answer = (cursor: string | null) => {
      const index = starts.indexOf(Number(cursor ?? 0));
      const from = starts[index];
      const items = Array.from({ length: counts[index] }, (_, offset) => item(`${from + offset}`, 'x'.repeat((from + offset) % 7 * 20)));
      return { items, cursor: `${from + counts[index]}`, done: index === counts.length - 1 };
    };
    const pages = await pagesOf(answer, pageBytes);
    expect(pages.flat()).toEqual(Array.from({ length: total }, (_, index) => `${index}`));
  }));
});
