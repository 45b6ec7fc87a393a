import { CollectionFacts, factsOfCollection, namesOfCollections } from './collection-facts';
import { MongoPageRequest } from './mongo-page-request';
import { asksTheSame, checkSameQuery, identityOf, SourceIdentity, sourceChanged } from './source-identity';
import { closest } from '../../../private/shape/closest';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/**
 * The collection of a run: it has to be there, and to be the same one from the first page to the last. A page of one that was dropped finds
 * nothing and would end the run as if it had come to its end; one that was made again would lose what stands before the cursor.
 */
export class CheckedCollection {
  /**
   * The collection as a page finds it; undefined when there is none and the source takes that for an empty one.
   *
   * @param began what the page before this one read, or what was there when ranges were made; undefined for the first page of all, and where the cursor is of a
   * release that did not say
   * @param isFirst whether there was no page before, so that what is asked has to be checked
   * @throws SourceError COLLECTION_NOT_FOUND or SOURCE_CHANGED
   */
  static async open(request: MongoPageRequest, began: SourceIdentity | undefined, isFirst: boolean): Promise<CheckedCollection | undefined> {
    const query = identityOf(request);
    if (began !== undefined) checkSameQuery(began, query);
    if (began !== undefined && !isFirst && asksTheSame(began, query)) {
      return new CheckedCollection(request, { ...query, uuid: began.uuid, collated: began.collated });
    }
    const facts = await factsOfCollection(request);
    if (facts === undefined && isFirst && began === undefined) return missing(request);
    if (facts === undefined) throw gone(request);
    if (!facts.complete && isFirst) {
      request.warn('The user may not list collections: it goes unnoticed if this one is dropped and made again while the run reads. The role read has the right');
    }
    const identity = { ...identityOf(request, facts), uuid: began?.uuid ?? facts.uuid };
    return new CheckedCollection(request, identity, isFirst || began !== undefined ? facts : undefined);
  }

  private constructor(
    private readonly request: MongoPageRequest,
    private known: SourceIdentity,
    /** What the server says of it; present where a run begins to ask in this way, so that what it asks has to be checked. */
    readonly facts?: CollectionFacts,
  ) {}

  /** For the cursor. */
  get identity(): SourceIdentity {
    return this.known;
  }

  /**
   * After a page was read: is it still what the page before read? Asked afterwards, because before it would say nothing of what was read.
   *
   * @throws SourceError SOURCE_CHANGED
   */
  async checkStillTheSame(began: SourceIdentity): Promise<void> {
    const facts = await factsOfCollection(this.request);
    if (facts === undefined) throw gone(this.request);
    if (facts.uuid === undefined || began.uuid === undefined) {
      if (began.namespace !== this.known.namespace) throw renamed(began.namespace, this.known.namespace);
      return;
    }
    if (facts.uuid === began.uuid) return;
    if (!await this.isSharded()) throw replaced(this.request);
    this.request.warn('The collection has another UUID than for the page before: it was resharded or moved, unless it was dropped and made again');
    this.known = { ...this.known, uuid: facts.uuid };
  }

  /** There a collection gets another UUID also when its documents are only brought to other shards. */
  private async isSharded(): Promise<boolean> {
    const { msg } = await this.request.collection.db.command({ hello: 1, maxTimeMS: this.request.maxTimeMS() });
    return msg === 'isdbgrid';
  }
}

async function missing(request: MongoPageRequest): Promise<undefined> {
  if (request.source.ifMissing === 'empty') return undefined;
  throw new SourceError(
    PagedBatchEtlErrorName.COLLECTION_NOT_FOUND,
    `There is no ${describe(request)}; ${await meant(request)}. Correct its name, or set ifMissing where it may be missing`,
  );
}

async function meant(request: MongoPageRequest): Promise<string> {
  const names = await namesOfCollections(request);
  const name = closest(request.collection.collectionName, names);
  return name === undefined ? 'there is none at all in this database, or none that the user may read' : `the closest name there is ${name}`;
}

function gone(request: MongoPageRequest): SourceError {
  return sourceChanged(`the ${describe(request)} is gone`);
}

function replaced(request: MongoPageRequest): SourceError {
  return sourceChanged(`the ${describe(request)} was dropped and made again, or is one of another server`);
}

function renamed(before: string, now: string): SourceError {
  return sourceChanged(`it was ${before} and is ${now}`, `Deploy the source with ${before} and redrive`);
}

function describe({ collection: { collectionName, dbName } }: MongoPageRequest): string {
  return `collection ${collectionName} in the database ${dbName}`;
}
