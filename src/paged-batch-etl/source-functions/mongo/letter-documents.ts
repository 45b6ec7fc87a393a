import { DocumentsById } from './documents-by-id';
import { ItemForm, SizedItem, textItems, valueItems } from './item-form';
import { ReadingTime, WithinTime } from './reading-time';
import type { MongoSourceConfig } from '../../contracts/source-function';
import type { MongoConnection } from '../connection/mongo-connection';
import type { ItemsOf, LetterItems } from '../letters/letter-items';
import { storingTime } from '../page-time';
import type { SourceReading } from '../reader/page-request';

/**
 * Makes items of letters: of their documents as they are in the collection now.
 *
 * @param within for tests, as of `ReadingTime`
 */
export function letterDocuments(source: MongoSourceConfig, connection: MongoConnection, within?: WithinTime): LetterItems {
  const itemsFor = <T extends SizedItem>({ time, warn }: SourceReading, form: ItemForm<T>, kept: number): ItemsOf<T> => {
    const documents = new DocumentsById(source, form);
    const readingTime = new ReadingTime(time, kept, within);
    return async (letters, place) => connection.use(async (client) => {
      const collection = client.db(source.database).collection(source.collection);
      return documents.itemsOf(letters, { source, collection, maxTimeMS: () => time.forCall(), readingTime, warn }, place === 'later' ? 'ends' : 'fails');
    }, time);
  };
  return {
    values: (reading) => itemsFor(reading, valueItems(), 0),
    texts: (reading) => itemsFor(reading, textItems(), storingTime(reading.time)),
  };
}
