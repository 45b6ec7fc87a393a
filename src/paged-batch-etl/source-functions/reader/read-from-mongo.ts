import { prepareFilter } from './bound-filter';
import type { ReadServices } from './read-page';
import type { MongoSourceConfig } from '../../contracts/source-function';
import type { MongoConnection } from '../connection/mongo-connection';
import { readMongoPage } from '../mongo/read-mongo-page';

/** Reads pages of a MongoDB source through the connection of the sandbox. */
export function readFromMongo(source: MongoSourceConfig, connection: MongoConnection): ReadServices['read'] {
  const filterFor = prepareFilter(source.filter);
  return async ({ parameters, cursor, batchSize, pageBytes, time, idempotencyKeyOf, warn }) => {
    const filter = filterFor(parameters.typed);
    const { lastKey, ...page } = await connection.use((client) => readMongoPage({
      source,
      collection: client.db(source.database).collection(source.collection),
      filter,
      cursor,
      batchSize,
      pageBytes,
      idempotencyKeyOf,
      maxTimeMS: () => time.forCall(),
      warn,
    }), time);
    return { page, lastKey };
  };
}
