export { PathSyntaxError } from './problems';

/** Reads a text from left to right; intrinsic functions are parsed with it. */
export class Scanner {
  constructor(readonly text: string, private position = 0) {}

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  rest(): string {
    return this.text.slice(this.position);
  }

  skipSpace(): void {
    while (this.text[this.position] === ' ' || this.text[this.position] === '\t' || this.text[this.position] === '\n') this.position++;
  }

  peek(expected: string): boolean {
    return this.text.startsWith(expected, this.position);
  }

  take(expected: string): boolean {
    if (!this.peek(expected)) return false;
    this.position += expected.length;
    return true;
  }

  /** Takes what a sticky pattern matches here; undefined if it does not. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0];
    this.position += found?.length ?? 0;
    return found;
  }

  /** Items separated by commas, at least one. */
  list<T>(item: () => T): T[] {
    const items: T[] = [];
    do {
      this.skipSpace();
      items.push(item());
      this.skipSpace();
    } while (this.take(','));
    return items;
  }
}
