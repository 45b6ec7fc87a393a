import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ItemTexts } from './item-texts';
import { PageBatches } from './page-batches';
import { DataKeys, keysOfData, keysOfPage, PageKeys } from './page-keys';
import { FixedPage, pageOnce } from './page-once';
import { PageRecord, RECORD_CONTRACT } from './page-record';
import type { PageStore } from './page-store';
import type { PageBucketConfig } from '../reader/source-config';
import type { TimeLeft } from '../time-left';

/** Share of the function's time after which a page takes no more items: the rest is for storing it. */
export const READING_SHARE = 0.7;

/** Milliseconds before the second try to store a record, at most; twice as much before each further one. */
const FIRST_PAUSE = 100;

/** Where the items of a page ended. */
export interface TextEnd {
  readonly cursor: string | null;
  /** True only if there is nothing after them. */
  readonly done: boolean;
}

export interface WritePageOptions {
  readonly bucket: PageBucketConfig;
  readonly store: PageStore;
  /** ARN of the execution that began the run. */
  readonly runId: string;
  readonly cursor: string | null;
  /** Most items of a call, as the run says. */
  readonly batchSize: number;
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

/** Writes a page into the bucket, or finds it there. Undefined when nothing is left to read. */
export async function writePage(options: WritePageOptions): Promise<PageInBucket | undefined> {
  const { bucket, store, runId, cursor, pause = jitteredPause, ...reading } = options;
  const keys = keysOfPage(bucket.prefix, runId, cursor);
  const write = async () => writeData({ bucket, store, keys: keysOfData(keys, randomUUID()), ...reading });
  const page = await pageOnce({ store, keys, write, pause });
  return page && { ...page, keys };
}

type WriteDataOptions = Omit<WritePageOptions, 'runId' | 'cursor' | 'pause'> & { readonly keys: DataKeys };

async function writeData(options: WriteDataOptions): Promise<PageRecord | undefined> {
  const { bucket: { name, pageBytes, batch }, store, keys, batchSize, time, readInto, partBytes } = options;
  const isLate = () => time.isUsed(READING_SHARE);
  const items = new PageBatches({ store, bucket: name, keys, pageBytes, batch: { ...batch, items: batch.items ?? batchSize }, isLate, partBytes });
  try {
    const { cursor, done } = await readInto(items);
    const { count } = items;
    if (count === 0) return undefined;
    await items.finish();
    const { bytes, itemBytes } = items;
    return { contract: RECORD_CONTRACT, ...keys, count, cursor, done, bytes, itemBytes };
  } catch (error) {
    await items.abandon();
    throw error;
  }
}

/** Attempts that have met are not to meet again. */
async function jitteredPause(tries: number): Promise<void> {
  await sleep(Math.random() * FIRST_PAUSE * 2 ** tries);
}
