import { decodeCursor, encodeCursor, encodeLastCursor, PageEnd } from './cursor-codec';
import { PageItems } from './growing-page';
import { IndexCheck } from './index-check';
import { KeyProof } from './key-proof';
import { MongoPageRequest } from './mongo-page-request';
import { MongoQueries } from './mongo-queries';
import { readItems } from './page-items';
import { withSoundEnd } from './sound-end';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { Page } from '../../contracts/read-page';
import { SourceError } from '../source-error';

export type { MongoPageRequest } from './mongo-page-request';

export interface MongoPage extends Page {
  /** First sort key of the last item, where that is a date. */
  readonly lastKey?: Date;
}

/**
 * Reads the page after a cursor: at least one item, and `done` only with the proof that nothing comes after it. It ends before a document that
 * can be in no page, so that only the page which would begin with that document fails.
 *
 * @throws SourceError with the name of what makes it impossible to read every document once; errors of the driver as they are.
 */
export async function readMongoPage(request: MongoPageRequest): Promise<MongoPage> {
  checkEngine(request);
  const queries = new MongoQueries(request);
  const end = request.cursor === null ? undefined : decodeCursor(request.source.sort, request.cursor);
  const indexes = end === undefined && request.source.indexCheck ? new IndexCheck(request, queries) : undefined;
  await indexes?.checkFirstPage();
  const { items, keys, answerSize, done } = await readProvenPage(request, queries, end);
  const last = keys.at(-1) ?? end?.key;
  if (last === undefined) return { items, cursor: null, done: true };
  if (!done) await indexes?.checkNextPage(last);
  const encode = done ? encodeLastCursor : encodeCursor;
  const cursor = encode(request.source.sort, { key: last, answerSize });
  const [firstValue] = last;
  return { items, cursor, done, ...(items.length > 0 && firstValue instanceof Date ? { lastKey: firstValue } : {}) };
}

interface ProvenPage extends PageItems {
  readonly done: boolean;
}

async function readProvenPage(request: MongoPageRequest, queries: MongoQueries, end: PageEnd | undefined): Promise<ProvenPage> {
  const proof = new KeyProof(request, queries);
  const page = await readCheckedPage(request, queries, proof, end);
  if (page.next !== undefined) return { ...page, done: false };
  const last = page.keys.at(-1) ?? end?.key;
  const beyond = last === undefined ? undefined : await proof.keyBeyond(last);
  if (last === undefined || beyond === undefined) return { ...page, done: true };
  // What has just been added is for the next page; but a page without items would end where the one before it did.
  if (page.items.length > 0) return { ...page, done: false };
  const again = await readCheckedPage(request, queries, proof, end);
  if (again.items.length === 0) throw proof.unreachable(last, beyond);
  return { ...again, done: false };
}

async function readCheckedPage(request: MongoPageRequest, queries: MongoQueries, proof: KeyProof, end: PageEnd | undefined): Promise<PageItems> {
  const page = await readItems(request, queries, end);
  if (end !== undefined) await proof.checkLeftBehind(end.key, page);
  else if (page.keys.length > 0) await proof.checkTypes(page.keys[0]);
  return withSoundEnd(page, proof, request.source.sort);
}

function checkEngine({ source: { engine, mixedIdTypes } }: MongoPageRequest): void {
  if (engine !== 'documentDb' || !mixedIdTypes) return;
  throw new SourceError(
    PagedBatchEtlErrorName.UNSUPPORTED_COLLECTION, 'Values of _id of several types can be read from MongoDB 5.0 or newer only: DocumentDB has no such comparison',
  );
}
