/** A source that counts: items are numbers, and so are cursors, of the item after the last one. */
import { isObject, JsonObject, JsonValue } from '../../../local/json';
import { WRITE_PAGE_CONTRACT } from '../../../src/paged-batch-etl/contracts/read-page';

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
  /** Bytes of a line of a page by reference. Default: as few as it takes. */
  readonly lineBytes?: number;
}

/** Where pages by reference are said to lie. */
const FOLDER = 'pages/run/page/';

export class CountingSource {
  constructor(private readonly options: CountingSourceOptions) {}

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
    if (event.contract === WRITE_PAGE_CONTRACT) return { object: { bucket: 'pages', key: `${FOLDER}${first}.jsonl`, folder: FOLDER }, count: end - first, ...next };
    const numbers = Array.from({ length: end - first }, (_, index) => first + index);
    return { items: withContent ? numbers.map((number) => ({ itemIdentifier: `${number}`, idempotencyKey: `${number}`, item: number })) : numbers.map(() => 0), ...next };
  }

  /** The object of a page by reference. */
  linesOf({ first, end }: CountedPage): Buffer {
    const lines = Array.from({ length: end - first }, (_, index) => this.line(first + index));
    return Buffer.from(lines.join(''));
  }

  private line(number: number): string {
    const lineWith = (padding: string) => `{"itemIdentifier":"${number}","idempotencyKey":"${number}","item":{"number":${number},"padding":"${padding}"}}\n`;
    return lineWith('x'.repeat(Math.max(0, (this.options.lineBytes ?? 0) - lineWith('').length)));
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
