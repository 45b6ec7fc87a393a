import { encodeValue } from './canonical-ejson';
import { PageEnd } from './cursor-codec';
import { DocumentFault } from './document-fault';
import { documentNamed } from './document-name';
import type { ItemForm, SizedItem } from './item-form';
import { KeyOrder } from './key-order';
import { MongoPageRequest } from './mongo-page-request';
import { PageBudget } from './page-budget';
import { itemTooLarge, PageDocuments } from './page-documents';
import { isItem, passedOver, PassedOverItem, PassedOverRoom } from './passed-over';
import { SortKey } from './sort-key';
import { StoredKey } from './stored-key';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** What was read for a page. */
export interface PageItems<T> {
  /** Every item that was not taken while the page was read, or what was passed over in its place; the last of them is that of the last key. */
  readonly items: readonly (T | PassedOverItem)[];
  /** What was passed over among the items that were taken. */
  readonly passedOver: readonly PassedOverItem[];
  /** Key of every item. */
  readonly keys: readonly StoredKey[];
  /** Key of the first document that is not in the page anymore, or why that one can be in none; undefined when nothing was left. */
  readonly next?: StoredKey | DocumentFault;
  /** Documents to ask the server for at once when it goes on. */
  readonly answerSize: number;
}

/** Bytes of items that are kept until they are handed on together. */
const HANDED_ON_BYTES = 1024 * 1024;

/** Whether a page can end between two keys, as far as that is known without asking the server. */
export type IsSoundEnd = (last: StoredKey, next: StoredKey) => boolean;

/** A page to which documents are added as they come. */
export class GrowingPage<T extends SizedItem> {
  readonly budget: PageBudget;
  private items: (T | PassedOverItem)[] = [];
  private readonly passedOver: PassedOverItem[] = [];
  private readonly room = new PassedOverRoom();
  private bytesKept = 0;
  private readonly keys: StoredKey[] = [];
  private readonly documents: PageDocuments<T>;

  /** @param isSoundEnd whether a page can end between two keys */
  constructor(
    private readonly request: MongoPageRequest,
    private readonly form: ItemForm<T>,
    private readonly order: KeyOrder,
    private readonly start: PageEnd | undefined,
    private readonly isSoundEnd: IsSoundEnd,
  ) {
    this.documents = new PageDocuments(request, form);
    this.budget = new PageBudget(request.batchSize, request.pageBytes, start?.answerSize);
  }

  get isEmpty(): boolean {
    return this.keys.length === 0;
  }

  /**
   * Adds a document, if there is room for it. The answer is the key of the first document that is not in the page; undefined while all are.
   *
   * @throws DocumentFault where it can be in no page: those before it are in this one
   */
  add(bytes: Uint8Array): StoredKey | undefined {
    const { key, fault } = this.read(bytes);
    if (this.repeatsLast(key)) return this.withoutLast(key);
    if (!this.budget.hasRoom() || this.isOutOfTime()) return key;
    const item = this.itemOf(bytes, key, fault);
    if (item === undefined) return key;
    this.budget.use(item.lineBytes);
    this.bytesKept += item.lineBytes;
    if (isItem(item)) this.documents.keep();
    this.items.push(item);
    this.keys.push(key);
    return undefined;
  }

  /** Whether so much is kept that some of it should be handed on. */
  keepsMuch(): boolean {
    return this.bytesKept >= HANDED_ON_BYTES && this.form.takeSettled !== undefined;
  }

  /** Hands on what is in the page wherever it ends, and keeps it no longer. */
  async handOn(): Promise<void> {
    const settled = this.takeSettled();
    if (settled.length > 0) await this.form.takeSettled?.(settled);
  }

  /** @param next what follows; undefined when nothing does */
  endedBefore(next: StoredKey | DocumentFault | undefined): PageItems<T> {
    const { items, passedOver: passed, keys } = this;
    return { items, passedOver: passed, keys, answerSize: this.budget.nextAnswerSize(), ...(next === undefined ? {} : { next }) };
  }

  /** Whether the page can end although it is not known what follows. */
  hasSoundEnd(): boolean {
    return this.itemsToSoundEnd() > 0;
  }

  /** Where it is not known what follows: the page ends at the last place within it where it can. */
  endedSoundly(): PageItems<T> {
    const count = this.itemsToSoundEnd();
    const dropped = this.keys.length - count;
    return { ...this.endedBefore(this.keys[count]), items: this.items.slice(0, this.items.length - dropped), keys: this.keys.slice(0, count) };
  }

