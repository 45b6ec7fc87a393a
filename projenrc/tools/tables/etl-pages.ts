/** How many documents of a kind a page has as an object in S3, and what it takes to write it: measured with the code that does it. */
import { Document } from 'mongodb';
import { MachineFacts } from './etl-machines';
import { itemText } from './etl-sample';
import { Usage } from './etl-usage';
import { MAX_PAGE_ITEMS } from '../../../src/paged-batch-etl/contracts/read-page';
import { MAX_BATCH_BYTES } from '../../../src/paged-batch-etl/item-processor/read-batch';
import { asciiJson } from '../../../src/paged-batch-etl/source-functions/page-object/batch-text';
import { ItemBatch } from '../../../src/paged-batch-etl/source-functions/page-object/item-batch';
import { PART_BYTES } from '../../../src/paged-batch-etl/source-functions/page-object/object-upload';

/** Requests with which Step Functions is assumed to write a file of results: a multipart upload of one part. */
export const REQUESTS_OF_A_FILE = 3;

export interface ObjectPage {
  readonly documents: number;
  /** Bytes of its batches. */
  readonly bytes: number;
  /** Documents of a full batch. */
  readonly batchDocuments: number;
}

/** How large a page and its batches get. */
type Limits = Pick<MachineFacts, 'objectBytes' | 'batch'>;

export function objectPage(document: Document, { objectBytes, batch: limits }: Limits): ObjectPage {
  const { line } = itemText(document);
  const item = asciiJson(line);
  const batch = new ItemBatch(limits);
  while (batch.fits(item)) batch.add(item);
  const documents = Math.min(MAX_PAGE_ITEMS, Math.floor(objectBytes / line.length));
  const batches = Math.ceil(documents / batch.count);
  // Each document with a comma or a bracket before it, and each batch with a bracket and a line feed after it.
  return { documents, bytes: documents * (1 + item.bytes.length) + batches * 2, batchDocuments: batch.count };
}

/** Parts end where a batch does, so they are longer than they have to be: as long as this if batches are full. */
const LONGEST_PART = Math.ceil(PART_BYTES / MAX_BATCH_BYTES) * MAX_BATCH_BYTES;

/** Requests of the source function for a page of that many bytes that nobody wrote before: it looks for its record, and stores batches, index and record. */
export function writerUsage(bytes: number): Pick<Usage, 'readerReads' | 'readerWrites' | 'storedGigabytes'> {
  const parts = Math.ceil(bytes / LONGEST_PART);
  const batches = parts === 1 ? 1 : 1 + parts + 1;
  return { readerReads: 1, readerWrites: batches + 2, storedGigabytes: bytes / 1024 ** 3 };
}

/** How many of them come one after another while somebody waits: all but the parts before the last one, which are sent while the page is read. */
export function writerWaits(bytes: number): number {
  const { readerReads, readerWrites } = writerUsage(bytes);
  return readerReads + Math.min(readerWrites, 5);
}
