/** The text of an item within the text of its page, which is UTF-8. */
export class ItemText {
  /**
   * @param text what holds it
   * @param start where its line begins
   * @param itemStart where the JSON of the item begins within the line
   * @param end where its line ends; a newline stands there
   */
  constructor(
    readonly itemIdentifier: string,
    readonly idempotencyKey: string,
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

  /** The item as a value. */
  get value(): unknown {
    return JSON.parse(this.text.toString('utf8', this.itemStart, this.end - 1));
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

  /** Whether this line follows the other one in the same text, with nothing but a newline between them. */
  follows(other: ItemText): boolean {
    return this.text === other.text && this.start === other.end + 1;
  }

  /** The lines from this one to another one that comes after it in the same text, each with its newline. */
  linesTo(last: ItemText): Buffer {
    return this.text.subarray(this.start, last.end + 1);
  }
}

/** Lines as JSON lines, each with its newline, in as few pieces as there are: nothing is copied. */
export function jsonLines(items: readonly ItemText[]): Buffer[] {
  const pieces: Buffer[] = [];
  let first = 0;
  items.forEach((item, index) => {
    const next = items.at(index + 1);
    if (index + 1 < items.length && next?.follows(item)) return;
    pieces.push(items[first].linesTo(item));
    first = index + 1;
  });
  return pieces;
}
