import type { ItemNames, SizedItem } from './item-form';
import type { PageItem } from '../../contracts/read-page';

/**
 * An item that is a value only where somebody looks at it, and while its page is written as JSON. All values of a page at once are a multiple of its
 * text, and take longer to clean up than to make.
 */
export class ItemValue implements PageItem, SizedItem {
  constructor(private readonly names: ItemNames, private readonly value: () => unknown, readonly itemBytes: number, readonly lineBytes: number) {}

  get itemIdentifier(): string {
    return this.names.itemIdentifier;
  }

  get idempotencyKey(): string {
    return this.names.idempotencyKey;
  }

  get item(): unknown {
    return this.value();
  }

  toJSON(): PageItem {
    const { itemIdentifier, idempotencyKey, item } = this;
    return { itemIdentifier, idempotencyKey, item };
  }
}
