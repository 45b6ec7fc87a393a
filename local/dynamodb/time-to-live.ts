import { Item } from 'dynalite/db';
import { isObject } from '../json';

const DAY = 24 * 60 * 60_000;

/**
 * Milliseconds from the time in an item to its deletion; until then it can still be read. Source: API reference, UpdateTimeToLive, "typically deletes
 * expired items within two days of expiration".
 */
export const DEFAULT_TTL_DELAY = 2 * DAY;

/** What expired longer ago is never deleted. Source: developer guide, "Using time to live (TTL) in DynamoDB". */
const OLDEST = 5 * 365 * DAY;

/** Which items of a table are to be deleted, and when. Nothing wakes up for that: whoever uses the table deletes what is due first. */
export class ExpiringItems {
  private readonly due = new Map<string, { readonly at: number; readonly key: Item }>();
  /** No item is due before. */
  private earliest = Infinity;

  /** @param attribute with epoch seconds; absent: nothing expires */
  constructor(private readonly attribute: string | undefined, private readonly delay: number) {}

  written(id: string, key: Item, item: Item | undefined, now: number): void {
    this.due.delete(id);
    const expiry = item === undefined ? undefined : this.expiryOf(item);
    if (expiry === undefined || now - expiry > OLDEST) return;
    const at = Math.max(now, expiry) + this.delay;
    this.due.set(id, { at, key });
    this.earliest = Math.min(this.earliest, at);
  }

  /** Keys of the items that are due; whoever takes them deletes the items. */
  takeDue(now: number): readonly Item[] {
    if (now < this.earliest) return [];
    const due = [...this.due].filter(([, { at }]) => at <= now);
    due.forEach(([id]) => this.due.delete(id));
    this.earliest = [...this.due.values()].reduce((earliest, { at }) => Math.min(earliest, at), Infinity);
    return due.map(([, { key }]) => key);
  }

  /** Epoch milliseconds; only a number counts. */
  private expiryOf(item: Item): number | undefined {
    const value = this.attribute !== undefined && Object.hasOwn(item, this.attribute) ? item[this.attribute] : undefined;
    return isObject(value) && typeof value.N === 'string' ? Number(value.N) * 1000 : undefined;
  }
}
