import { keyOfItems, PageKeys } from './page-keys';
import { atLeast, flag, listOf, literal, optional, Read, ShapeError, text, wholeNumber } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { FailedItem, WrittenPage } from '../../contracts/read-page';
import { SourceError } from '../source-error';

/** Which data is the page, and where it ends: fixed by the first attempt that stores it. Later releases may add members and change none. */
export interface PageRecord {
  readonly contract: typeof RECORD_CONTRACT;
  /** Of the object with the batches. */
  readonly key: string;
  /** Of the object with their index. */
  readonly index: string;
  /** Items of the page. */
  readonly count: number;
  readonly cursor: string | null;
  readonly done: boolean;
  /** Bytes of all data, and those of the object with the text of large items among them. */
  readonly bytes: number;
  readonly itemBytes: number;
  /** What was passed over, if anything was. */
  readonly failed?: readonly FailedItem[];
}

export const RECORD_CONTRACT = 1;

const textOrNull: Read<string | null> = (value, place) => (value === null ? null : text(value, place));

const pageRecord = atLeast<PageRecord>({
  contract: literal(RECORD_CONTRACT),
  key: text,
  index: text,
  count: wholeNumber,
  cursor: textOrNull,
  done: flag,
  bytes: wholeNumber,
  itemBytes: wholeNumber,
  failed: optional(listOf(atLeast<FailedItem>({ itemIdentifier: text, idempotencyKey: text, error: text, cause: text }))),
});

/**
 * Reads the record of a page.
 *
 * @throws SourceError PageBucketRefused for what no source function wrote: it is neither believed nor replaced
 */
export function parseRecord(json: string, keys: PageKeys): PageRecord {
  try {
    const record = pageRecord(parseJson(json), 'it');
    if (![record.key, record.index].every((key) => key.startsWith(keys.folder))) throw new ShapeError('its keys', 'in the folder of the page');
    return record;
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new SourceError(
      PagedBatchEtlErrorName.PAGE_BUCKET_REFUSED, `${keys.record} in the bucket of pages is no record of a page: ${error.message}. Delete it, and redrive the run`,
    );
  }
}

/** The objects that hold the data of a page. */
export function dataKeys({ key, index, itemBytes }: Pick<PageRecord, 'key' | 'index' | 'itemBytes'>): string[] {
  return [key, index, ...itemBytes > 0 ? [keyOfItems(key)] : []];
}

/** What the workflow is told of a page. */
export function writtenPage(bucket: string, { folder }: PageKeys, { key, index, count, cursor, done }: PageRecord): WrittenPage {
  return { object: { bucket, key, index, folder }, count, cursor, done };
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ShapeError('it', 'JSON');
  }
}
