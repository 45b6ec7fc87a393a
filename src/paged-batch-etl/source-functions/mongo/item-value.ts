import type { SizedItem } from './item-form';
import type { PageItem } from '../../contracts/read-page';
import type { ItemNames } from '../item-envelope';

/** An item as a value, and how much it takes as text. */
export class ItemValue implements PageItem, SizedItem {
  readonly itemIdentifier: string;
  readonly idempotencyKey: string;
  readonly item: unknown;
  // Of what is private, nothing is written as JSON.
  readonly #itemBytes: number;
  readonly #lineBytes: number;

  constructor({ itemIdentifier, idempotencyKey }: ItemNames, item: unknown, itemBytes: number, lineBytes: number) {
    this.itemIdentifier = itemIdentifier;
    this.idempotencyKey = idempotencyKey;
    this.item = item;
    this.#itemBytes = itemBytes;
    this.#lineBytes = lineBytes;
  }

  get itemBytes(): number {
    return this.#itemBytes;
  }

  get lineBytes(): number {
    return this.#lineBytes;
  }
}
