import type { DocumentTeller, ItemNames, SizedItem } from './item-form';
import type { JsonValue } from './json-value';
import type { PageItem } from '../../contracts/read-page';

/** A document, and what makes a value of it. */
interface ValueSource {
  readonly document: Uint8Array;
  readonly teller: DocumentTeller;
  readonly values: JsonValue;
}

/**
 * An item that is a value only where somebody looks at it, and while its page is written as JSON. All values of a page at once are a multiple of its
 * text, and take longer to clean up than to make.
 */
export class ItemValue implements PageItem, SizedItem {
  constructor(private readonly names: ItemNames, private readonly source: ValueSource, readonly itemBytes: number, readonly lineBytes: number) {}

  get itemIdentifier(): string {
    return this.names.itemIdentifier;
  }

  get idempotencyKey(): string {
    return this.names.idempotencyKey;
  }

  get item(): unknown {
    const { document, teller, values } = this.source;
    values.begin();
    teller.tell(document, values);
    return values.whole;
  }

  toJSON(): PageItem {
    const { itemIdentifier, idempotencyKey, item } = this;
    return { itemIdentifier, idempotencyKey, item };
  }
}
