import { encodeValue } from './canonical-ejson';
import { PageEnd } from './cursor-codec';
import { DocumentFault } from './document-fault';
import { documentNamed } from './document-name';
import { ItemText } from './item-text';
import { KeyOrder } from './key-order';
import { MongoPageRequest } from './mongo-page-request';
import { PageBudget } from './page-budget';
import { itemOf, itemTooLarge } from './page-item';
import { SortKey } from './sort-key';
import { readDocument } from './stored-document';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** What was read for a page. */
export interface PageItems {
  /** Text of every item. */
  readonly lines: readonly ItemText[];
  /** Key of every item. */
  readonly keys: readonly SortKey[];
  /** Key of the first document that is not in the page anymore, or why that one can be in none; undefined when nothing was left. */
  readonly next?: SortKey | DocumentFault;
  /** Documents to ask the server for at once when it goes on. */
  readonly answerSize: number;
}

/** A page to which documents are added as they come. */
export class GrowingPage {
  readonly budget: PageBudget;
  private readonly lines: ItemText[] = [];
  private readonly keys: SortKey[] = [];

  constructor(private readonly request: MongoPageRequest, private readonly order: KeyOrder, private readonly start: PageEnd | undefined) {
    this.budget = new PageBudget(request.batchSize, request.pageBytes, start?.answerSize);
  }

  get isEmpty(): boolean {
    return this.keys.length === 0;
  }

  /**
   * Adds a document, if there is room for it. The answer is the key of the first document that is not in the page; undefined while all are.
   *
   * @throws DocumentFault where it can be in no page: those before it are in this one
   */
  add(bytes: Uint8Array): SortKey | undefined {
    const { pageBytes, source: { sort } } = this.request;
    const stored = readDocument(bytes, sort);
    const { key } = stored;
    if (this.repeatsLast(key)) return this.withoutLast(key);
    if (!this.budget.hasRoom() || this.isOutOfTime()) return key;
    const line = itemOf(stored, this.request);
    if (!this.budget.fits(line.lineBytes)) {
      if (this.isEmpty) throw itemTooLarge(stored, line, pageBytes);
      return key;
    }
    this.budget.use(line.lineBytes);
    this.lines.push(line);
    this.keys.push(key);
    return undefined;
  }

  /** @param next what follows; undefined when nothing does */
  endedBefore(next: SortKey | DocumentFault | undefined): PageItems {
    return { lines: this.lines, keys: this.keys, answerSize: this.budget.nextAnswerSize(), ...(next === undefined ? {} : { next }) };
  }

  /** A page without items would be the last of the run. */
  private isOutOfTime(): boolean {
    return !this.isEmpty && this.request.hasTime?.() === false;
  }

  /** Whether a key is the same as the one before it; one that comes before it is an error. */
  private repeatsLast(key: SortKey): boolean {
    const before = this.keys.at(-1) ?? this.start?.key;
    const comparison = before === undefined ? undefined : this.order.compare(before, key);
    if (before === undefined || comparison === undefined || comparison < 0) return false;
    if (comparison === 0 && !this.isEmpty) return true;
    throw new SourceError(
      PagedBatchEtlErrorName.CURSOR_DID_NOT_ADVANCE, `After ${identifier(before)} the source gave ${identifier(key)}, which does not come after it`,
    );
  }

  /** No page can end between two documents with the same key, nor hold both: the first one is for the next page, which fails. */
  private withoutLast(key: SortKey): SortKey {
    const [last] = this.keys.slice(-1);
    if (this.keys.length === 1) throw duplicateKey(last, key);
    this.lines.pop();
    this.keys.pop();
    return last;
  }
}

export function duplicateKey(before: SortKey, after: SortKey): DocumentFault {
  return new DocumentFault(
    PagedBatchEtlErrorName.DUPLICATE_KEY,
    `${identifier(before)} and ${identifier(after)} have the same key, so that a page cannot end between them. `
    + 'Values of _id have to be different across all shards, and in the collation of the source',
  );
}

function identifier(key: SortKey): string {
  return documentNamed(encodeValue(key.at(-1)));
}
