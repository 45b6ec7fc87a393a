import { ItemText } from './item-text';
import { PageItem } from '../../contracts/read-page';

/** As what the items of a page are handed on. They are read as text in any case, which says how much each of them takes. */
export type PageCollector<T> = (lines: readonly ItemText[]) => readonly T[];

/** As text: for a page that is written as JSON lines. */
export function textItems(): PageCollector<ItemText> {
  return (lines) => lines;
}

/** As values: for a page that is the answer of a function. */
export function valueItems(): PageCollector<PageItem> {
  return (lines) => lines.map((line) => new ItemValue(line));
}

/**
 * An item that is a value only where somebody looks at it, and while its page is written as JSON. All values of a page at once are a multiple of
 * its text, and take longer to clean up than to make.
 */
class ItemValue implements PageItem {
  readonly #text: ItemText;

  constructor(text: ItemText) {
    this.#text = text;
  }

  get itemIdentifier(): string {
    return this.#text.itemIdentifier;
  }

  get idempotencyKey(): string {
    return this.#text.idempotencyKey;
  }

  get item(): unknown {
    return this.#text.value;
  }

  toJSON(): PageItem {
    const { itemIdentifier, idempotencyKey, item } = this;
    return { itemIdentifier, idempotencyKey, item };
  }
}
