import { MACHINE, PREFIX, replayReader, ReplayReaderOptions, SimulatedLetters } from './simulated-letters';
import { planRunRanges } from '../../../../src/paged-batch-etl/source-functions/reader/plan-run-ranges';
import { readPage } from '../../../../src/paged-batch-etl/source-functions/reader/read-page';
import { outcomeOf, withTimeLeft } from '../harness';

const RUN = `${MACHINE}:failed`;
const ROOT = `${MACHINE}:replay`;

const letter = (number: number, more: object = {}) => ({ itemIdentifier: `${number}`, item: { number }, ...more });
const numbers = (count: number) => Array.from({ length: count }, (_, number) => letter(number));

function deploy(options: Partial<ReplayReaderOptions> = {}) {
  const letters = options.letters ?? new SimulatedLetters();
  return { letters, ...replayReader({ letters, inline: true, batchSize: 5, ...options }) };
}

/** What the workflow sends. */
const readEvent = (changes: object = {}) => (
  { contract: 5, parameters: { replay: RUN, batch_size: 5 }, cursor: null, batchSize: 5, run: { id: ROOT, page: 0 }, pageBytes: 1_000, ...changes });

/** Identifiers of all pages, page by page. */
async function pagesOf({ page }: ReturnType<typeof deploy>, run = RUN): Promise<string[][]> {
  const pages: string[][] = [];
  for (let answer = await page(run, ROOT, null); answer !== undefined; answer = await page(run, ROOT, answer.cursor)) {
    pages.push([...answer.items.map(({ itemIdentifier }) => itemIdentifier), ...answer.failed.map(({ itemIdentifier, error }) => `${error} ${itemIdentifier}`)]);
  }
  return pages;
}

describe('what is replayed', () => {
  test.each([5, null, 'failed', 'arn:aws:states:eu-west-1:111122223333:stateMachine:metrics', `${RUN}:more`])('%j is no execution', async (replay) => {
    await expect(outcomeOf(async () => deploy().page(replay, ROOT, null))).resolves.toMatchObject({ name: 'InvalidReplay' });
  });

  test('a run of another machine is refused, in words that name both', async () => {
    const { name, message } = await outcomeOf(async () => deploy().page(RUN.replace('metrics', 'jobs'), ROOT, null));
    expect(name).toBe('InvalidReplay');
    expect(message).toContain('execution:metrics');
    expect(message).toContain('execution:jobs');
  });

  test('a construct that tolerates nothing anymore says so', async () => {
    const { services } = deploy();
    const without = { ...services, config: { ...services.config, letters: undefined } };
    await expect(outcomeOf(async () => readPage(readEvent(), withTimeLeft(), without))).resolves.toMatchObject({ name: 'InvalidReplay', message: expect.stringContaining('redrive') });
  });

  test('a run that tolerates nothing knows no such key', async () => {
    const { services } = deploy();
    await expect(outcomeOf(async () => readPage(readEvent({ contract: 3 }), withTimeLeft(), services))).resolves.toMatchObject({ name: 'UnknownParameter' });
  });

  test('a run without letters is an error, and one whose letters are replayed is not', async () => {
    const etl = deploy();
    await expect(outcomeOf(async () => etl.page(RUN, ROOT, null))).resolves.toMatchObject({ name: 'NothingToReplay', message: expect.stringContaining(RUN) });
    etl.letters.write(RUN, 'a page', numbers(3));
    expect(await pagesOf(etl)).toEqual([['0', '1', '2']]);
    await expect(etl.page(RUN, `${MACHINE}:next`, null)).resolves.toBeUndefined();
  });

  test('a run that is divided otherwise is one range', async () => {
    const { services, page, letters } = deploy();
    letters.write(RUN, 'a page', numbers(1));
    const event = { contract: 7, parameters: { replay: RUN, batch_size: 5 }, run: { id: ROOT, page: 0 }, partitions: { by: 'time', ranges: 4 } };
    const { ranges } = await planRunRanges(event, withTimeLeft(), services);
    expect(ranges).toMatchObject([{ number: 0, pages: 0, items: 0, failed: 0, segments: 0 }]);
    const [{ cursor }] = ranges;
    expect((await page(RUN, ROOT, cursor))?.items).toHaveLength(1);
    const refused = await outcomeOf(async () => planRunRanges({ ...event, parameters: { replay: 'failed', batch_size: 5 } }, withTimeLeft(), services));
    expect(refused.name).toBe('InvalidReplay');
  });

  test('it says nothing about empty runs', async () => {
    const etl = deploy();
    etl.letters.write(RUN, 'a page', numbers(3));
    await pagesOf(etl);
    expect(etl.lines.join()).toContain('ItemsRead');
    expect(etl.lines.join()).not.toContain('EmptyRuns');
  });
});

