import { prepareFilter } from './bound-filter';
import type { PageReader, RangesReading, SourceReading } from './read-page';
import { prepareWindowCheck } from './window-check';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import type { MongoSourceConfig } from '../../contracts/source-function';
import type { MongoConnection } from '../connection/mongo-connection';
import { isOfRange } from '../mongo/cursor-codec';
import { estimateItems } from '../mongo/estimate-items';
import { textItems, valueItems } from '../mongo/item-form';
import { ItemText } from '../mongo/item-text';
import { letterDocuments } from '../mongo/letter-documents';
import { planRanges } from '../mongo/plan-ranges';
import { MongoPageRequest, readMongoPage } from '../mongo/read-mongo-page';
import { ReadingTime, WithinTime } from '../mongo/reading-time';
import { ItemTexts } from '../page-object/item-texts';
import { storingTime } from '../page-time';
import { SourceError } from '../source-error';

/**
 * Most bytes of the JSON of one item that is written to a bucket. It may be more than a page may otherwise have, so that no document stops a run for
 * its size: MongoDB stores up to 16 MiB of BSON, and its JSON is less than ten times as long even where it consists of nothing but the values that take
 * most: a member with the name `\u0001` and no value is 3 bytes there and 29 here.
 */
const MAX_ITEM_BYTES = 256 * 1024 * 1024;

/**
 * Reads pages of a MongoDB source through the connection of the sandbox.
 *
 * @param within for tests, as of `ReadingTime`
 */
export function readFromMongo(source: MongoSourceConfig, connection: MongoConnection, within?: WithinTime): PageReader {
  const filterFor = prepareFilter(source.filter);
  const checkWindows = prepareWindowCheck(source.filter);
  /** What every request has, and the connection to the source. */
  const open = ({ parameters, time, warn }: RangesReading, kept: number) => {
    const readingTime = new ReadingTime(time, kept, within);
    const common = { source, filter: filterFor(parameters.typed), maxTimeMS: () => time.forCall(), readingTime, warn };
    return async <T>(read: (request: typeof common & Pick<MongoPageRequest, 'collection'>) => Promise<T>): Promise<T> => (
      connection.use(async (client) => read({ ...common, collection: client.db(source.database).collection(source.collection) }), time)
    );
  };
  const prepare = (reading: SourceReading, kept: number) => {
    const { parameters, cursor, batchSize, idempotencyKeyOf, passesOver } = reading;
    // Of a run that is underway, documents have been found.
    if (cursor === null) checkWindows(parameters);
    const use = open(reading, kept);
    return async <T>(read: (request: Omit<MongoPageRequest, 'pageBytes'>) => Promise<T>): Promise<T> => (
      use(async (common) => read({ ...common, cursor, batchSize, idempotencyKeyOf, passesOver }))
    );
  };
  return {
    letterItems: letterDocuments(source, connection, within),
    decidedBy: JSON.stringify(source),
    place: JSON.stringify([source.database, source.collection]),
    read: async (reading) => {
      const use = prepare(reading, 0);
      const { pageBytes } = reading;
      const read = await use(async (request) => readMongoPage({ ...request, pageBytes }, valueItems()));
      const { items, failed, itemBytes, cursor, done, lastKey } = read;
      return { page: { items, failed, cursor, done }, bytes: emptyPageBytes(cursor, done) + itemBytes + Math.max(0, items.length - 1), lastKey };
    },
    readTexts: async (reading, items) => {
      const use = prepare(reading, storingTime(reading.time));
      return use(async (request) => readTexts(request, items));
    },
    isOfRange,
    planRanges: async (reading, rule) => {
      checkWindows(reading.parameters);
      return open(reading, 0)(async (common) => planRanges({ ...common, batchSize: 1 }, rule));
    },
    estimateItems: async (reading) => open(reading, 0)(estimateItems),
  };
}

/** Bytes of a page as JSON, without what is in its list of items. */
function emptyPageBytes(cursor: string | null, done: boolean): number {
  return Buffer.byteLength(JSON.stringify({ items: [], cursor, done }));
}

async function readTexts(request: Omit<MongoPageRequest, 'pageBytes'>, items: ItemTexts) {
  // The connection does its work over again where the secret of the source was rotated.
  if (items.count > 0) throw new SourceError(PagedBatchEtlErrorName.SOURCE_UNAVAILABLE, 'The source refused to go on in the middle of a page');
  const takeSettled = async (lines: readonly ItemText[]) => {
    for (const line of lines) items.add(line, true);
    await items.stay();
  };
  const { items: rest, failed, cursor, done, lastKey } = await readMongoPage({
    ...request,
    batchSize: items.itemsLeft,
    pageBytes: items.bytesLeft,
    firstItemBytes: MAX_ITEM_BYTES,
    // The page here may have items that are not handed on yet, so that only it knows whether it may end.
    hasTime: () => items.hasTime(),
  }, textItems(takeSettled));
  await takeSettled(rest);
  return { cursor, done, failed, lastKey };
}
