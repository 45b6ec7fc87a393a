import { Collection, Db, Document } from 'mongodb';
import { KINDS } from './documents';
import { MAX_BATCH_BYTES, MAX_BATCH_TEXT_BYTES } from '../../src/paged-batch-etl/item-processor/read-batch';
import { DocumentJson } from '../../src/paged-batch-etl/source-functions/mongo/document-json';
import { DocumentShapes } from '../../src/paged-batch-etl/source-functions/mongo/document-shape';
import { ItemForm, SizedItem, textItems, valueItems } from '../../src/paged-batch-etl/source-functions/mongo/item-form';
import { ItemText } from '../../src/paged-batch-etl/source-functions/mongo/item-text';
import { JsonBytes } from '../../src/paged-batch-etl/source-functions/mongo/json-bytes';
import type { JsonSink } from '../../src/paged-batch-etl/source-functions/mongo/json-sink';
import { JsonValue } from '../../src/paged-batch-etl/source-functions/mongo/json-value';
import { MongoPageRequest } from '../../src/paged-batch-etl/source-functions/mongo/mongo-page-request';
import { MongoPage, readMongoPage } from '../../src/paged-batch-etl/source-functions/mongo/read-mongo-page';
import { StoredKey } from '../../src/paged-batch-etl/source-functions/mongo/stored-key';
import { PageBatches } from '../../src/paged-batch-etl/source-functions/page-object/page-batches';
import type { PageStore } from '../../src/paged-batch-etl/source-functions/page-object/page-store';
import { idempotencyKeys } from '../../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { pageRequest } from '../../test/paged-batch-etl/source-functions/mongo/page-walk';
import { median } from '../measure';

/** Measured runs of each, after those that warm up. */
const RUNS = 9;
const WARM_UPS = 3;

const RUN_ID = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:2f9c1e64-4d26-4f2a-9a24-0b4a6a4c1a55';

const SORT = ['updatedAt', '_id'];

/** Bounds of a page. */
interface Page {
  readonly batchSize: number;
  readonly pageBytes: number;
}

/** So large that what is asked once a page is little of it. The JSON of a page is one text, and much larger ones take longer to put together. */
const VALUE_PAGE: Page = { batchSize: 20_000, pageBytes: 2 * 1024 * 1024 };
/** As large as the workflow carries. */
const INLINE_PAGE: Page = { batchSize: 1_000, pageBytes: 180 * 1024 };
const TEXT_PAGE: Page = { batchSize: 20_000, pageBytes: 16 * 1024 * 1024 };

interface Times {
  readonly wall: number;
  readonly cpu: number;
}

/** A way to read all documents; answers the bytes it has in the end. */
type Reading = () => Promise<number>;

/** The reader beside the bare driver, over the same documents of the same server. */
export async function compareReaders(database: Db): Promise<void> {
  console.log(`microseconds a document, medians of ${RUNS} interleaved runs: time on the clock, and of this process on its CPU; in brackets, of \`cursor + JSON.stringify\``);
  for (const { name, count, document } of KINDS) {
    const collection = database.collection(name.replace(' ', ''));
    await collection.insertMany(Array.from({ length: count }, (_, number) => document(number)));
    await collection.createIndex({ updatedAt: 1, _id: 1 });
    await compare(name, count, collection);
  }
  await database.dropDatabase();
}

async function compare(name: string, count: number, collection: Collection<Document>): Promise<void> {
  const readings: readonly (readonly [string, Reading])[] = [
    ['cursor + JSON.stringify', () => readByDriver(collection)],
    ['cursor, raw', () => readRaw(collection)],
    ['page of values', () => readPages(collection, VALUE_PAGE, valueItems, (page) => Buffer.byteLength(JSON.stringify(page)))],
    ['page of values, 180 KiB', () => readPages(collection, INLINE_PAGE, valueItems, (page) => Buffer.byteLength(JSON.stringify(page)))],
    ['page of text', () => readPages(collection, TEXT_PAGE, textItems, (page) => page.itemBytes)],
    ['page in S3', () => writePages(collection)],
  ];
  const times = await interleaved(readings);
  const [baseline] = times;
  const documents = await rawDocuments(collection);
  const bytes = documents.reduce((sum, { byteLength }) => sum + byteLength, 0);
  console.log(`\n${name}: ${count} documents of ${Math.round(bytes / count)} bytes of BSON\n${row('', 'wall', 'CPU')}`);
  times.forEach((each, index) => console.log(row(readings[index][0], ratio(each.wall, baseline.wall, count), ratio(each.cpu, baseline.cpu, count))));
  const [, driver, values, , text] = times;
  tellParts(documents, { driver: driver.cpu, values: values.cpu, text: text.cpu });
}

/** Milliseconds of CPU. */
interface Measured {
  readonly driver: number;
  readonly values: number;
  readonly text: number;
}

/** Where the time of pages goes: each step by itself, over documents that are there. */
function tellParts(documents: readonly Uint8Array[], { driver, values, text }: Measured): void {
  const [keys, items] = [documents.map(keyOf), valuesOf(documents)];
  const keyed = cpuOf(() => {
    const keyFor = idempotencyKeys(RUN_ID);
    for (const key of keys) keyFor(key.identifier);
  });
  const parts: readonly (readonly [name: string, values: number, text: number])[] = [
    ['driver, raw', driver, driver],
    ['BSON to JSON', cpuOf(() => readAll(documents, new JsonValue())), cpuOf(() => readAll(documents, new JsonBytes()))],
    ['identifier and idempotency key', keyed, keyed],
    ['JSON.stringify', cpuOf(() => void JSON.stringify(items)), 0],
  ];
  const [ofValues, ofText] = [1, 2].map((column) => parts.reduce((sum, part) => sum + Number(part[column]), 0));
  console.log(row('where it goes, CPU', 'values', 'text'));
  for (const [name, ...each] of [...parts, ['keys, order, proof, rest', values - ofValues, text - ofText] as const]) {
    console.log(row(`  ${name}`, ...each.map((milliseconds) => micros(milliseconds, documents.length))));
  }
}