describe('a cursor', () => {
  test('of a source is none of letters', async () => {
    for (const cursor of ['41', '{}', '{"letters":{}}', '{"letters":5}']) {
      await expect(outcomeOf(async () => deploy().page(RUN, ROOT, cursor))).resolves.toMatchObject({ name: 'InvalidCursor' });
    }
  });

  test('of letters is none of a source, and none of the letters of another run', async () => {
    const etl = deploy({ batchSize: 2 });
    etl.letters.write(RUN, 'a page', numbers(3));
    const cursor = (await etl.page(RUN, ROOT, null))?.cursor ?? null;
    await expect(outcomeOf(async () => etl.page(undefined, ROOT, cursor))).resolves.toMatchObject({ name: 'InvalidCursor' });
    await expect(outcomeOf(async () => etl.page(`${MACHINE}:other`, ROOT, cursor))).resolves.toMatchObject({ name: 'InvalidCursor' });
    expect((await etl.page(RUN, ROOT, cursor))?.items).toHaveLength(1);
  });
});

describe('a page', () => {
  test('goes on over the end of an object, and has as many items as a page of the source', async () => {
    const etl = deploy({ batchSize: 4 });
    for (const first of [0, 3, 6]) etl.letters.write(RUN, `page ${first}`, [0, 1, 2].map((index) => letter(first + index)));
    expect((await pagesOf(etl)).map(({ length }) => length)).toEqual([4, 4, 1]);
  });

  test('has an item once', async () => {
    const etl = deploy();
    etl.letters.write(RUN, 'a page', [letter(1), letter(2), letter(1), letter(3)]);
    expect(await pagesOf(etl)).toEqual([['1', '2'], ['1', '3']]);
  });

  test.each([true, false])('ends before an item that has no room, inline: %s', async (inline) => {
    const etl = deploy({ inline, pageBytes: 2_000 });
    etl.letters.write(RUN, 'a page', [1_000, 500, 1_500, 2_500, 100].map((size, index) => letter(index, { item: 'x'.repeat(size) })));
    // The page in S3 has 4,000 bytes, and its first item any number of them.
    expect(await pagesOf(etl)).toEqual(inline ? [['0', '1'], ['2', '4', 'ItemTooLarge 3']] : [['0', '1', '2'], ['3', '4']]);
  });

  test('tells of no more failures than there is room for', async () => {
    const etl = deploy({ batchSize: 100 });
    const without = Array.from({ length: 99 }, (_, number) => ({ itemIdentifier: `${number} ${'x'.repeat(200)}` }));
    etl.letters.write(RUN, 'a page', [letter(100), ...without]);
    const pages = await pagesOf(etl);
    expect(pages.flat()).toHaveLength(100);
    expect(pages.length).toBeGreaterThan(3);
  });

  test('ends when most of the time is used, and has at least something', async () => {
    let left = 60_000;
    const letters = new SimulatedLetters({ onCall: () => { left -= 25_000; } });
    const { services } = replayReader({ letters, inline: true, batchSize: 100 });
    for (const first of [0, 20, 40]) letters.write(RUN, `page ${first}`, Array.from({ length: 20 }, (_, index) => letter(first + index)));
    const event = readEvent({ batchSize: 100, pageBytes: 100_000 });
    const answer = await readPage(event, { getRemainingTimeInMillis: () => left }, services);
    expect('items' in answer && answer.items.length).toBe(16);
  });

  test('letters of any size, and in any language, are read piece by piece', async () => {
    const etl = deploy({ inline: false });
    const text = 'Überraschung€'.repeat(9_000);
    etl.letters.write(RUN, 'a page', Array.from({ length: 10 }, (_, number) => letter(number, { item: text })));
    const read = [];
    for (let answer = await etl.page(RUN, ROOT, null); answer !== undefined; answer = await etl.page(RUN, ROOT, answer.cursor)) {
      read.push(...answer.items);
    }
    expect(read).toHaveLength(10);
    expect(read.every(({ item }) => item === text)).toBe(true);
  });
});

