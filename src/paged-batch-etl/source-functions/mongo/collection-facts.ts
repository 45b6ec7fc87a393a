import { Collection, Document, ListCollectionsOptions, MongoServerError, ReadPreference } from 'mongodb';
import { isEmbedded } from './bson-order';
import { MongoPageRequest } from './mongo-page-request';

/** What the server says of a collection, beside its documents. */
export interface CollectionFacts {
  /** Whether the server told all of it: a user without the right to list collections gets no more than the name. */
  readonly complete: boolean;
  /** `view` and `timeseries` are no ordinary collections. */
  readonly type?: string;
  /** Another one when the collection is dropped and made again. DocumentDB has none. */
  readonly uuid?: string;
  /** How texts are compared where a query does not say. */
  readonly collation?: Document;
}

/** Code of the server for a user who lacks a right. */
const UNAUTHORIZED = 13;

const NOTHING_TOLD: CollectionFacts = { complete: false };

/** @returns undefined when there is no such collection */
export async function factsOfCollection({ collection, maxTimeMS }: MongoPageRequest): Promise<CollectionFacts | undefined> {
  try {
    const found = await findCollection(collection, { nameOnly: false, maxTimeMS: maxTimeMS() });
    return found && factsOf(found);
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== UNAUTHORIZED) throw error;
    return factsForAnybody(collection, maxTimeMS());
  }
}

/** Names of the collections of the database; none where the server does not tell. */
export async function namesOfCollections({ collection, maxTimeMS }: MongoPageRequest): Promise<string[]> {
  try {
    const found = await list(collection, {}, { nameOnly: true, maxTimeMS: maxTimeMS() });
    return found.map(({ name }) => String(name));
  } catch (error) {
    if (error instanceof MongoServerError) return [];
    throw error;
  }
}

/** Whoever may read a collection may also ask whether it is there. */
async function factsForAnybody(collection: Collection<Document>, maxTimeMS: number): Promise<CollectionFacts | undefined> {
  try {
    const found = await findCollection(collection, { nameOnly: true, authorizedCollections: true, maxTimeMS });
    return found && { ...NOTHING_TOLD, type: textOf(found.type) };
  } catch (error) {
    // Servers before 4.0 and those that imitate one do not know the question.
    if (error instanceof MongoServerError) return NOTHING_TOLD;
    throw error;
  }
}

async function findCollection(collection: Collection<Document>, options: ListCollectionsOptions): Promise<Document | undefined> {
  const [found] = await list(collection, { name: collection.collectionName }, options);
  return found;
}

/** Of the primary, whoever is read: a secondary may not have heard of a collection yet. */
async function list({ db }: Collection<Document>, filter: Document, options: ListCollectionsOptions): Promise<Document[]> {
  return db.listCollections(filter, { ...options, readPreference: ReadPreference.primaryPreferred }).toArray();
}

function factsOf({ type, info, options }: Document): CollectionFacts {
  const uuid: unknown = isEmbedded(info) ? info.uuid : undefined;
  const collation: unknown = isEmbedded(options) ? options.collation : undefined;
  return {
    complete: true,
    type: textOf(type),
    uuid: uuid === undefined || uuid === null ? undefined : String(uuid),
    collation: isEmbedded(collation) ? collation : undefined,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
