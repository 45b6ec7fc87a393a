import { Collection, Document } from 'mongodb';
import { pageRequest, PageRequestChanges } from './page-walk';
import { PageItem } from '../../../../src/paged-batch-etl/contracts/read-page';
import { textItems } from '../../../../src/paged-batch-etl/source-functions/mongo/item-form';
import { ItemText } from '../../../../src/paged-batch-etl/source-functions/mongo/item-text';
import { readMongoPage } from '../../../../src/paged-batch-etl/source-functions/mongo/read-mongo-page';
import { describeWithMongo } from '../../../support/mongo';

const MEBIBYTE = 1024 * 1024;

const identifiersOf = (lines: readonly ItemText[]) => lines.map(({ line }): PageItem => JSON.parse(line.toString()).itemIdentifier);

describeWithMongo('a page whose items are taken while it is read', (mongo) => {
  let collection: Collection<Document>;

  beforeEach(() => {
    collection = mongo().newDatabase('streamed').collection('c');
  });

  /** Reads a page; answers what was taken, call by call, and what was left at its end. */
  async function read({ firstItemBytes, ...changes }: PageRequestChanges = {}) {
    const taken: (readonly ItemText[])[] = [];
    const takeSettled = async (lines: readonly ItemText[]) => void taken.push(lines);
    const request = pageRequest(collection, { batchSize: 20_000, pageBytes: 6 * MEBIBYTE, ...changes });
    const { items, cursor, done } = await readMongoPage({ ...request, firstItemBytes }, textItems(takeSettled));
    return { taken, rest: items, all: identifiersOf([...taken.flat(), ...items]), cursor, done };
  }

  async function insert(count: number, document: (index: number) => Document): Promise<string[]> {
    await collection.insertMany(Array.from({ length: count }, (_, index) => ({ _id: index, ...document(index) }) as Document));
    return Array.from({ length: count }, (_, index) => `{"$numberInt":"${index}"}`);
  }

  test('has all of them once, page by page, and never keeps much', async () => {
    const expected = await insert(6_000, (index) => ({ at: new Date(Math.floor(index / 8)), text: 'x'.repeat(2_000 + index % 100) }));
    await collection.createIndex({ at: 1, _id: 1 });
    const found: unknown[] = [];
    const pages = [];
    for (let cursor: string | null = null, done = false; !done;) {
      const page: Awaited<ReturnType<typeof read>> = await read({ cursor, sort: ['at', '_id'] });
      found.push(...page.all);
      pages.push(page);
      ({ cursor, done } = page);
    }
    expect(found).toEqual(expected);
    expect(pages).toHaveLength(3);
    for (const { taken, rest } of pages.slice(0, 2)) {
      expect(taken.length).toBeGreaterThan(3);
      for (const lines of [...taken, rest]) expect(lines.reduce((bytes, { lineBytes }) => bytes + lineBytes, 0)).toBeLessThan(1.1 * MEBIBYTE);
    }
  });

  test('ends before keys that are too large for a cursor, none of which was taken', async () => {
    const large = (index: number) => `${String(index).padStart(5, '0')}${'k'.repeat(9_000)}`;
    const expected = await insert(1_200, (index) => ({ key: index < 700 ? `${index}`.padStart(5, '0') : large(index), text: 'x'.repeat(2_000) }));
    await collection.createIndex({ key: 1, _id: 1 });
    const page = await read({ sort: ['key', '_id'], pageBytes: 16 * MEBIBYTE });
    expect(page.taken.length).toBeGreaterThan(0);
    expect([page.done, page.all]).toEqual([true, expected]);
    // With more after them, the page can end between none of the large keys.
    const shorter = await read({ sort: ['key', '_id'], batchSize: 1_100 });
    expect([shorter.done, shorter.all]).toEqual([false, expected.slice(0, 700)]);
    expect((await read({ sort: ['key', '_id'], batchSize: 700, cursor: null })).cursor).toBe((await read({ sort: ['key', '_id'], batchSize: 700 })).cursor);
  });

  test('may begin with an item that is larger than a page', async () => {
    await insert(3, (index) => ({ text: 'ä'.repeat(index === 1 ? MEBIBYTE : 1) }));
    const bounds = { pageBytes: 10_000, firstItemBytes: 8 * MEBIBYTE };
    const first = await read(bounds);
    const second = await read({ ...bounds, cursor: first.cursor });
    const third = await read({ ...bounds, cursor: second.cursor });
    expect([first, second, third].map(({ all, done }) => [all.length, done])).toEqual([[1, false], [1, false], [1, true]]);
    await expect(read({ pageBytes: 10_000, firstItemBytes: MEBIBYTE, cursor: first.cursor })).rejects.toMatchObject({ name: 'ItemTooLarge' });
  });

  test('has what stood before a document that is in no page', async () => {
    await insert(1_500, (index) => ({ key: index === 1_400 ? ['a', 'list'] : `${index}`.padStart(5, '0'), text: 'x'.repeat(2_000) }));
    const page = await read({ sort: ['key', '_id'] });
    expect(page.taken.length).toBeGreaterThan(0);
    expect(new Set(page.all).size).toBe(page.all.length);
    expect(page.done).toBe(false);
  });
});
