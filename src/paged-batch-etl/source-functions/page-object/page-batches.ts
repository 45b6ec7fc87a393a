import { asciiJson, AsciiText } from './batch-text';
import { ItemBatch } from './item-batch';
import { beforeItem, ItemLine, ItemTexts } from './item-texts';
import { ObjectUpload } from './object-upload';
import { DataKeys, keyOfItems } from './page-keys';
import type { PageStore } from './page-store';
import { BatchRange, ItemLocation, MAX_PAGE_ITEMS } from '../../contracts/read-page';
import type { BatchLimits } from '../reader/source-config';

export interface PageBatchesOptions {
  readonly store: PageStore;
  readonly bucket: string;
  readonly keys: DataKeys;
  /** Most bytes of the items with their envelopes, as UTF-8 JSON, wherever they are. */
  readonly pageBytes: number;
  readonly batch: Required<BatchLimits>;
  /** Whether so much time is used that the page has to end. */
  readonly isLate: () => boolean;
  /** Default: that of `ObjectUpload`. */
  readonly partBytes?: number;
}

const LINE_FEED = Buffer.from('\n');

/** The objects of a page while they are written: batches, their index, and the text of items that are too large for a batch. */
export class PageBatches implements ItemTexts {
  private readonly batches: ObjectUpload;
  private readonly items: ObjectUpload;
  /** Of each batch, its line of the index. */
  private readonly index: string[] = [];
  /** Keys of objects that are there, or may be. */
  private readonly stored: string[] = [];
  /** Items that may still be taken back. */
  private added: ItemLine[] = [];
  /** The batch that is being filled, and one that stays empty. */
  private batch: ItemBatch;
  private readonly emptyBatch: ItemBatch;
  /** Items that stay, and those of them that are in a batch before this one. */
  private staying = 0;
  private first = 0;
  private used = 0;

  constructor(private readonly options: PageBatchesOptions) {
    const { store, keys: { key }, batch, partBytes } = options;
    this.batch = new ItemBatch(batch);
    this.emptyBatch = new ItemBatch(batch);
    this.batches = new ObjectUpload(store, key, partBytes);
    this.items = new ObjectUpload(store, keyOfItems(key), partBytes);
  }

  get count(): number {
    return this.staying + this.added.length;
  }

  get itemsLeft(): number {
    return MAX_PAGE_ITEMS - this.count;
  }

  get bytesLeft(): number {
    return Math.max(0, this.options.pageBytes - this.used);
  }

  /** Bytes of batches and large items. */
  get bytes(): number {
    return this.batches.bytes + this.items.bytes;
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
    if (this.count > 0 && !whole && item.line.length > this.bytesLeft) return false;
    this.added.push(item);
    this.used += item.line.length;
    return true;
  }

  takeBack(): void {
    const last = this.added.pop();
    if (last === undefined) throw new RangeError('There is nothing to take back');
    this.used -= last.line.length;
  }

  async stay(): Promise<void> {
    const { added } = this;
    this.added = [];
    // Whoever added them may use their memory for others as soon as this function waits.
    for (const item of added) this.put(item);
    await this.batches.flush();
    await this.items.flush();
  }

  /** Resolves when all objects are there. What others speak of comes before them. */
  async finish(): Promise<void> {
    await this.stay();
    if (this.batch.count > 0) this.endBatch();
    const { store, keys } = this.options;
    if (this.itemBytes > 0) await this.store(this.items.key, async () => this.items.finish());
    await this.store(keys.key, async () => this.batches.finish());
    await this.store(keys.index, async () => store.put(keys.index, Buffer.from(this.index.join(''))));
  }

  /** Leaves as little behind as can be; what cannot be removed, the life cycle of the bucket removes. */
  async abandon(): Promise<void> {
    await Promise.all([this.items.abandon(), this.batches.abandon()]);
    if (this.stored.length > 0) await this.options.store.delete(this.stored).catch(() => undefined);
  }

  private async store(key: string, finish: () => Promise<void>): Promise<void> {
    this.stored.push(key);
    await finish();
  }

  private put(item: ItemLine): void {
    const text = this.textOf(item);
    if (this.batch.count > 0 && !this.batch.fits(text)) this.endBatch();
    this.batch.add(text);
    this.staying += 1;
  }

  /** An item that is too large for a batch of its own is told of by where it is. */
  private textOf(item: ItemLine): AsciiText {
    const { batch } = this.options;
    // As ASCII it is no smaller.
    const text = item.line.length > batch.bytes ? undefined : asciiJson(item.line);
    return text !== undefined && this.emptyBatch.fits(text) ? text : asciiJson(this.lineAt(item));
  }

  private endBatch(): void {
    const { batch: { count, bytes }, first } = this;
    const start = this.batches.bytes;
    for (const piece of this.batch.pieces()) this.batches.add(piece);
    this.batches.add(LINE_FEED);
    this.index.push(`${JSON.stringify({ range: `bytes=${start}-${start + bytes - 1}`, first, count } satisfies BatchRange)}\n`);
    this.first += count;
    this.batch = new ItemBatch(this.options.batch);
  }

  /** The line of a large item, whose text comes next in the other object. */
  private lineAt(item: ItemLine): Buffer {
    const { bucket } = this.options;
    const itemAt: ItemLocation = { Bucket: bucket, Key: this.items.key, Offset: this.items.bytes, Length: item.item.length };
    this.items.add(Buffer.from(item.item));
    return Buffer.concat([beforeItem(item), Buffer.from(`"itemAt":${JSON.stringify(itemAt)}}`)]);
  }
}
