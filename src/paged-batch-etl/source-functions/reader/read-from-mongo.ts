import { prepareFilter } from './bound-filter';
import type { PageReader, PageRequest } from './read-page';
import { prepareWindowCheck } from './window-check';
import type { MongoSourceConfig } from '../../contracts/source-function';
import type { MongoConnection } from '../connection/mongo-connection';
import { valueItems } from '../mongo/page-collector';
import { readMongoPage } from '../mongo/read-mongo-page';
import { itemLine } from '../page-object/page-lines';

/** Reads pages of a MongoDB source through the connection of the sandbox. */
export function readFromMongo(source: MongoSourceConfig, connection: MongoConnection): PageReader {
  const filterFor = prepareFilter(source.filter);
  const checkWindows = prepareWindowCheck(source.filter);
  const read = async ({ parameters, cursor, batchSize, pageBytes, time, idempotencyKeyOf, warn }: PageRequest) => {
    // Of a run that is underway, documents have been found.
    if (cursor === null) checkWindows(parameters);
    const filter = filterFor(parameters.typed);
    const { items, cursor: end, done, lastKey } = await connection.use((client) => readMongoPage({
      source,
      collection: client.db(source.database).collection(source.collection),
      filter,
      cursor,
      batchSize,
      pageBytes,
      idempotencyKeyOf,
      maxTimeMS: () => time.forCall(),
      warn,
    }, valueItems()), time);
    return { page: { items, cursor: end, done }, lastKey };
  };
  return {
    read,
    readTexts: async (request, items) => {
      const { page, lastKey } = await read({ ...request, batchSize: items.itemsLeft, pageBytes: items.bytesLeft });
      for (const item of page.items) items.add(itemLine(item));
      return { cursor: page.cursor, done: page.done, lastKey };
    },
  };
}
