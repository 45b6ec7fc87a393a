/** Reads a page as its Map does: the index, and each batch by its range. */
import { BatchRange, PageLine } from '../../../../src/paged-batch-etl/contracts/read-page';

/** The batches of a page as text, whose index has to say exactly where they are. */
export function batchTexts(data: Buffer, index: string): string[] {
  const lines = index.split('\n');
  expect(lines.pop()).toBe('');
  let [at, first] = [0, 0];
  const texts = lines.map((line) => {
    const { range, ...place }: BatchRange = JSON.parse(line);
    const [, start, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    expect([Number(start), place.first]).toEqual([at, first]);
    const text = data.subarray(at, Number(last) + 1).toString('latin1');
    expect(text).toMatch(/^\[[\0-\x7f]*\]$/);
    expect(data[Number(last) + 1]).toBe('\n'.charCodeAt(0));
    expect(JSON.parse(text)).toHaveLength(place.count);
    at = Number(last) + 2;
    first += place.count;
    return text;
  });
  expect(at).toBe(data.length);
  return texts;
}

export function batchesOf(data: Buffer, index: string): PageLine[][] {
  return batchTexts(data, index).map((text): PageLine[] => JSON.parse(text));
}
