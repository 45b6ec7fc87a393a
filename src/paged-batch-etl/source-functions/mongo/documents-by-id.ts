import { BSON, Document, FindOptions, ReadPreference } from 'mongodb';
import { answersInTime } from './answers-in-time';
import { decodeValue } from './canonical-ejson';
import { CheckedCollection } from './checked-collection';
import { DocumentFault } from './document-fault';
import { documentNamed } from './document-name';
import type { ItemForm, SizedItem } from './item-form';
import type { MongoPageRequest } from './mongo-page-request';
import { answerOf, nextOf } from './mongo-queries';
import { PageDocuments } from './page-documents';
import { serverProjection } from './projection';
import { Otherwise, ReadingTimeOver } from './reading-time';
import { StoredKey } from './stored-key';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import type { Letter } from '../letters/letter';
import { failedLetter, FromLetter } from '../letters/letter-items';
import { SourceError } from '../source-error';

/** What identifies a document. */
const IDENTIFIER = ['_id'];

/** What of a request is needed to ask for documents by their identifiers: neither filter nor sort. */
export type DocumentsRequest = Pick<MongoPageRequest, 'source' | 'collection' | 'maxTimeMS' | 'readingTime' | 'warn'>;

/** Documents that failed once, as they are now. */
export class DocumentsById<T extends SizedItem> {
  private readonly documents: PageDocuments<T>;
  /** Idempotency keys of the letters that are looked at, by identifier. */
  private readonly keys = new Map<string, string>();

  constructor(source: MongoPageRequest['source'], private readonly form: ItemForm<T>) {
    this.documents = new PageDocuments({ source: { ...source, sort: IDENTIFIER }, idempotencyKeyOf: (identifier) => this.keys.get(identifier) ?? '' }, form);
  }

  /**
   * Of each letter, the item of its document; undefined where the server does not answer in time, and the page can end without it.
   *
   * @throws SourceError CollectionNotFound where there is nothing, not even a collection
   */
  async itemsOf(letters: readonly Letter[], request: DocumentsRequest, otherwise: Otherwise): Promise<readonly FromLetter<T>[] | undefined> {
    try {
      const found = await this.find(letters, request, otherwise);
      return letters.map((letter) => this.itemOf(letter, found.get(letter.itemIdentifier)));
    } catch (error) {
      if (error instanceof ReadingTimeOver) return undefined;
      throw error;
    }
  }

  private async find(letters: readonly Letter[], request: DocumentsRequest, otherwise: Otherwise): Promise<ReadonlyMap<string, Found>> {
    const found = await findEach(letters, request, otherwise);
    const missing = letters.filter(({ itemIdentifier }) => !found.has(itemIdentifier));
    if (missing.length === letters.length) await CheckedCollection.open({ ...NOTHING, ...request }, undefined, true);
    if (missing.length === 0 || isPrimary(request)) return found;
    // A secondary may lag behind.
    return new Map([...found, ...await findEach(missing, request, otherwise, { readPreference: ReadPreference.primaryPreferred })]);
  }

  private itemOf(letter: Letter, found: Found | undefined): FromLetter<T> {
    const { itemIdentifier, idempotencyKey } = letter;
    try {
      if (found === undefined) {
        return failedLetter(letter, PagedBatchEtlErrorName.DOCUMENT_NOT_FOUND, `There is no ${documentNamed(itemIdentifier).replace(/^the /, '')} in the collection anymore`);
      }
      if (found instanceof DocumentFault) throw found;
      this.keys.set(itemIdentifier, idempotencyKey);
      const item = this.documents.item(this.documents.read(found));
      this.form.keep();
      return { item };
    } catch (error) {
      if (error instanceof DocumentFault) return failedLetter(letter, error.name, error.message);
      throw error;
    } finally {
      this.keys.delete(itemIdentifier);
    }
  }
}

/** A document as it is stored, or why it cannot be taken out of the server's answer. */
type Found = Uint8Array | DocumentFault;

/** What a check of the collection asks for beside. */
const NOTHING = { filter: {}, cursor: null, batchSize: 1, pageBytes: 1, idempotencyKeyOf: () => '' };

function isPrimary({ collection: { readPreference } }: DocumentsRequest): boolean {
  return (readPreference?.mode ?? 'primary') === 'primary';
}

/** One document that the driver cannot take out of an answer hides all others of that answer, so they are asked for one by one then. */
async function findEach(
  letters: readonly Letter[], request: DocumentsRequest, otherwise: Otherwise, options: FindOptions = {},
): Promise<ReadonlyMap<string, Found>> {
  try {
    return await findAll(letters, request, otherwise, options);
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error;
    if (letters.length === 1) return new Map([[letters[0].itemIdentifier, error]]);
    const found = new Map<string, Found>();
    for (const letter of letters) for (const [identifier, each] of await findEach([letter], request, otherwise, options)) found.set(identifier, each);
    return found;
  }
}

/** By identifiers as they are written: what is only equal to one of them, as the number 1.0 to 1, or by a collation, is another document. */
async function findAll(
  letters: readonly Letter[], request: DocumentsRequest, otherwise: Otherwise, options: FindOptions,
): Promise<ReadonlyMap<string, Found>> {
  const { source: { projection }, collection, maxTimeMS, readingTime } = request;
  const wanted = new Set(letters.map(({ itemIdentifier }) => itemIdentifier));
  const filter: Document = { _id: { $in: letters.map(identifierOf) } };
  const found = new Map<string, Found>();
  const answers = answersInTime(async function* (signal) {
    const cursor = collection.find(filter, {
      ...options, raw: true, maxTimeMS: maxTimeMS(), signal, ...projection !== undefined && { projection: serverProjection(projection) },
    });
    try {
      for (let first = await nextOf(cursor); first !== undefined; first = await nextOf(cursor)) yield answerOf(first, cursor);
    } finally {
      await cursor.close();
    }
  }, readingTime, () => otherwise);
  for await (const answer of answers) {
    for (const bytes of answer) {
      const identifier = StoredKey.ofUnreadable(bytes, IDENTIFIER)?.identifier;
      if (identifier !== undefined && wanted.has(identifier)) found.set(identifier, bytes);
    }
  }
  return found;
}

function identifierOf({ itemIdentifier }: Letter): unknown {
  try {
    return decodeValue(itemIdentifier);
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof BSON.BSONError)) throw error;
    throw new SourceError(
      PagedBatchEtlErrorName.DEAD_LETTERS_REFUSED, `A letter has the identifier ${JSON.stringify(itemIdentifier.slice(0, 100))}, which is none of a document of MongoDB`,
    );
  }
}
