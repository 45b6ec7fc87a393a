/** A source whose documents come and go while it is read, and what has to be true of a page that was read from it. */
import { batchesOf } from './read-batches';
import { SimulatedBucket } from './simulated-bucket';
import { WrittenPage } from '../../../../src/paged-batch-etl/contracts/read-page';
import { itemLine, ItemTexts } from '../../../../src/paged-batch-etl/source-functions/page-object/item-texts';
import type { TextEnd } from '../../../../src/paged-batch-etl/source-functions/page-object/write-page';

export class SimulatedSource {
  /** Numbers of documents that were there all the time. */
  readonly steady: ReadonlySet<number>;
  readonly numbers: Set<number>;
  /** Documents that were read, by anybody. */
  reads = 0;

  constructor(numbers: readonly number[]) {
    this.numbers = new Set(numbers);
    this.steady = new Set(numbers);
  }

  insert(number: number): void {
    this.numbers.add(number);
  }

  delete(number: number): void {
    this.numbers.delete(number);
    if (this.steady.has(number)) (this.steady as Set<number>).delete(number);
  }

  /** Reads a document at a time, each in its turn. */
  async readInto(start: string | null, items: ItemTexts, turn: () => Promise<void> = async () => undefined): Promise<TextEnd> {
    let last = start === null ? -1 : Number(start);
    for (;;) {
      await turn();
      this.reads += 1;
      const next = Math.min(...[...this.numbers].filter((number) => number > last));
      if (next === Infinity) return { cursor: last < 0 ? null : String(last), done: true };
      if (!items.hasRoom() || !items.add(itemLine({ itemIdentifier: String(next), idempotencyKey: `key ${next}`, item: documentOf(next) }))) {
        return { cursor: String(last), done: false };
      }
      last = next;
      await items.stay();
    }
  }
}

/** Of any size up to some hundred bytes, always the same for the same number. */
export function documentOf(number: number): { readonly number: number; readonly text: string } {
  return { number, text: 'ü'.repeat((number * 37) % 90) };
}

/** The documents of a page, all of whose data has to be as its index and its batches say. */
export function documentsOf(bucket: SimulatedBucket, page: WrittenPage): { readonly number: number }[] {
  const lines = batchesOf(bucket.bytes(page.object.key), bucket.text(page.object.index)).flat();
  expect(lines).toHaveLength(page.count);
  return lines.map((line) => {
    if ('item' in line) return line.item as { number: number };
    const { Key, Offset, Length } = line.itemAt;
    const whole = bucket.objects.get(Key);
    expect(whole).toBeDefined();
    return JSON.parse(whole?.subarray(Offset, Offset + Length).toString('utf8') ?? '');
  });
}

/** A page is what stood after its start, up to its end, and leaves out nothing that was there all the time. */
export function expectSound(bucket: SimulatedBucket, source: SimulatedSource, start: string | null, page: WrittenPage): void {
  const documents = documentsOf(bucket, page);
  const numbers = documents.map(({ number }) => number);
  expect(documents).toEqual(numbers.map(documentOf));
  expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
  expect(page.cursor).toBe(String(numbers.at(-1)));
  const from = start === null ? -1 : Number(start);
  const to = page.done ? Infinity : Number(page.cursor);
  expect(numbers).toEqual(expect.arrayContaining([...source.steady].filter((number) => number > from && number <= to)));
}