function keyOf(bytes: Uint8Array): StoredKey {
  const key = new StoredKey(bytes, SORT);
  const places = new Map(SORT.map((field, slot) => [field, { slot, within: new Map() }]));
  new DocumentJson(new DocumentShapes(undefined, places), 'relaxed').tell(bytes, new JsonBytes(), key);
  return key;
}

function readAll(documents: readonly Uint8Array[], json: JsonSink & { begin(): void }): void {
  const reader = newReader();
  for (const bytes of documents) {
    json.begin();
    reader.tell(bytes, json);
  }
}

function valuesOf(documents: readonly Uint8Array[]): readonly unknown[] {
  const [reader, json] = [newReader(), new JsonValue()];
  return documents.map((bytes) => {
    json.begin();
    reader.tell(bytes, json);
    return json.whole;
  });
}

function newReader(): DocumentJson {
  return new DocumentJson(new DocumentShapes(undefined, new Map()), 'relaxed');
}

async function readByDriver(collection: Collection<Document>): Promise<number> {
  let bytes = 0;
  for await (const document of collection.find({}, { sort: sortOf() })) bytes += Buffer.byteLength(JSON.stringify(document));
  return bytes;
}

async function readRaw(collection: Collection<Document>): Promise<number> {
  return (await rawDocuments(collection)).length;
}

async function rawDocuments(collection: Collection<Document>): Promise<Uint8Array[]> {
  const documents: Uint8Array[] = [];
  for await (const bytes of collection.find({}, { sort: sortOf(), raw: true })) if (bytes instanceof Uint8Array) documents.push(bytes);
  return documents;
}

async function readPages<T extends SizedItem>(
  collection: Collection<Document>, page: Page, newForm: () => ItemForm<T>, finish: (page: MongoPage<T>) => number,
): Promise<number> {
  let bytes = 0;
  for (let cursor: string | null = null, done = false; !done;) {
    const read: MongoPage<T> = await readMongoPage(requestOf(collection, page, cursor), newForm());
    bytes += finish(read);
    ({ cursor, done } = read);
  }
  return bytes;
}

/** As the source function writes pages, to a bucket that keeps nothing. */
async function writePages(collection: Collection<Document>): Promise<number> {
  let bytes = 0;
  for (let cursor: string | null = null, done = false; !done;) {
    const page = new PageBatches({ store: NOWHERE, bucket: 'pages', keys: { key: 'key', index: 'index' }, pageBytes: TEXT_PAGE.pageBytes, batch: BATCH, isLate: () => false });
    const takeSettled = async (lines: readonly ItemText[]) => {
      for (const line of lines) page.add(line, true);
      await page.stay();
    };
    const read: MongoPage<ItemText> = await readMongoPage(requestOf(collection, TEXT_PAGE, cursor), textItems(takeSettled));
    await takeSettled(read.items);
    await page.finish();
    bytes += page.bytes;
    ({ cursor, done } = read);
  }
  return bytes;
}

const BATCH = { items: 1_000, bytes: MAX_BATCH_BYTES, textBytes: MAX_BATCH_TEXT_BYTES };

const NOWHERE: PageStore = {
  readText: async () => undefined,
  exists: async () => false,
  put: async () => undefined,
  putIf: async () => 'stored',
  startUpload: async () => 'upload',
  uploadPart: async ({ number }) => ({ number, etag: 'etag' }),
  completeUpload: async () => undefined,
  abortUpload: async () => undefined,
  delete: async () => undefined,
};

function requestOf(collection: Collection<Document>, page: Page, cursor: string | null): MongoPageRequest {
  return pageRequest(collection, { sort: SORT, indexCheck: true, cursor, ...page, idempotencyKeyOf: idempotencyKeys(RUN_ID), warn: console.warn });
}

function sortOf(): Map<string, 1> {
  return new Map(SORT.map((field) => [field, 1]));
}

/** Each in turn, so that what else the machine does falls on all of them. */
async function interleaved(readings: readonly (readonly [string, Reading])[]): Promise<Times[]> {
  const times = readings.map((): Times[] => []);
  for (let run = 0; run < WARM_UPS + RUNS; run++) {
    for (const [index, [, read]] of readings.entries()) {
      const time = await timed(read);
      if (run >= WARM_UPS) times[index].push(time);
    }
  }
  return times.map((all) => ({ wall: median(all.map(({ wall }) => wall)), cpu: median(all.map(({ cpu }) => cpu)) }));
}

async function timed(read: Reading): Promise<Times> {
  const [start, usage] = [performance.now(), process.cpuUsage()];
  await read();
  return { wall: performance.now() - start, cpu: cpuSince(usage) };
}

function cpuOf(run: () => void): number {
  return median(Array.from({ length: RUNS }, () => {
    const usage = process.cpuUsage();
    run();
    return cpuSince(usage);
  }));
}

/** Milliseconds. */
function cpuSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

function ratio(milliseconds: number, baseline: number, count: number): string {
  return `${micros(milliseconds, count)} (${(milliseconds / baseline).toFixed(2)})`;
}

function micros(milliseconds: number, count: number): string {
  return ((milliseconds * 1_000) / count).toFixed(2);
}

function row(name: string, ...cells: readonly string[]): string {
  return [name.padEnd(34), ...cells.map((cell) => cell.padStart(16))].join(' ');
}
