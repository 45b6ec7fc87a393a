import { ObjectUpload } from './object-upload';
import { keyOfItems } from './page-keys';
import type { PageStore } from './page-store';
import { ItemLocation, MAX_PAGE_LINES, PageItem } from '../../contracts/read-page';

/** The line of an item, as UTF-8. Its JSON has no line feed: without white space, JSON has none at all. */
export interface ItemLine {
  /** `{"itemIdentifier":…,"idempotencyKey":…,"item":…}`, without the line feed. */
  readonly line: Buffer;
  /** What stands in it before the JSON of the item, `"item":` included. */
  readonly envelope: Buffer;
  /** The JSON of the item. */
  readonly item: Buffer;
}

/**
 * Takes the items of a page one after the other. Items added last can be taken back until they are said to stay: a page ends where another page can
 * begin, which may only be known some items later.
 */
export interface ItemTexts {
  /** How many there are. */
  readonly count: number;
  /** How many more items, and bytes of their lines, the page may have. */
  readonly itemsLeft: number;
  readonly bytesLeft: number;
  /** Whether the page may have another item at all, whatever its size: by their number, and by the time that reading took. */
  hasRoom(): boolean;
  /** Whether there is time for another item. */
  hasTime(): boolean;
  /**
   * Adds an item if the page has room for it, and answers whether it has. A page without items has room for any.
   *
   * @param whole whether the item belongs to others that are in the page already, so that it is added in any case
   */
  add(item: ItemLine, whole?: boolean): boolean;
  /** Takes back the item that was added last. */
  takeBack(): void;
  /** All items so far stay. Resolves when there is memory for more. */
  stay(): Promise<void>;
}

export interface PageLinesOptions {
  readonly store: PageStore;
  readonly bucket: string;
  /** Of the object with the lines. */
  readonly key: string;
  /** Most bytes of the lines with their items, wherever those are. */
  readonly pageBytes: number;
  /** Most bytes of a line that holds its item, its line feed not counted. */
  readonly lineBytes: number;
  /** Whether so much time is used that the page has to end. */
  readonly isLate: () => boolean;
  /** Default: that of `ObjectUpload`. */
  readonly partBytes?: number;
}

const LINE_FEED = Buffer.from('\n');

const ITEM_MEMBER = '"item":';

/** The objects of a page while they are written: a line for each item, and the text of those that are too large for a line. */
export class PageLines implements ItemTexts {
  private readonly lines: ObjectUpload;
  private readonly items: ObjectUpload;
  /** Of each item, bytes of its line, and whether its text is in the other object. */
  private readonly added: { readonly bytes: number; readonly isLarge: boolean }[] = [];
  private used = 0;

  constructor(private readonly options: PageLinesOptions) {
    const { store, key, partBytes } = options;
    this.lines = new ObjectUpload(store, key, partBytes);
    this.items = new ObjectUpload(store, keyOfItems(key), partBytes);
  }

  get count(): number {
    return this.added.length;
  }

  get itemsLeft(): number {
    return MAX_PAGE_LINES - this.count;
  }

  get bytesLeft(): number {
    return Math.max(0, this.options.pageBytes - this.used);
  }

  /** Bytes of all objects. */
  get bytes(): number {
    return this.lines.bytes + this.items.bytes;
  }

  /** Bytes of the object with the text of large items; without any, there is no such object. */
  get itemBytes(): number {
    return this.items.bytes;
  }

  hasRoom(): boolean {
    return this.count === 0 || (this.itemsLeft > 0 && this.hasTime());
  }

  hasTime(): boolean {
    return !this.options.isLate();
  }

  add(item: ItemLine, whole = false): boolean {
    const bytes = item.line.length + LINE_FEED.length;
    if (this.count > 0 && !whole && bytes > this.bytesLeft) return false;
    const isLarge = item.line.length > this.options.lineBytes;
    this.lines.add(isLarge ? this.lineAt(item) : Buffer.concat([item.line, LINE_FEED]));
    if (isLarge) this.items.add(item.item);
    this.added.push({ bytes, isLarge });
    this.used += bytes;
    return true;
  }

  takeBack(): void {
    this.lines.takeBack();
    const last = this.added.pop();
    if (last?.isLarge === true) this.items.takeBack();
    this.used -= last?.bytes ?? 0;
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

  /** The line of a large item, whose text comes next in the other object. */
  private lineAt({ envelope, item }: ItemLine): Buffer {
    const { bucket, key } = this.options;
    const itemAt: ItemLocation = { Bucket: bucket, Key: keyOfItems(key), Offset: this.items.bytes, Length: item.length };
    return Buffer.concat([envelope.subarray(0, -ITEM_MEMBER.length), Buffer.from(`"itemAt":${JSON.stringify(itemAt)}}\n`)]);
  }
}

/** The line of an item that is a value. */
export function itemLine({ itemIdentifier, idempotencyKey, item }: PageItem): ItemLine {
  const envelope = Buffer.from(`{"itemIdentifier":${JSON.stringify(itemIdentifier)},"idempotencyKey":${JSON.stringify(idempotencyKey)},${ITEM_MEMBER}`);
  const line = Buffer.concat([envelope, Buffer.from(JSON.stringify(item)), Buffer.from('}')]);
  return { line, envelope, item: line.subarray(envelope.length, -1) };
}
