import { PageItem } from '../../contracts/read-page';
import { AFTER_ITEM, envelopeOf, withoutItemMember } from '../item-envelope';

/** The JSON of an item with its envelope, as UTF-8 and without white space. */
export interface ItemLine {
  /** `{"itemIdentifier":…,"idempotencyKey":…,"item":…}`. */
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
  /** How many more items, and bytes of their JSON, the page may have. */
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

/** What stands in the envelope of a line before `"item":`. */
export function beforeItem({ envelope }: ItemLine): Buffer {
  return withoutItemMember(envelope);
}

/** The line of an item that is a value. */
export function itemLine(named: PageItem): ItemLine {
  const envelope = Buffer.from(envelopeOf(named));
  const line = Buffer.concat([envelope, Buffer.from(JSON.stringify(named.item)), Buffer.from(AFTER_ITEM)]);
  return { line, envelope, item: line.subarray(envelope.length, -AFTER_ITEM.length) };
}
