import type { PageKeys } from './page-keys';
import { dataKeys, PageRecord, parseRecord } from './page-record';
import type { PageStore, Precondition } from './page-store';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** How often one attempt tries to be the one that fixes the page. Only writes of the same record at the same moment take more than one. */
export const MAX_COMMITS = 8;

export interface PageOnceOptions {
  readonly store: PageStore;
  readonly keys: PageKeys;
  /** Reads the source and stores data under keys that no other attempt has; undefined when there is nothing to read. Leaves nothing behind if it fails. */
  readonly write: () => Promise<PageRecord | undefined>;
  /** Waits before the next try, longer each time. */
  readonly pause: (tries: number) => Promise<void>;
}

export interface FixedPage {
  readonly record: PageRecord;
  /** Who fixed it: an attempt before this one, this one, or another at the same time. */
  readonly by: 'before' | 'this' | 'another';
}

/**
 * One page, however many attempts there are at it, one after another or at the same moment: the first that stores its record fixes what the page
 * holds and where it ends, and all others answer the same. Data is stored before the record, and never changed; so a record always speaks of data
 * that is complete. A record whose data has expired is replaced.
 *
 * Undefined when nothing is left to read. Nothing is stored then: the next attempt looks again.
 */
export async function pageOnce(options: PageOnceOptions): Promise<FixedPage | undefined> {
  const { store, keys, write } = options;
  const found = await look(store, keys);
  if (found.page !== undefined) return { record: found.page, by: 'before' };
  const written = await write();
  if (written !== undefined) return fix(options, written, found);
  // What this attempt did not find anymore, another may have stored meanwhile.
  const { page } = await look(store, keys);
  return page && { record: page, by: 'another' };
}

/** The page as it is stored. */
interface Found {
  /** Undefined where it is not fixed, or its data is gone. */
  readonly page?: PageRecord;
  /** What has to be so for another record to be stored. */
  readonly precondition: Precondition;
}

async function look(store: PageStore, keys: PageKeys): Promise<Found> {
  const stored = await store.readText(keys.record);
  if (stored === undefined) return { precondition: 'absent' };
  const record = parseRecord(stored.text, keys);
  const there = await Promise.all(dataKeys(record).map((key) => store.exists(key)));
  return { precondition: { etag: stored.etag }, ...(there.every(Boolean) ? { page: record } : {}) };
}

async function fix({ store, keys, pause }: PageOnceOptions, written: PageRecord, before: Found): Promise<FixedPage> {
  const body = Buffer.from(JSON.stringify(written));
  let { precondition } = before;
  for (let tries = 0; tries < MAX_COMMITS; tries += 1) {
    const outcome = await store.putIf(keys.record, body, precondition);
    if (outcome === 'stored') return { record: written, by: 'this' };
    if (outcome === 'conflict') await pause(tries);
    const found = await look(store, keys);
    if (found.page !== undefined) return outrun(store, written, found.page);
    precondition = found.precondition;
  }
  // Some write may still come through, so the data stays: the life cycle of the bucket removes it.
  throw new SourceError(PagedBatchEtlErrorName.PAGE_BUCKET_UNAVAILABLE, `The record of the page could not be stored in ${MAX_COMMITS} tries: others write it too`);
}

/** Somebody has fixed the page: another attempt, or this one, if the answer to its write got lost. */
async function outrun(store: PageStore, written: PageRecord, page: PageRecord): Promise<FixedPage> {
  if (page.key === written.key) return { record: page, by: 'this' };
  await store.delete(dataKeys(written)).catch(() => undefined);
  return { record: page, by: 'another' };
}
