import * as fc from 'fast-check';
import { batchesOf, batchTexts } from './read-batches';
import { SimulatedBucket } from './simulated-bucket';
import { PageItem, PageLine } from '../../../../src/paged-batch-etl/contracts/read-page';
import { itemLine } from '../../../../src/paged-batch-etl/source-functions/page-object/item-texts';
import { PageBatches, PageBatchesOptions } from '../../../../src/paged-batch-etl/source-functions/page-object/page-batches';
import { fcRuns, fcTimeout } from '../../../support/fc-runs';

const KEYS = { key: 'data', index: 'index' };

/** Characters of every length in UTF-8 and in JSON: quotes, backslashes, control characters, pairs of surrogates and halves of them. */
const character = fc.oneof(
  fc.constantFrom('"', '\\', '\n', '\0', '\u001f', '\u007f', '\u0080', 'ä', '\u2028', '\uffff', '😀', '\ud83d', '\ude00', '/', 'x'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const text = fc.string({ unit: character, maxLength: 120 });
const scalar = fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null));
const value = fc.oneof(text, fc.dictionary(text, scalar, { maxKeys: 4 }));

const item: fc.Arbitrary<PageItem> = fc.record({
  itemIdentifier: fc.string({ unit: character, minLength: 1, maxLength: 20 }),
  idempotencyKey: fc.string({ maxLength: 22 }),
  // JSON has no number below zero that is zero.
  item: value.map((each): unknown => JSON.parse(JSON.stringify(each))),
});

/** Items that are added together; those that are not kept are taken back. */
const step = fc.record({ items: fc.array(item, { maxLength: 5 }), kept: fc.nat(5), stays: fc.boolean() });

/** Room for any item whose text is elsewhere. */
const limits = fc.record({
  items: fc.integer({ min: 1, max: 6 }), bytes: fc.integer({ min: 450, max: 1_500 }), textBytes: fc.integer({ min: 600, max: 2_000 }),
});

/** However few runs there are, one has an item that has no room in a batch. */
const LARGE: PageItem = { itemIdentifier: 'large', idempotencyKey: 'k', item: 'x'.repeat(1_000) };
const EXAMPLE: [{ items: PageItem[]; kept: number; stays: boolean }[], { items: number; bytes: number; textBytes: number }] = [
  [{ items: [LARGE], kept: 1, stays: true }], { items: 2, bytes: 450, textBytes: 600 },
];

const RUNS = 400;

function pageIn(bucket: SimulatedBucket, batch: PageBatchesOptions['batch'], changes: Partial<PageBatchesOptions> = {}): PageBatches {
  return new PageBatches({ store: bucket.open(), bucket: 'pages', keys: KEYS, pageBytes: Infinity, batch, isLate: () => false, partBytes: 700, ...changes });
}

/** The item as a processor sees it. */
function itemOf(bucket: SimulatedBucket, line: PageLine): PageItem {
  if ('item' in line) return line;
  const { itemAt: { Key, Offset, Length }, ...names } = line;
  return { ...names, item: JSON.parse(bucket.bytes(Key).subarray(Offset, Offset + Length).toString('utf8')) };
}

test('every item that stays is in exactly one batch, in order, and no batch is larger than it may be, nor smaller than it must', async () => {
  let large = 0;
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 8 }), limits, async (steps, batch) => {
    const bucket = new SimulatedBucket();
    const page = pageIn(bucket, batch);
    const expected: PageItem[] = [];
    for (const { items, kept, stays } of steps) {
      for (const each of items) page.add(itemLine(each), true);
      for (let left = items.length; left > kept; left -= 1) page.takeBack();
      expected.push(...items.slice(0, kept));
      expect(page.count).toBe(expected.length);
      if (stays) await page.stay();
    }
    await page.finish();

    const [data, index] = [bucket.bytes(KEYS.key), bucket.text(KEYS.index)];
    const batches = batchesOf(data, index);
    expect(batches.flat().map((line) => itemOf(bucket, line))).toEqual(expected);
    large += batches.flat().filter((line) => 'itemAt' in line).length;
    const texts = batchTexts(data, index);
    const fits = (lines: readonly string[]) => {
      const whole = `[${lines.join(',')}]`;
      return lines.length <= batch.items && whole.length <= batch.bytes && JSON.stringify(whole).length <= batch.textBytes;
    };
    const ascii = texts.map((each, place) => linesOf(each, batches[place]));
    for (const [place, lines] of ascii.entries()) {
      expect(fits(lines)).toBe(true);
      const next = ascii[place + 1]?.[0];
      if (next !== undefined) expect(fits([...lines, next])).toBe(false);
    }
    expect(page.bytes).toBe(data.length + page.itemBytes);
  }), { numRuns: fcRuns(RUNS), examples: [EXAMPLE] });
  expect(large).toBeGreaterThan(0);
}, fcTimeout(RUNS));

/** The lines of a batch as they stand in it. */
function linesOf(batch: string, lines: readonly PageLine[]): string[] {
  const escaped = lines.map((line) => JSON.stringify(line).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`));
  expect(`[${escaped.join(',')}]`).toBe(batch);
  return escaped;
}

test('an item is elsewhere if and only if it has no room in a batch of its own', async () => {
  const lengths = async (make: (length: number) => string, limit = { items: 10, bytes: 300, textBytes: 330 }) => {
    const bucket = new SimulatedBucket();
    const page = pageIn(bucket, limit);
    for (let length = 0; length < 300; length += 1) page.add(itemLine({ itemIdentifier: 'i', idempotencyKey: 'k', item: make(length) }), true);
    await page.finish();
    return batchesOf(bucket.bytes(KEYS.key), bucket.text(KEYS.index)).flat().filter((line) => 'item' in line).length;
  };
  const around = JSON.stringify([{ itemIdentifier: 'i', idempotencyKey: 'k', item: '' }]);
  const asText = JSON.stringify(around).length;
  expect(await lengths((length) => 'x'.repeat(length))).toBe(Math.min(300 - around.length, 330 - asText) + 1);
  expect(await lengths((length) => 'x'.repeat(length), { items: 10, bytes: 300, textBytes: 300 })).toBe(300 - asText + 1);
  // Two bytes as JSON, and four as JSON within a string.
  expect(await lengths((length) => '"'.repeat(length))).toBe(Math.floor((330 - asText) / 4) + 1);
  // Six bytes, and seven.
  expect(await lengths((length) => 'ä'.repeat(length))).toBe(Math.min(Math.floor((300 - around.length) / 6), Math.floor((330 - asText) / 7)) + 1);
});

test('what others speak of is there before them, and an attempt that fails takes it all back', async () => {
  for (const failing of ['data.items', 'data', 'index']) {
    const bucket = new SimulatedBucket();
    const store = bucket.open();
    const put = store.put.bind(store);
    const keys: string[] = [];
    store.put = async (key, body) => {
      keys.push(key);
      if (key === failing) throw new Error('it failed');
      await put(key, body);
    };
    const page = pageIn(bucket, { items: 2, bytes: 200, textBytes: 300 }, { store, partBytes: 1e6 });
    for (const size of [1, 500, 1]) page.add(itemLine({ itemIdentifier: 'i', idempotencyKey: 'k', item: 'x'.repeat(size) }), true);
    await expect(page.finish()).rejects.toThrow('it failed');
    expect(keys).toEqual(['data.items', 'data', 'index'].slice(0, keys.length));
    expect(keys.at(-1)).toBe(failing);
    await page.abandon();
    expect(bucket.objects.size).toBe(0);
  }
});
