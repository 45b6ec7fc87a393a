import type { SizedItem } from './item-form';

/** The text of an item within the text of its page, which is UTF-8. */
export class ItemText implements SizedItem {
  /**
   * @param text what holds it
   * @param start where its line begins
   * @param itemStart where the JSON of the item begins within the line
   * @param end where its line ends; a newline stands there
   */
  constructor(
    private readonly text: Buffer,
    private readonly start: number,
    private readonly itemStart: number,
    private readonly end: number,
  ) {}

  /** `{"itemIdentifier":…,"idempotencyKey":…,"item":…}`, without the newline that follows. */
  get line(): Buffer {
    return this.text.subarray(this.start, this.end);
  }

  /** The JSON of the item, which is part of the line. */
  get item(): Buffer {
    return this.text.subarray(this.itemStart, this.end - 1);
  }

  /** What stands before the JSON of the item: `{"itemIdentifier":…,"idempotencyKey":…,"item":`. */
  get envelope(): Buffer {
    return this.text.subarray(this.start, this.itemStart);
  }

  get lineBytes(): number {
    return this.end - this.start;
  }

  get itemBytes(): number {
    return this.end - 1 - this.itemStart;
  }
}
