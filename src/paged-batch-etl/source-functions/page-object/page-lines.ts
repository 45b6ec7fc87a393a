import { ObjectUpload } from './object-upload';
import { keyOfItems } from './page-keys';
import type { PageStore } from './page-store';
import { ItemLocation, MAX_PAGE_LINES } from '../../contracts/read-page';

/** An item as the text of its JSON, which has no line feed outside of its strings: JSON without white space has none at all. */
export interface ItemText {
  readonly itemIdentifier: string;
  readonly text: Buffer;
}

/**
 * Takes the items of a page one after the other. Items added last can be taken back until they are said to stay: a page ends where another page can
 * begin, which may only be known some items later.
 */
export interface ItemTexts {
  /** How many there are. */
  readonly count: number;
  /** How many more items, and bytes of their lines and texts, the page may have. */
  readonly itemsLeft: number;
  readonly bytesLeft: number;
  /** Whether the page may have another item at all, whatever its size: by their number, and by the time that reading took. */
  hasRoom(): boolean;
  /**
   * Adds an item if the page has room for it, and answers whether it has. A page without items has room for any that is not beyond
   * `MAX_ITEM_BYTES`.
   */
  add(item: ItemText): boolean;
  /** Takes back the item that was added last. */
  takeBack(): void;
  /** All items so far stay. Resolves when there is memory for more. */
  stay(): Promise<void>;
}

/**
 * Most bytes of one item as JSON. It may be more than a page may otherwise have, so that no document stops a run for its size: 16 MiB of BSON, the
 * most that MongoDB stores, are rarely more than twice as much JSON, and 96 MiB where each byte is a control character of a text.
 */
export const MAX_ITEM_BYTES = 128 * 1024 * 1024;

export interface PageLinesOptions {
  readonly store: PageStore;
  readonly bucket: string;
  /** Of the object with the lines. */
  readonly key: string;
  /** Most bytes of the lines and of the text of large items together. */
  readonly pageBytes: number;
  /** Most bytes of a line that holds its item, its line feed not counted. */
  readonly lineBytes: number;
  readonly idempotencyKeyOf: (itemIdentifier: string) => string;
  /** Whether so much time is used that the page has to end. */
  readonly isLate: () => boolean;
  /** Default: that of `ObjectUpload`. */
  readonly partBytes?: number;
}

/** Comes after the text of an item. */
const LINE_END = Buffer.from('}\n');

/** The objects of a page while they are written: a line for each item, and the text of those that are too large for a line. */
export class PageLines implements ItemTexts {
  private readonly lines: ObjectUpload;
  private readonly items: ObjectUpload;
  /** Of each item, whether its text is in the other object. */
  private readonly large: boolean[] = [];

  constructor(private readonly options: PageLinesOptions) {
    const { store, key, partBytes } = options;
    this.lines = new ObjectUpload(store, key, partBytes);
    this.items = new ObjectUpload(store, keyOfItems(key), partBytes);
  }

  get count(): number {
    return this.large.length;
  }

  get itemsLeft(): number {
    return MAX_PAGE_LINES - this.count;
  }

  get bytesLeft(): number {
    return Math.max(0, this.options.pageBytes - this.bytes);
  }

  get bytes(): number {
    return this.lines.bytes + this.items.bytes;
  }

  /** Bytes of the object with the text of large items; without any, there is no such object. */
  get itemBytes(): number {
    return this.items.bytes;
  }

  hasRoom(): boolean {
    return this.count === 0 || (this.itemsLeft > 0 && !this.options.isLate());
  }

  add(item: ItemText): boolean {
    const { line, isLarge } = this.lineOf(item);
    const bytes = line.length + (isLarge ? item.text.length : 0);
    if (this.count === 0 ? item.text.length > MAX_ITEM_BYTES : this.bytes + bytes > this.options.pageBytes) return false;
    this.lines.add(line);
    if (isLarge) this.items.add(item.text);
    this.large.push(isLarge);
    return true;
  }

  takeBack(): void {
    this.lines.takeBack();
    if (this.large.pop() === true) this.items.takeBack();
  }

  async stay(): Promise<void> {
    await this.lines.stay();
    await this.items.stay();
  }

  /** Resolves when all objects are there. The lines come last: where they are, the text that they speak of is too. */
  async finish(): Promise<void> {
    if (this.itemBytes > 0) await this.items.finish();
    await this.lines.finish();
  }

  async abandon(): Promise<void> {
    await Promise.all([this.items.abandon(), this.lines.abandon()]);
  }

  private lineOf({ itemIdentifier, text }: ItemText): { readonly line: Buffer; readonly isLarge: boolean } {
    const { bucket, key, lineBytes, idempotencyKeyOf } = this.options;
    const names = `{"itemIdentifier":${JSON.stringify(itemIdentifier)},"idempotencyKey":${JSON.stringify(idempotencyKeyOf(itemIdentifier))}`;
    const head = Buffer.from(`${names},"item":`);
    const isLarge = head.length + text.length + 1 > lineBytes;
    if (!isLarge) return { line: Buffer.concat([head, text, LINE_END]), isLarge };
    const itemAt: ItemLocation = { Bucket: bucket, Key: keyOfItems(key), Offset: this.items.bytes, Length: text.length };
    return { line: Buffer.from(`${names},"itemAt":${JSON.stringify(itemAt)}}\n`), isLarge };
  }
}
