/** Pages in the local S3, written as a source function writes them, for runs whose source is imagined. */
import { createHash, randomUUID } from 'node:crypto';
import { CallContext } from '../../local/aws/service';
import { isObject, JsonObject, JsonValue, memberOf } from '../../local/json';
import { S3Service } from '../../local/s3/s3-service';
import { ITEMS_SUFFIX, LargePageItem, PAGE_RECORD, WrittenPage } from '../../src/paged-batch-etl/contracts/read-page';

export interface PageObjectsOptions {
  readonly bucket: string;
  readonly prefix: string;
  readonly maxLineBytes: number;
}

/** A page before it is written. */
export type ImaginedPage = {
  readonly items: { readonly itemIdentifier: string; readonly idempotencyKey: string; readonly item: JsonValue }[];
  readonly cursor: string | null;
  readonly done: boolean;
};

const writer: CallContext = { caller: { service: 'tests.example.com' } };

export class PageObjects {
  constructor(private readonly s3: S3Service, private readonly options: PageObjectsOptions) {}

  /** Answers the page that was written for this event before; writes it if there is none. */
  async write(event: JsonObject, page: () => ImaginedPage): Promise<JsonValue> {
    const { bucket, prefix, maxLineBytes } = this.options;
    const root = String(memberOf(event.run, 'id'));
    const hash = createHash('sha256').update(JSON.stringify([root, null, event.cursor])).digest('hex');
    const folder = `${prefix}${root.split(':')[7]}/${hash}/`;
    const record = await this.read(`${folder}${PAGE_RECORD}`);
    if (record !== undefined && await this.read(String(memberOf(memberOf(record, 'object'), 'key'))) !== undefined) return record;
    const { items, cursor, done } = page();
    const key = `${folder}${randomUUID()}.jsonl`;
    const large: string[] = [];
    const lines = items.map((item) => {
      const line = JSON.stringify(item);
      if (Buffer.byteLength(line) <= maxLineBytes) return line;
      const { item: value, ...others } = item;
      const text = JSON.stringify(value);
      const offset = large.reduce((sum, each) => sum + Buffer.byteLength(each), 0);
      large.push(text);
      return JSON.stringify({ ...others, itemAt: { Bucket: bucket, Key: `${key}${ITEMS_SUFFIX}`, Offset: offset, Length: Buffer.byteLength(text) } } satisfies LargePageItem);
    });
    if (large.length > 0) await this.put(`${key}${ITEMS_SUFFIX}`, large.join(''));
    await this.put(key, lines.map((line) => `${line}\n`).join(''));
    const answer = { object: { bucket, key, folder }, count: items.length, cursor, done } satisfies WrittenPage;
    await this.put(`${folder}${PAGE_RECORD}`, JSON.stringify(answer));
    return answer;
  }

  /** All keys. */
  async keys(): Promise<string[]> {
    return (await this.s3.list({ bucket: this.options.bucket, context: writer })).objects.map(({ key }) => key);
  }

  async text(key: string): Promise<string> {
    return (await this.s3.read({ bucket: this.options.bucket, key, context: writer })).toString();
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
    await this.s3.delete({ bucket: this.options.bucket, key, context: writer });
  }

  private async put(key: string, text: string): Promise<void> {
    await this.s3.put({ bucket: this.options.bucket, key, body: Buffer.from(text), context: writer });
  }

  private async read(key: string): Promise<JsonObject | undefined> {
    if (!(await this.keys()).includes(key)) return undefined;
    if (!key.endsWith('.json')) return {};
    const record: JsonValue = JSON.parse(await this.text(key));
    return isObject(record) ? record : undefined;
  }
}
