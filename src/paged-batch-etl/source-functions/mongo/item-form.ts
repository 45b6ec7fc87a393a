import { ItemText } from './item-text';
import { ItemValue } from './item-value';
import { JsonBytes } from './json-bytes';
import type { JsonSink } from './json-sink';
import { JsonValue } from './json-value';
import { AFTER_ITEM, AROUND_ITEM_BYTES, envelopeOf, ItemNames } from '../item-envelope';

/** How much an item takes. */
export interface SizedItem {
  /** Bytes of `{"itemIdentifier":…,"idempotencyKey":…,"item":…}`, as UTF-8 JSON. */
  readonly lineBytes: number;
  /** Bytes of the JSON of the item. */
  readonly itemBytes: number;
}

/** As what the items of a page are made: one after the other, of the JSON that is told to `json`. */
export interface ItemForm<T extends SizedItem> {
  readonly json: JsonSink;
  /** Takes items that are in the page wherever it ends, while it is still being read; absent where all items are answered at its end. */
  readonly takeSettled?: (items: readonly T[]) => Promise<void>;
  /** Begins an item, in place of one that was not kept. */
  begin(): void;
  /** The item of which all was told; it is overwritten by the next one, unless it is kept. */
  item(names: ItemNames): T;
  keep(): void;
}

/** As text: for a page that is written as JSON lines. */
export function textItems(takeSettled?: (items: readonly ItemText[]) => Promise<void>): ItemForm<ItemText> {
  return new TextForm(takeSettled);
}

/** As values: for a page that is the answer of a function. */
export function valueItems(): ItemForm<ItemValue> {
  return new ValueForm();
}

const END = `${AFTER_ITEM}\n`;

/** Bytes of a text as a string of JSON. Most have nothing but printable ASCII in them, and are counted in less time than they would be written. */
function jsonBytes(text: string): number {
  let bytes = text.length + 2;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE || code === BACKSLASH) bytes += 1;
    else if (code < SPACE || code > TILDE) return Buffer.byteLength(JSON.stringify(text));
  }
  return bytes;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** The first and the last printable character of ASCII. */
const SPACE = 0x20;
const TILDE = 0x7e;

class TextForm implements ItemForm<ItemText> {
  readonly json = new JsonBytes();
  /** As much room is left before an item; the same for most of them, so that few have to be moved. */
  private envelopeBytes = 0;

  constructor(readonly takeSettled?: (items: readonly ItemText[]) => Promise<void>) {}

  begin(): void {
    this.json.takeBack(0);
    this.json.skip(this.envelopeBytes);
  }

  item(names: ItemNames): ItemText {
    const { json } = this;
    this.envelopeBytes = json.writeStart(envelopeOf(names), this.envelopeBytes);
    for (let index = 0; index < END.length; index++) json.byte(END.charCodeAt(index));
    const { bytes, start, end } = json.piece();
    return new ItemText(bytes, start, start + this.envelopeBytes, end - 1);
  }

  keep(): void {
    this.json.begin();
  }
}

class ValueForm implements ItemForm<ItemValue> {
  readonly json = new JsonValue();

  begin(): void {
    this.json.begin();
  }

  item(names: ItemNames): ItemValue {
    const { whole, length } = this.json;
    return new ItemValue(names, whole, length, AROUND_ITEM_BYTES + jsonBytes(names.itemIdentifier) + jsonBytes(names.idempotencyKey) + length);
  }

  keep(): void {
    // Every item is one of its own.
  }
}
