/** How many documents of a kind a page has as an object in S3, and what it takes to write it: measured with the code that does it. */
import { Document } from 'mongodb';
import { itemText } from './etl-sample';
import { Usage } from './etl-usage';
import { PART_BYTES } from '../../../src/paged-batch-etl/source-functions/page-object/object-upload';
import { PageLines } from '../../../src/paged-batch-etl/source-functions/page-object/page-lines';
import { PageStore } from '../../../src/paged-batch-etl/source-functions/page-object/page-store';

/** Requests with which Step Functions is assumed to write a file of results: a multipart upload of one part. */
export const REQUESTS_OF_A_FILE = 3;

export interface ObjectPage {
  readonly documents: number;
  /** Bytes of its lines, and of one of them. */
  readonly bytes: number;
  readonly lineBytes: number;
}

/** @param most bytes of a page, and of a line that holds its item */
export function objectPage(document: Document, most: { readonly objectBytes: number; readonly lineBytes: number }): ObjectPage {
  const lines = new PageLines({ store: NO_STORE, bucket: '', key: '', pageBytes: most.objectBytes, lineBytes: most.lineBytes, isLate: () => false });
  const text = itemText(document);
  while (lines.hasRoom() && lines.add(text));
  return { documents: lines.count, bytes: lines.bytes, lineBytes: lines.bytes / lines.count };
}

/** Nothing is sent before lines are said to stay. */
const nothing = async () => Promise.reject(new Error('a page that is only measured is not stored'));
const NO_STORE: PageStore = {
  readText: nothing,
  exists: nothing,
  put: nothing,
  putIf: nothing,
  startUpload: nothing,
  uploadPart: nothing,
  completeUpload: nothing,
  abortUpload: nothing,
  delete: nothing,
};

/** Requests of the source function for a page of that many bytes that nobody wrote before: it looks for its record, and stores lines and record. */
export function writerUsage(bytes: number): Pick<Usage, 'readerReads' | 'readerWrites' | 'storedGigabytes'> {
  const parts = Math.ceil(bytes / PART_BYTES);
  const lines = bytes < PART_BYTES ? 1 : 1 + parts + 1;
  return { readerReads: 1, readerWrites: lines + 1, storedGigabytes: bytes / 1024 ** 3 };
}

/** How many of them come one after another while somebody waits: all but the parts before the last one, which are sent while the page is read. */
export function writerWaits(bytes: number): number {
  const { readerReads, readerWrites } = writerUsage(bytes);
  return readerReads + Math.min(readerWrites, 4);
}
