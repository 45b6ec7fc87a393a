import { Document } from 'mongodb';
import { CollectionFacts } from './collection-facts';
import { whyIncomplete } from './index-completeness';
import { MongoPageRequest } from './mongo-page-request';
import { closest } from '../../../private/shape/closest';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/**
 * Checks the index that a source names by its hint. Whether or not an index is wanted that serves filter and sort: this one has to have every
 * document, because the server uses it even where it would not by itself.
 *
 * @throws SourceError INCOMPLETE_INDEX, or SOURCE_REFUSED for an index that the server would not use
 */
export async function checkHint(request: MongoPageRequest, { complete, collation }: CollectionFacts): Promise<void> {
  const { source, collection, filter, maxTimeMS } = request;
  const { hint, engine } = source;
  if (hint === undefined) return;
  const indexes: Document[] = await collection.listIndexes({ maxTimeMS: maxTimeMS() }).toArray();
  const index = indexes.find(({ name }) => name === hint);
  if (index === undefined) throw notThere(hint, indexes.map(({ name }) => String(name)));
  if (index.hidden === true) throw refused(`The index ${hint} is hidden from queries. Unhide it, or name another one by the hint`);
  const own = source.collation === undefined ? collation !== undefined || !complete : source.collation.locale !== 'simple';
  // What DocumentDB does with a sparse index depends on words in the filter.
  const why = engine === 'documentDb' && index.sparse === true ? 'it is sparse' : whyIncomplete(index, filter, own);
  if (why === undefined) return;
  throw new SourceError(
    PagedBatchEtlErrorName.INCOMPLETE_INDEX,
    `The hint names the index ${hint}, which may lack documents of the filter: ${why}. Name an index of all documents, or leave out the hint`,
  );
}

function notThere(hint: string, names: readonly string[]): SourceError {
  const meant = closest(hint, names) ?? 'none';
  return refused(`There is no index ${hint}, which the hint names; the closest name there is ${meant}. Correct the hint, or create the index`);
}

function refused(message: string): SourceError {
  return new SourceError(PagedBatchEtlErrorName.SOURCE_REFUSED, message);
}
