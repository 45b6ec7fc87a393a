import type { AsciiText } from './batch-text';
import type { BatchLimits } from '../reader/source-config';

/** What stands around a batch and between its items. */
const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');

/** Quotation marks around a JSON string. */
const QUOTES = 2;

/** A batch while it is filled: a JSON array that is no larger than it may be, neither as it is nor as a JSON string. */
export class ItemBatch {
  private readonly items: AsciiText[] = [];
  private length = OPEN.length + CLOSE.length;
  private escapes = QUOTES;

  constructor(private readonly limits: Required<BatchLimits>) {}

  get count(): number {
    return this.items.length;
  }

  get bytes(): number {
    return this.length;
  }

  /** Whether it has room for one more item. */
  fits({ bytes, escapes }: AsciiText): boolean {
    const { limits } = this;
    const length = this.length + this.comma + bytes.length;
    return this.count < limits.items && length <= limits.bytes && length + this.escapes + escapes <= limits.textBytes;
  }

  add(item: AsciiText): void {
    this.length += this.comma + item.bytes.length;
    this.escapes += item.escapes;
    this.items.push(item);
  }

  /** The array, piece by piece. */
  pieces(): Buffer[] {
    return [OPEN, ...this.items.flatMap(({ bytes }, place) => (place === 0 ? [bytes] : [COMMA, bytes])), CLOSE];
  }

  /** Bytes before the next item. */
  private get comma(): number {
    return this.count === 0 ? 0 : COMMA.length;
  }
}
