import { JsonValue } from '../../json';

/** Largest input or output of a state, task or execution: 256 KiB of UTF-8 (AWS quota). */
export const MAX_PAYLOAD_BYTES = 262_144;

/** From this many characters on, the size of a text is remembered; shorter ones are measured faster than found. */
const LONG_TEXT = 1_000;

/**
 * Size of JSON texts without writing them. Values never change once they are in an execution, so the size of every object and long text is
 * measured once, and a large value that is passed from state to state costs nothing more.
 */
export class PayloadMeter {
  private readonly sizes = new WeakMap<object, number>();
  /** Holds on to nothing that the history does not hold anyway. */
  private readonly textSizes = new Map<string, number>();

  fits(value: JsonValue): boolean {
    return this.bytes(value) <= MAX_PAYLOAD_BYTES;
  }

  /** Length of the compact JSON text in UTF-8. */
  bytes(value: JsonValue): number {
    if (typeof value === 'string') return this.textBytes(value);
    if (typeof value !== 'object' || value === null) return String(value).length;
    const known = this.sizes.get(value);
    if (known !== undefined) return known;
    const size = Array.isArray(value) ? this.listBytes(value) : this.objectBytes(Object.entries(value));
    this.sizes.set(value, size);
    return size;
  }

  private textBytes(text: string): number {
    if (text.length < LONG_TEXT) return textBytes(text);
    const size = this.textSizes.get(text) ?? textBytes(text);
    this.textSizes.set(text, size);
    return size;
  }

  private listBytes(items: readonly JsonValue[]): number {
    return items.reduce<number>((sum, item) => sum + this.bytes(item), brackets(items.length));
  }

  private objectBytes(entries: readonly (readonly [string, JsonValue])[]): number {
    return entries.reduce((sum, [name, item]) => sum + this.textBytes(name) + 1 + this.bytes(item), brackets(entries.length));
  }
}

/** What JSON escapes, and surrogates, which it escapes when they stand alone. */
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

function textBytes(text: string): number {
  return escaped.test(text) ? Buffer.byteLength(JSON.stringify(text)) : Buffer.byteLength(text) + 2;
}

/** Two brackets and the commas between the parts. */
function brackets(parts: number): number {
  return 2 + Math.max(0, parts - 1);
}
