import { Peekable } from './async-lists';
import { failedLetter, FromLetter, ItemsOf, Sized } from './letter-items';
import type { LettersPlace } from './letters-cursor';
import type { PlacedLetter } from './letters-walk';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { FailedItem, MAX_PASSED_OVER_BYTES } from '../../contracts/read-page';
import { PageBudget } from '../mongo/page-budget';
import { SourceError } from '../source-error';

/** Letters of which items are made at once, at most, and bytes of these letters. */
const MOST_LETTERS = 1_000;
const MOST_LETTER_BYTES = 1024 * 1024;

/** What takes the items of a page. */
export interface PageSink<T> {
  /** Most items, and bytes of their list. */
  readonly items: number;
  readonly bytes: number;
  /** Whether the first item may be of any size. */
  readonly takesAny: boolean;
  /** Whether there is time for more. */
  hasTime(): boolean;
  add(item: T): void;
  /** Items so far stay. */
  settle(): Promise<void>;
}

export interface FilledPage {
  readonly failed: readonly FailedItem[];
  /** Where the page ends; undefined where there was no letter. */
  readonly end?: LettersPlace['at'];
}

export interface FillPageOptions<T> {
  readonly letters: AsyncIterator<PlacedLetter, unknown>;
  /** Whether they are the first ones of a run. */
  readonly begins: boolean;
  readonly itemsOf: ItemsOf<T>;
  readonly sink: PageSink<T>;
  readonly warn: (message: string) => void;
}

/**
 * Makes a page of letters: for as long as there is room, or time. It ends before a letter whose item is in it already, for a page has an item once, and before what
 * cannot be read, so that what comes before is processed.
 */
export async function fillPage<T extends Sized>({ letters, begins, itemsOf, sink, warn }: FillPageOptions<T>): Promise<FilledPage> {
  const page = new Page(sink);
  const source = new Peekable(letters);
  while (page.isEmpty || (page.hasRoom() && sink.hasTime())) {
    try {
      const some = await page.takeSome(source);
      if (some.length === 0) break;
      const made = await itemsOf(some.map(({ letter }) => letter), page.isEmpty ? begins ? 'begin' : 'first' : 'later');
      if (made === undefined || !page.addAll(some, made)) break;
      await sink.settle();
    } catch (error) {
      if (!(error instanceof SourceError) || page.isEmpty) throw error;
      warn(`The page ends before a letter of which no item could be made (${error.name}); the next page begins with it`);
      break;
    }
  }
  return { failed: page.failed, end: page.end };
}

class Page<T extends Sized> {
  end?: LettersPlace['at'];
  readonly failed: FailedItem[] = [];
  private readonly budget: PageBudget;
  private readonly identifiers = new Set<string>();
  private left: PlacedLetter[] = [];
  private failedBytes = 0;

  constructor(private readonly sink: PageSink<T>) {
    this.budget = new PageBudget(sink.items, sink.bytes);
  }

  get isEmpty(): boolean {
    return this.end === undefined;
  }

  hasRoom(): boolean {
    return this.budget.hasRoom() && this.identifiers.size < this.sink.items;
  }

  /** The next letters, as many as may fill the page. */
  async takeSome(source: Peekable<PlacedLetter>): Promise<readonly PlacedLetter[]> {
    const most = Math.min(MOST_LETTERS, this.budget.documentsAtOnce(), this.sink.items - this.identifiers.size);
    const some = this.left.splice(0, most);
    let bytes = 0;
    const taken = new Set(some.map(({ letter }) => letter.itemIdentifier));
    while (some.length < most && bytes < MOST_LETTER_BYTES) {
      const next = await source.peek();
      if (next === undefined || taken.has(next.letter.itemIdentifier) || this.identifiers.has(next.letter.itemIdentifier)) break;
      await source.take();
      taken.add(next.letter.itemIdentifier);
      some.push(next);
      bytes += next.bytes;
    }
    return some;
  }

  /** Whether all letters of which something was made are in the page. */
  addAll(letters: readonly PlacedLetter[], made: readonly FromLetter<T>[]): boolean {
    for (const [index, each] of made.entries()) {
      const { letter, end } = letters[index];
      if (!this.add('failed' in each ? each : this.orTooLarge(letters[index], each.item))) return false;
      this.identifiers.add(letter.itemIdentifier);
      this.end = end;
    }
    this.left = letters.slice(made.length);
    return true;
  }

  private add(each: FromLetter<T>): boolean {
    if ('failed' in each) return this.addFailed(each.failed);
    const { lineBytes } = each.item;
    if (!this.budget.fits(lineBytes) && !(this.sink.takesAny && this.budget.isEmpty)) return false;
    this.budget.use(lineBytes);
    this.sink.add(each.item);
    return true;
  }

  /** One is told of whatever its size. */
  private addFailed(failed: FailedItem): boolean {
    const bytes = Buffer.byteLength(JSON.stringify(failed));
    if (this.failed.length > 0 && this.failedBytes + bytes > MAX_PASSED_OVER_BYTES) return false;
    this.failed.push(failed);
    this.failedBytes += bytes;
    return true;
  }

  /** An item that is in no page, however empty. */
  private orTooLarge({ letter }: PlacedLetter, item: T): FromLetter<T> {
    const { takesAny, items, bytes } = this.sink;
    if (takesAny || new PageBudget(items, bytes).fits(item.lineBytes)) return { item };
    return failedLetter(letter, PagedBatchEtlErrorName.ITEM_TOO_LARGE, `The item ${letter.itemIdentifier} is ${item.lineBytes} bytes of JSON, and a page may be ${bytes}`);
  }
}
