/** Pages in the local S3, written with the code of a source function, for runs whose source is imagined. */
import { CallContext } from '../../local/aws/service';
import { isObject, JsonObject, JsonValue, memberOf } from '../../local/json';
import { S3Service } from '../../local/s3/s3-service';
import { NO_ITEMS_LEFT } from '../../src/paged-batch-etl/contracts/read-page';
import { SourceEnvironment } from '../../src/paged-batch-etl/contracts/source-function';
import type { LetterStore, ListedObject, ListOptions } from '../../src/paged-batch-etl/source-functions/letters/letter-store';
import { itemLine } from '../../src/paged-batch-etl/source-functions/page-object/item-texts';
import { writtenPage } from '../../src/paged-batch-etl/source-functions/page-object/page-record';
import type { PageStore, Precondition, PutOutcome, StoredText } from '../../src/paged-batch-etl/source-functions/page-object/page-store';
import { writePage } from '../../src/paged-batch-etl/source-functions/page-object/write-page';
import { PageBucketConfig } from '../../src/paged-batch-etl/source-functions/reader/source-config';
import { TimeLeft } from '../../src/paged-batch-etl/source-functions/time-left';

/** A page before it is written. */
export type ImaginedPage = {
  readonly items: { readonly itemIdentifier: string; readonly idempotencyKey: string; readonly item: JsonValue }[];
  readonly cursor: string | null;
  readonly done: boolean;
};

const writer: CallContext = { caller: { service: 'tests.example.com' } };

/** As a source function reads it. */
export function pageBucketConfig(name: string, told: Readonly<Record<string, string>>): PageBucketConfig {
  const items = told[SourceEnvironment.PAGE_BATCH_ITEMS];
  return {
    name,
    prefix: told[SourceEnvironment.PAGE_PREFIX],
    pageBytes: Number(told[SourceEnvironment.PAGE_OBJECT_BYTES]),
    batch: {
      bytes: Number(told[SourceEnvironment.PAGE_BATCH_BYTES]),
      textBytes: Number(told[SourceEnvironment.PAGE_BATCH_TEXT_BYTES]),
      items: items === undefined ? undefined : Number(items),
    },
  };
}

export class PageObjects {
  readonly store: PageStore;

  constructor(private readonly s3: S3Service, readonly bucket: PageBucketConfig) {
    this.store = new LocalStore(s3, bucket.name);
  }

  /** Answers the page that was written for this event before; writes it if there is none. */
  async write(event: JsonObject, page: () => ImaginedPage): Promise<JsonValue> {
    const { store } = this;
    const found = await writePage({
      bucket: this.bucketFor(event.batch),
      store,
      runId: String(memberOf(event.run, 'id')),
      cursor: typeof event.cursor === 'string' ? event.cursor : null,
      batchSize: Number(event.batchSize),
      time: new TimeLeft({ getRemainingTimeInMillis: () => 60_000 }),
      readInto: async (into) => {
        const { items, cursor, done } = page();
        for (const item of items) into.add(itemLine(item), true);
        await into.stay();
        return { cursor, done };
      },
    });
    if (found === undefined) throw Object.assign(new Error(), { name: NO_ITEMS_LEFT });
    const { object, ...rest } = writtenPage(this.bucket.name, found.keys, found.record);
    return { ...rest, object: { ...object } };
  }

  /** With batches that are as large as the event says, if it does. */
  private bucketFor(room: JsonValue | undefined): PageBucketConfig {
    if (!isObject(room)) return this.bucket;
    const { bytes, textBytes, items } = room;
    return { ...this.bucket, batch: { bytes: Number(bytes), textBytes: Number(textBytes), items: items === null ? undefined : Number(items) } };
  }

  /** All keys. */
  async keys(): Promise<string[]> {
    return (await this.s3.list({ bucket: this.bucket.name, context: writer })).objects.map(({ key }) => key);
  }

  async text(key: string): Promise<string> {
    return (await this.s3.read({ bucket: this.bucket.name, key, context: writer })).toString();
  }

  /** The item that a line says is elsewhere. */
  async itemAt(location: JsonValue | undefined): Promise<JsonValue> {
    if (!isObject(location)) throw new Error('no location of an item');
    const bytes = await this.s3.read({ bucket: String(location.Bucket), key: String(location.Key), context: writer });
    const offset = Number(location.Offset);
    const item: JsonValue = JSON.parse(bytes.subarray(offset, offset + Number(location.Length)).toString());
    return item;
  }

  async delete(key: string): Promise<void> {
    await this.s3.delete({ bucket: this.bucket.name, key, context: writer });
  }
}

/** Pages of tests are not so large that they are uploaded in parts. */
export class LocalStore implements PageStore, LetterStore {
  readonly startUpload = notInParts;
  readonly uploadPart = notInParts;
  readonly completeUpload = notInParts;
  readonly abortUpload = notInParts;

  constructor(private readonly s3: S3Service, private readonly bucket: string) {}

  async readText(key: string): Promise<StoredText | undefined> {
    if (!await this.exists(key)) return undefined;
    const { etag } = await this.s3.head(this.at(key));
    return { text: (await this.s3.read(this.at(key))).toString(), etag };
  }

  async readRange(key: string, range: string): Promise<string> {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
    return (await this.s3.read(this.at(key))).subarray(Number(first), Number(last) + 1).toString();
  }

  async readBytes({ key, etag }: Pick<ListedObject, 'key' | 'etag'>, first: number, last: number): Promise<Buffer | undefined> {
    if (!await this.exists(key) || (await this.s3.head(this.at(key))).etag !== etag) return undefined;
    return (await this.s3.read(this.at(key))).subarray(first, last + 1);
  }

  async* list({ prefix, flat = false, startAfter }: ListOptions): AsyncGenerator<readonly ListedObject[]> {
    const { objects } = await this.s3.list({ bucket: this.bucket, prefix, startAfter, ...flat && { delimiter: '/' }, context: writer });
    yield objects.map(({ key, etag, size }) => ({ key, etag, size }));
  }

  async exists(key: string): Promise<boolean> {
    return (await this.s3.list({ bucket: this.bucket, prefix: key, context: writer })).objects.some((object) => object.key === key);
  }

  async put(key: string, body: Buffer): Promise<void> {
    await this.s3.put({ ...this.at(key), body });
  }

  async putIf(key: string, body: Buffer, precondition: Precondition): Promise<PutOutcome> {
    const found = await this.readText(key);
    if (precondition === 'absent' ? found !== undefined : found?.etag !== precondition.etag) return 'refused';
    await this.put(key, body);
    return 'stored';
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.s3.delete(this.at(key));
  }

  private at(key: string) {
    return { bucket: this.bucket, key, context: writer };
  }
}

async function notInParts(): Promise<never> {
  throw new Error('the page is larger than a part');
}
