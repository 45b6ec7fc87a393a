import { isNaNValue, typeName, typeRank } from './bson-order';
import { DocumentFault } from './document-fault';
import { duplicateKey, PageItems } from './growing-page';
import { KeyBounds } from './key-bounds';
import { KeyOrder, shareFirst } from './key-order';
import { MongoPageRequest } from './mongo-page-request';
import { MongoQueries } from './mongo-queries';
import { SortKey } from './sort-key';
import { StoredKey } from './stored-key';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/**
 * Proves that a page has lost nothing. A comparison finds only values of the type of its operand, so that a query for what comes after a key
 * ends, with no error, where the type of a field changes. What lies beyond is seen from the other end: in the reverse order it comes first.
 */
export class KeyProof {
  constructor(private readonly request: MongoPageRequest, private readonly queries: MongoQueries, private readonly order: KeyOrder) {}

  /** The first and the last key of all have to be of the same types; then all keys between them have the same type in the first field. */
  async checkTypes(first: SortKey): Promise<void> {
    const last = await this.queries.lastKey();
    // A run comes to a document without a key in the end, whatever types are before it.
    if (last === undefined || last instanceof DocumentFault) return;
    const level = this.comparedLevels().find((each) => typeRank(first[each]) !== typeRank(last[each]));
    if (level !== undefined) throw this.mixedTypes(level, first[level], last[level]);
  }

  /**
   * Where a range is open, it has to have all that is there. Its bound finds keys of its own type only, so that there may be none of another one. Keys between two
   * bounds have one type, and so has every range that is not open.
   */
  async checkBounds({ from, before }: KeyBounds): Promise<void> {
    if (!this.comparedLevels().includes(0)) return;
    const check = (bound: unknown, key: SortKey | DocumentFault | undefined) => {
      if (key instanceof DocumentFault) throw key;
      if (key !== undefined && (typeRank(key[0]) !== typeRank(bound) || isNaNValue(key[0]))) throw this.otherThanBound(bound, key[0]);
    };
    if (from === undefined && before !== undefined) check(before, await this.queries.firstKey());
    if (before === undefined && from !== undefined) check(from, await this.queries.lastKey());
  }

  /**
   * Nothing may be left behind in the middle: where the page goes on to another value of the first fields, the last one that was read
   * with the value of the cursor has to be the last there is, or one of the same type.
   */
  async checkLeftBehind(start: SortKey, { keys, next }: Pick<PageItems<unknown>, 'keys' | 'next'>): Promise<void> {
    // What a document without a key comes with is not known: the next page tells, which begins with it.
    const following = next instanceof DocumentFault ? keys.at(-1)?.values ?? start : next?.values;
    for (const level of this.comparedLevels().filter((each) => each > 0)) {
      if (following !== undefined && shareFirst(following, start, level)) continue;
      const lastSeen = this.lastSharing(start, keys, level);
      const last = await this.queries.lastKey(start.slice(0, level));
      if (last instanceof DocumentFault) throw last;
      if (last !== undefined && typeRank(last[level]) > typeRank(lastSeen[level])) throw this.typeGap(level, lastSeen[level], last[level]);
    }
  }

  /** The last key with the first values of another one, which is before them all; that one, if they have none of them. */
  private lastSharing(start: SortKey, keys: readonly StoredKey[], level: number): SortKey {
    let last: StoredKey | undefined;
    for (const key of keys) {
      if (last?.sharesFirst(key, level) === true || shareFirst(key.values, start, level)) last = key;
      // In the order of a collation, keys that are not the same can come between such that are.
      else if (!this.order.collated) break;
    }
    return last?.values ?? start;
  }

  /** A page can end between two documents only if the server finds the second one after the first. */
  async checkPageEnd(last: SortKey, next: SortKey | DocumentFault): Promise<void> {
    if (next instanceof DocumentFault) {
      if (await this.queries.isFirstAfter(last, next.bytes)) return;
      throw next;
    }
    if (!this.order.mayTakeForEqual(last, next)) return;
    if (await this.queries.isFoundAfter(last, next)) return;
    if (await this.queries.isStored(next)) throw duplicateKey(last, next);
  }

  /** The last key of all, if it comes after this one, or why that document has none: then it has not been read. */
  async keyBeyond(last: SortKey): Promise<SortKey | DocumentFault | undefined> {
    const found = await this.queries.lastKey();
    if (found === undefined || found instanceof DocumentFault) return found;
    const comparison = this.order.compare(last, found);
    if (comparison === undefined) return this.queries.firstKeyAfter(last);
    return comparison < 0 ? found : undefined;
  }

  /** The error for documents that are there and are not found. */
  unreachable(last: SortKey, beyond: SortKey | DocumentFault): SourceError {
    if (beyond instanceof DocumentFault) return beyond;
    const level = last.findIndex((value, index) => typeRank(value) !== typeRank(beyond[index]));
    return level >= 0 ? this.typeGap(level, last[level], beyond[level]) : this.lagging();
  }

  /** The error for documents that only the primary gives. */
  lagging(): SourceError {
    return new SourceError(
      PagedBatchEtlErrorName.SOURCE_LAGGING,
      `The source has documents after the last one read and does not give them: one of its members lags behind. Sort: ${this.request.source.sort.join(', ')}`,
    );
  }

  /** Fields of the sort that are compared within one type. */
  private comparedLevels(): number[] {
    const { sort, mixedIdTypes } = this.request.source;
    return sort.flatMap((field, level) => (mixedIdTypes && field === '_id' ? [] : [level]));
  }

  private typeGap(level: number, reached: unknown, beyond: unknown): SourceError {
    const field = this.request.source.sort[level];
    return new SourceError(
      PagedBatchEtlErrorName.CURSOR_TYPE_GAP,
      `After the last ${field} of type ${typeName(reached)} there are documents whose ${field} is of type ${typeName(beyond)}, which a comparison does not find. `
      + this.advice(field),
    );
  }

  private mixedTypes(level: number, first: unknown, last: unknown): SourceError {
    const field = this.request.source.sort[level];
    return new SourceError(
      PagedBatchEtlErrorName.MIXED_KEY_TYPES,
      `The sort field ${field} is of several types: ${typeName(first)} in the first document, ${typeName(last)} in the last one; a missing field counts as null. `
      + this.advice(field),
    );
  }

  private otherThanBound(bound: unknown, found: unknown): SourceError {
    const [field] = this.request.source.sort;
    return new SourceError(
      PagedBatchEtlErrorName.MIXED_KEY_TYPES,
      `The run is divided by ${field} of type ${typeName(bound)}, and there are documents whose ${field} is ${isNaNValue(found) ? 'NaN' : `of type ${typeName(found)}`}, which would be in no range; `
      + `a missing field counts as null. ${this.advice(field)}`,
    );
  }

  private advice(field: string): string {
    const filter = `Have the filter choose one type, such as { "${field}": { "$type": "date" } }`;
    return field === '_id' && this.request.source.engine === 'mongo' ? `${filter}, or set mixedIdTypes` : filter;
  }
}
