/** A source that counts: items are numbers, and so are cursors, of the item after the last one. */
import { isObject, JsonObject, JsonValue } from '../../../local/json';
import { BatchRange, WRITE_PAGE_CONTRACT } from '../../../src/paged-batch-etl/contracts/read-page';
import { asciiJson } from '../../../src/paged-batch-etl/source-functions/page-object/batch-text';
import { ItemBatch } from '../../../src/paged-batch-etl/source-functions/page-object/item-batch';
import { BatchLimits } from '../../../src/paged-batch-etl/source-functions/reader/source-config';

/** A page that was read. */
export interface CountedPage {
  readonly first: number;
  /** Number of the item after the last one. */
  readonly end: number;
}

export interface CountingSourceOptions {
  readonly items: number;
  /** Most items of a page. Default: as many as the event asks for, which a page by reference does not heed. */
  readonly pageItems?: number;
  /** Bytes of an item of a page by reference, with the comma before it. Default: as few as it takes. */
  readonly lineBytes?: number;
}

/** The objects of a page by reference. */
export interface CountedObjects {
  readonly index: Buffer;
  /** Text of each batch, by its range. */
  readonly batches: ReadonlyMap<string, string>;
}

/** Where pages by reference are said to lie. */
const FOLDER = 'pages/run/page/';

export class CountingSource {
  /** @param limits of a batch of a page by reference */
  constructor(private readonly options: CountingSourceOptions, private readonly limits?: Required<BatchLimits>) {}

  /** The page that an event of the function asks for. */
  pageOf(event: JsonObject): CountedPage {
    const { items, pageItems = Infinity } = this.options;
    const first = Number(event.cursor ?? 0);
    const most = event.contract === WRITE_PAGE_CONTRACT ? pageItems : Math.min(pageItems, Number(event.batchSize));
    return { first, end: Math.min(items, first + most) };
  }

  /** What the function answers. Without content, an inline page has as many items, and nothing in them. */
  answerTo(event: JsonObject, { first, end }: CountedPage, withContent: boolean): JsonObject {
    const next = { cursor: `${end}`, done: end === this.options.items };
    if (event.contract === WRITE_PAGE_CONTRACT) return { object: { bucket: 'pages', key: `${FOLDER}${first}.jsonl`, index: `${FOLDER}${first}.index.jsonl`, folder: FOLDER }, count: end - first, ...next };
    const numbers = Array.from({ length: end - first }, (_, index) => first + index);
    return { items: withContent ? numbers.map((number) => ({ itemIdentifier: `${number}`, idempotencyKey: `${number}`, item: number })) : numbers.map(() => 0), ...next };
  }

  /** The objects of a page by reference. */
  objectsOf({ first, end }: CountedPage): CountedObjects {
    const { limits } = this;
    if (limits === undefined) throw new Error('pages do not travel by reference');
    const batches = new Map<string, string>();
    const places: BatchRange[] = [];
    let [start, batch] = [0, new ItemBatch(limits)];
    const endBatch = (next: number) => {
      const text = Buffer.concat(batch.pieces()).toString();
      const range = `bytes=${start}-${start + text.length - 1}`;
      batches.set(range, text);
      places.push({ range, first: next - batch.count - first, count: batch.count });
      [start, batch] = [start + text.length + 1, new ItemBatch(limits)];
    };
    for (let number = first; number < end; number++) {
      const item = asciiJson(Buffer.from(this.line(number)));
      if (batch.count > 0 && !batch.fits(item)) endBatch(number);
      batch.add(item);
    }
    if (batch.count > 0) endBatch(end);
    return { index: Buffer.from(places.map((place) => `${JSON.stringify(place)}\n`).join('')), batches };
  }

  private line(number: number): string {
    const lineWith = (padding: string) => `{"itemIdentifier":"${number}","idempotencyKey":"${number}","item":{"number":${number},"padding":"${padding}"}}`;
    return lineWith('x'.repeat(Math.max(0, Math.floor(this.options.lineBytes ?? 0) - 1 - lineWith('').length)));
  }
}

/** The numbers of the items that a processor was called with, which are in order. */
export function numbersIn(event: JsonObject): CountedPage {
  const items = Array.isArray(event.items) ? event.items : [event];
  const numbers = items.map((entry) => numberOf(isObject(entry) ? entry.item : undefined));
  if (numbers.some((number, index) => number !== numbers[0] + index)) throw new Error(`The items of a call have no order: ${numbers.slice(0, 10).join(', ')}`);
  return { first: numbers[0], end: numbers[0] + numbers.length };
}

function numberOf(item: JsonValue | undefined): number {
  return Number(isObject(item) ? item.number : item ?? NaN);
}