  /** The key of a document, and why the rest of it cannot be read, where it cannot and is passed over. */
  private read(bytes: Uint8Array): { readonly key: StoredKey; readonly fault?: DocumentFault } {
    try {
      return { key: this.documents.read(bytes) };
    } catch (error) {
      if (!(error instanceof DocumentFault) || this.request.passesOver !== true) throw error;
      const key = StoredKey.ofUnreadable(bytes, this.request.source.sort);
      if (key === undefined) throw error;
      return { key, fault: error };
    }
  }

  /** The item of a document, or what stands in its place; undefined where there is no room for it. */
  private itemOf(bytes: Uint8Array, key: StoredKey, fault: DocumentFault | undefined): T | PassedOverItem | undefined {
    try {
      if (fault !== undefined) throw fault;
      const item = this.documents.item(key);
      if (this.budget.fits(item.lineBytes)) return item;
      if (!this.isEmpty) return undefined;
      const most = this.request.firstItemBytes ?? 0;
      if (item.itemBytes > most) throw itemTooLarge(bytes, key, item, Math.max(most, this.request.pageBytes));
      return item;
    } catch (error) {
      if (!(error instanceof DocumentFault) || this.request.passesOver !== true) throw error;
      const { identifier: itemIdentifier } = key;
      const item = passedOver(error, { itemIdentifier, idempotencyKey: this.request.idempotencyKeyOf(itemIdentifier) });
      return this.room.take(item) ? item : undefined;
    }
  }

  private itemsToSoundEnd(): number {
    for (let count = this.keys.length - 1; count > 0; count -= 1) {
      if (this.isSoundEnd(this.keys[count - 1], this.keys[count])) return count;
    }
    return 0;
  }

  /** A page without items would be the last of the run. */
  private isOutOfTime(): boolean {
    return !this.isEmpty && this.request.hasTime?.() === false;
  }

  /** Whether a key is the same as the one before it; one that comes before it is an error. */
  private repeatsLast(key: StoredKey): boolean {
    const comparison = this.compareToLast(key);
    if (comparison === undefined || comparison < 0) return false;
    if (comparison === 0 && !this.isEmpty) return true;
    const before = this.keys.at(-1)?.values ?? this.start?.key ?? [];
    throw new SourceError(
      PagedBatchEtlErrorName.CURSOR_DID_NOT_ADVANCE, `After ${identifier(before)} the source gave ${identifier(key.values)}, which does not come after it`,
    );
  }

  private compareToLast(key: StoredKey): number | undefined {
    const last = this.keys.at(-1);
    if (last !== undefined) return last.compare(key, this.order);
    return this.start && this.order.compare(this.start.key, key.values);
  }

  /** A page can lose items that were read last, but none before a place where it can end. */
  private takeSettled(): readonly T[] {
    this.bytesKept = 0;
    const before = this.keys.length - this.items.length;
    for (let count = this.items.length - 1; count > 0; count -= 1) {
      const last = before + count - 1;
      if (!this.isSoundEnd(this.keys[last], this.keys[last + 1])) continue;
      for (const key of this.keys.slice(before, last + 1)) key.detach();
      const taken = this.items.slice(0, count);
      this.items = this.items.slice(count);
      for (const item of taken) if (!isItem(item)) this.passedOver.push(item);
      return taken.filter((item) => isItem(item));
    }
    return [];
  }

  /** No page can end between two documents with the same key, nor hold both: the first one is for the next page, which fails. */
  private withoutLast(key: StoredKey): StoredKey {
    const [last] = this.keys.slice(-1);
    if (this.keys.length === 1) throw duplicateKey(last.values, key.values);
    this.items.pop();
    this.keys.pop();
    return last;
  }
}

export function duplicateKey(before: SortKey, after: SortKey): DocumentFault {
  return new DocumentFault(
    PagedBatchEtlErrorName.DUPLICATE_KEY,
    `${identifier(before)} and ${identifier(after)} have the same key, so that a page cannot end between them. `
    + 'Values of _id have to be different across all shards, and in the collation of the source',
  );
}

function identifier(key: SortKey): string {
  return documentNamed(encodeValue(key.at(-1)));
}