describe('letters', () => {
  test.each(['no JSON', '{"itemIdentifier":5}', 'null'])('%j is none, and nobody knows what it stood for', async (line) => {
    const etl = deploy();
    const hash = etl.letters.write(RUN, 'a page', numbers(1));
    etl.letters.objects.set(`${PREFIX}failed/${hash}.jsonl`, Buffer.from(`${line}\n`));
    await expect(outcomeOf(async () => etl.page(RUN, ROOT, null))).resolves.toMatchObject({ name: 'DeadLettersRefused', message: expect.stringContaining(hash) });
  });

  test('what later releases add is passed over', async () => {
    const etl = deploy();
    etl.letters.write(RUN, 'a page', [{ ...letter(1), ...{ attempts: 7 } }]);
    expect(await pagesOf(etl)).toEqual([['1']]);
  });

  test('without items fail a replay at once, unless some have them', async () => {
    const etl = deploy();
    etl.letters.write(RUN, 'a page', [{ itemIdentifier: '1' }, { itemIdentifier: '2' }]);
    await expect(outcomeOf(async () => etl.page(RUN, ROOT, null))).resolves.toMatchObject({ name: 'LetterWithoutItem', message: expect.stringContaining('withDocuments') });
    expect(etl.letters.receipts).toEqual([]);
    etl.letters.write(RUN, 'a page', [{ itemIdentifier: '1' }, letter(2)]);
    expect(await pagesOf(etl)).toEqual([['2', 'LetterWithoutItem 1']]);
  });

  test('of items that were too large have none, and fail once more', async () => {
    const etl = deploy();
    etl.letters.write(RUN, 'a page', [{ itemIdentifier: '1', error: 'ItemTooLarge' }]);
    expect(await pagesOf(etl)).toEqual([['ItemTooLarge 1']]);
  });

  test('null is an item', async () => {
    const etl = deploy();
    etl.letters.write(RUN, 'a page', [letter(1, { item: null })]);
    expect((await etl.page(RUN, ROOT, null))?.items).toEqual([{ itemIdentifier: '1', idempotencyKey: 'key of 1', item: null }]);
  });

  test('have receipts, with who wrote them and when, once the page is processed', async () => {
    const etl = deploy({ batchSize: 2 });
    const hash = etl.letters.write(RUN, 'a page', numbers(3));
    const first = await etl.page(RUN, ROOT, null);
    const second = await etl.page(RUN, ROOT, first?.cursor ?? null);
    expect(etl.letters.receipts).toEqual([]);
    await etl.page(RUN, ROOT, second?.cursor ?? null);
    await etl.page(RUN, ROOT, second?.cursor ?? null);
    expect(etl.letters.receipts).toEqual([expect.stringMatching(new RegExp(`^${PREFIX}receipts/metrics/failed/${hash}/[0-9a-f]{32}/replay\\.json$`))]);
    expect(JSON.parse(String(etl.letters.objects.get(etl.letters.receipts[0])))).toEqual({ replay: ROOT, at: '2026-11-30T00:00:00.000Z' });
  });
});

describe('a large item', () => {
  const itemAt = (changes: object = {}) => ({ Bucket: 'pages', Key: 'etl/page.jsonl.items', Offset: 5, Length: 12, ...changes });

  /** The bucket of pages, with the rights of the function. */
  function withPages() {
    const etl = deploy();
    etl.pages.put('etl/page.jsonl.items', Buffer.from('12345{"number":7}12345'));
    return etl;
  }

  test('is taken from where it was', async () => {
    const etl = withPages();
    etl.letters.write(RUN, 'a page', [letter(7, { item: undefined, itemAt: itemAt() })]);
    expect((await etl.page(RUN, ROOT, null))?.items).toMatchObject([{ item: { number: 7 } }]);
  });

  test.each([['expired', { Key: 'etl/gone' }], ['in a bucket that nobody may read', { Bucket: 'other' }], ['nowhere', { Key: 5 }]])('that is %s fails', async (_what, changes) => {
    const etl = withPages();
    etl.letters.write(RUN, 'a page', [letter(7, { item: undefined, itemAt: itemAt(changes) })]);
    expect(await pagesOf(etl)).toEqual([['LetterWithoutItem 7']]);
  });
});
