import type { MongoPageRequest } from './mongo-page-request';

/** What is asked of the server to count. */
export type CountRequest = Pick<MongoPageRequest, 'source' | 'collection' | 'filter' | 'maxTimeMS'>;

/**
 * About how many documents there are: of a whole collection as its metadata say, and of a part of it as many as the server finds in the time that
 * there is. It is null where the server would not stop counting in time: DocumentDB looks at `maxTimeMS` once in five minutes.
 */
export async function estimateItems(request: CountRequest): Promise<number | null> {
  const { source: { engine, hint, collation }, collection, filter, maxTimeMS } = request;
  if (Object.keys(filter).length === 0) return collection.estimatedDocumentCount({ maxTimeMS: maxTimeMS() });
  if (engine === 'documentDb') return null;
  const options = { ...hint !== undefined && { hint }, ...collation !== undefined && { collation } };
  return collection.countDocuments(filter, { ...options, maxTimeMS: maxTimeMS() });
}
