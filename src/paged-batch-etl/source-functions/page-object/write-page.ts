import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ItemTexts } from './item-texts';
import { PageBatches } from './page-batches';
import { DataKeys, keysOfData, keysOfPage, PageKeys } from './page-keys';
import { FixedPage, pageOnce } from './page-once';
import { PageRecord, RECORD_CONTRACT } from './page-record';
import type { PageStore } from './page-store';
import { FailedItem } from '../../contracts/read-page';
import { READING_SHARE } from '../page-time';
import type { BatchLimits, PageBucketConfig } from '../reader/source-config';
import type { TimeLeft } from '../time-left';

/** Milliseconds before the second try to store a record, at most; twice as much before each further one. */
const FIRST_PAUSE = 100;

/** Where the items of a page ended. */
export interface TextEnd {
  readonly cursor: string | null;
  /** True only if there is nothing after them. */
  readonly done: boolean;
  /** What was passed over; default: nothing. */
  readonly failed?: readonly FailedItem[];
}

export interface WritePageOptions {
  readonly bucket: PageBucketConfig;
  readonly store: PageStore;
  /** ARN of the execution that began the run. */
  readonly runId: string;
  readonly cursor: string | null;
  /** Most items of a call, as the run says. */
  readonly batchSize: number;
  /** What decides which items the source has, and how they are told: if it has changed, so has the page. Default: nobody knows. */
  readonly decidedBy?: string;
  readonly time: TimeLeft;
  /** Hands on what comes after the cursor, for as long as the page has room. */
  readonly readInto: (items: ItemTexts) => Promise<TextEnd>;
  /** Default: that of `ObjectUpload`. */
  readonly partBytes?: number;
  /** Waits before another try to store a record. Default: longer each time, and as long as chance has it. */
  readonly pause?: (tries: number) => Promise<void>;
}

export interface PageInBucket extends FixedPage {
  readonly keys: PageKeys;
}

/**
 * Writes a page into the bucket, or finds it there. Undefined when nothing is left to read.
 *
 * A page that was written for other limits, or from another part of the source, is not found: whoever lowers the size of batches, or leaves a document out by
 * the filter, and redrives the run, gets a page that is made so.
 */
export async function writePage(options: WritePageOptions): Promise<PageInBucket | undefined> {
  const { bucket: given, store, runId, cursor, batchSize, decidedBy = null, pause = jitteredPause, ...reading } = options;
  const { name, prefix, pageBytes, batch: { items = batchSize, ...bytes } } = given;
  const batch = { items, ...bytes };
  const keys = keysOfPage({ prefix, runId, cursor, content: [decidedBy, pageBytes, batch.items, batch.bytes, batch.textBytes] });
  const write = async () => writeData({ bucket: { name, pageBytes, batch }, store, keys: keysOfData(keys, randomUUID()), ...reading });
  const page = await pageOnce({ store, keys, write, pause });
  return page && { ...page, keys };
}

interface WriteDataOptions extends Pick<WritePageOptions, 'store' | 'time' | 'readInto' | 'partBytes'> {
  readonly bucket: Pick<PageBucketConfig, 'name' | 'pageBytes'> & { readonly batch: Required<BatchLimits> };
  readonly keys: DataKeys;
}

async function writeData(options: WriteDataOptions): Promise<PageRecord | undefined> {
  const { bucket: { name, pageBytes, batch }, store, keys, time, readInto, partBytes } = options;
  const isLate = () => time.isUsed(READING_SHARE);
  const items = new PageBatches({ store, bucket: name, keys, pageBytes, batch, isLate, partBytes });
  try {
    const { cursor, done, failed = [] } = await readInto(items);
    const { count } = items;
    if (count === 0) return undefined;
    await items.finish();
    const { bytes, itemBytes } = items;
    return { contract: RECORD_CONTRACT, ...keys, count, cursor, done, bytes, itemBytes, ...failed.length > 0 && { failed } };
  } catch (error) {
    await items.abandon();
    throw error;
  }
}

/** Attempts that have met are not to meet again. */
async function jitteredPause(tries: number): Promise<void> {
  await sleep(Math.random() * FIRST_PAUSE * 2 ** tries);
}
