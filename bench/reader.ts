import { Collection, Document, Double, Int32, ObjectId } from 'mongodb';
import { median } from './measure';
import { startMongo } from '../local/mongodb/start-mongo';
import { MAX_BATCH_BYTES, MAX_BATCH_TEXT_BYTES } from '../src/paged-batch-etl/item-processor/read-batch';
import { DocumentJson } from '../src/paged-batch-etl/source-functions/mongo/document-json';
import { DocumentShapes } from '../src/paged-batch-etl/source-functions/mongo/document-shape';
import { ItemForm, SizedItem, textItems, valueItems } from '../src/paged-batch-etl/source-functions/mongo/item-form';
import { ItemText } from '../src/paged-batch-etl/source-functions/mongo/item-text';
import { JsonBytes } from '../src/paged-batch-etl/source-functions/mongo/json-bytes';
import { JsonValue } from '../src/paged-batch-etl/source-functions/mongo/json-value';
import { MongoPageRequest } from '../src/paged-batch-etl/source-functions/mongo/mongo-page-request';
import { PageDocuments } from '../src/paged-batch-etl/source-functions/mongo/page-documents';
import { MongoPage, readMongoPage } from '../src/paged-batch-etl/source-functions/mongo/read-mongo-page';
import { StoredKey } from '../src/paged-batch-etl/source-functions/mongo/stored-key';
import { PageBatches } from '../src/paged-batch-etl/source-functions/page-object/page-batches';
import type { PageStore } from '../src/paged-batch-etl/source-functions/page-object/page-store';
import { idempotencyKeys } from '../src/paged-batch-etl/source-functions/reader/idempotency-key';
import { pageRequest } from '../test/paged-batch-etl/source-functions/mongo/page-walk';

/** Measured runs of each, after those that warm up. */
const RUNS = 9;
const WARM_UPS = 3;

const RUN_ID = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:2f9c1e64-4d26-4f2a-9a24-0b4a6a4c1a55';

const SORT = ['updatedAt', '_id'];

/** Documents that are read in each run, and how they are made. */
interface Kind {
  readonly name: string;
  readonly count: number;
  readonly document: (number: number) => Document;
}

const KINDS: readonly Kind[] = [
  { name: '100 bytes', count: 40_000, document: small },
  { name: '1 KB', count: 8_000, document: (number) => order(number, 2, 300) },
  { name: '16 KB', count: 800, document: (number) => order(number, 71, 3_000) },
];

/** Bounds of a page. */
interface Page {
  readonly batchSize: number;
  readonly pageBytes: number;
}

/** As large as a page of values could be: a function answers at most 6 MB. */
const VALUE_PAGE: Page = { batchSize: 10_000, pageBytes: 5 * 1024 * 1024 };
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
export async function benchReader(): Promise<void> {
  const server = await startMongo();
  try {
    const database = server.newDatabase('reader');
    console.log(`microseconds a document, medians of ${RUNS} interleaved runs: time on the clock, and of this process on its CPU; in brackets, of \`cursor + JSON.stringify\``);
    for (const { name, count, document } of KINDS) {
      const collection = database.collection(name.replace(' ', ''));
      await collection.insertMany(Array.from({ length: count }, (_, number) => document(number)));
      await collection.createIndex({ updatedAt: 1, _id: 1 });
      await compare(name, count, collection);
    }
    await database.dropDatabase();
  } finally {
    await server.close();
  }
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
  const items = valuesOf(documents);
  const keys = documents.map(keyOf);
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

function valuesOf(documents: readonly Uint8Array[]): readonly unknown[] {
  const items = new PageDocuments({ source: { sort: SORT, itemFormat: 'relaxed' }, idempotencyKeyOf: idempotencyKeys(RUN_ID) }, valueItems());
  return documents.map((bytes) => items.item(items.read(bytes)));
}

function keyOf(bytes: Uint8Array): StoredKey {
  const key = new StoredKey(bytes, SORT);
  new DocumentJson(new JsonBytes(), new DocumentShapes(undefined, new Map(SORT.map((field, slot) => [field, { slot, within: new Map() }]))), 'relaxed').write(bytes, key);
  return key;
}

function readAll(documents: readonly Uint8Array[], json: JsonBytes | JsonValue): void {
  const reader = new DocumentJson(json, new DocumentShapes(undefined, new Map()), 'relaxed');
  for (const bytes of documents) {
    json.begin();
    reader.write(bytes, { fill: () => undefined });
  }
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

const WORDS = 'order shipped customer invoice total berlin paris münchen account pending silver golden quick express standard street'.split(' ');

/** The same for the same number. */
function words(number: number, characters: number): string {
  let joined = '';
  for (let index = number; joined.length < characters; index = (index * 31 + 17) % 1_000_003) joined += `${WORDS[index % WORDS.length]} `;
  return joined.slice(0, characters);
}

function moment(number: number): Date {
  return new Date(Date.UTC(2026, 0, 1) + number * 61_003);
}

function price(number: number): Double {
  return new Double(((number * 7_919) % 100_000) / 100);
}

function small(number: number): Document {
  return {
    _id: new ObjectId(),
    updatedAt: moment(number),
    state: words(number, 8),
    count: new Int32(number),
    price: price(number),
    city: words(number + 1, 10),
  };
}

function order(number: number, lines: number, note: number): Document {
  return {
    ...small(number),
    customer: {
      id: new ObjectId(),
      name: words(number, 14),
      email: `customer${number}@example.com`,
      address: {
        street: words(number + 2, 20),
        city: words(number + 3, 8),
        zip: '10115',
        latitude: new Double(52.5 + number / 77_777),
        longitude: new Double(13.4 + number / 99_991),
      },
    },
    isActive: number % 2 === 0,
    parent: null,
    note: words(number, note),
    lines: Array.from({ length: lines }, (_, index) => ({
      sku: `SKU-${number}-${index}`,
      name: words(number + index, 30),
      quantity: new Int32(index % 10),
      price: price(number + index),
      tags: [words(index, 7), words(index + 1, 6)],
      addedAt: moment(number + index),
    })),
  };
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
