import { compareBson, isCollated, typeRank } from './bson-order';
import { SortKey } from './sort-key';

/** How keys are ordered: by BSON, or by a collation, of which only the server knows how it orders texts. */
export class KeyOrder {
  /** @param collated whether texts are in the order of a collation, or may be */
  constructor(readonly collated: boolean) {}

  /**
   * A number below, equal to or above 0 as the first key comes before, with or after the other one; undefined where that is for the server to
   * say. Equal keys are equal in any collation.
   */
  compare(a: SortKey, b: SortKey): number | undefined {
    const level = a.findIndex((value, index) => compareBson(value, b[index]) !== 0);
    if (level < 0) return 0;
    return this.isServersToSay(a[level], b[level]) ? undefined : compareBson(a[level], b[level]);
  }

  /** Whether the server may take different keys for the same: then `_id` does not make them different either. */
  mayTakeForEqual(a: SortKey, b: SortKey): boolean {
    return this.isServersToSay(a.at(-1), b.at(-1));
  }

  private isServersToSay(a: unknown, b: unknown): boolean {
    return this.collated && isCollated(a) && typeRank(a) === typeRank(b);
  }
}

/** Whether two keys have the same values in their first `count` fields. */
export function shareFirst(a: SortKey, b: SortKey, count: number): boolean {
  return a.slice(0, count).every((value, index) => compareBson(value, b[index]) === 0);
}
