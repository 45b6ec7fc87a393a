import type { Document } from 'mongodb';
import { isEmbedded } from './bson-order';
import { describeIndex, hasShape, IndexShape, indexShape } from './index-shape';
import { KeyRange } from './keyset';
import { MongoPageRequest } from './mongo-page-request';
import { MongoQueries } from './mongo-queries';
import { PlanStage, queryPlans } from './query-plan';
import { SortKey } from './sort-key';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** Stages that read one document, nothing, or only what other stages give them, and those that are checked. */
const KNOWN_STAGES: readonly string[] = [
  'IXSCAN', 'COLLSCAN', 'EOF', 'IDHACK', 'EXPRESS_IXSCAN', 'EXPRESS_CLUSTERED_IXSCAN', 'FETCH', 'LIMIT', 'SORT_MERGE', 'OR', 'SUBPLAN', 'CACHED_PLAN', 'KEEP_MUTATIONS',
  'CLUSTERED_IXSCAN', 'PROJECTION', 'PROJECTION_SIMPLE', 'PROJECTION_DEFAULT', 'PROJECTION_COVERED', 'SHARDING_FILTER', 'SINGLE_SHARD', 'SHARD_MERGE', 'SHARD_MERGE_SORT',
];

/** Stages that have to read everything before they give anything. */
const BLOCKING_STAGES: readonly string[] = ['SORT', 'SORT_KEY_GENERATOR', 'AND_HASH', 'AND_SORTED'];

/** Index of a collection that is stored in the order of `_id`. */
const CLUSTERED_KEY: Document = { _id: 1 };

/**
 * Checks, once in a run, that pages are read by an index and with nothing read in vain: else every page costs as much as the whole collection,
 * which is felt only when that is large.
 */
export class IndexCheck {
  private readonly shape: IndexShape;

  constructor(private readonly request: MongoPageRequest, private readonly queries: MongoQueries) {
    this.shape = indexShape(request.filter, request.source.sort);
  }

  /** @throws SourceError UNSUPPORTED_COLLECTION, UNINDEXED_QUERY or SORT_KEY_IS_ARRAY */
  async checkFirstPage(): Promise<void> {
    const options = await this.collectionOptions();
    if (this.namesDocuments()) return;
    if (this.request.source.engine === 'documentDb') return this.checkIndexes();
    // The first page of a collection that is stored in the order of _id is read from its beginning, without an index.
    const isOrdered = options?.clusteredIndex !== undefined && hasShape(CLUSTERED_KEY, this.shape);
    for (const range of this.queries.rangesAfter(undefined)) await this.checkPlan(range, isOrdered ? ['COLLSCAN'] : []);
  }

  /** Pages after the first one are other queries, with plans of their own. */
  async checkNextPage(last: SortKey): Promise<void> {
    if (this.request.source.engine === 'documentDb' || this.namesDocuments()) return;
    for (const range of this.queries.rangesAfter(last)) await this.checkPlan(range, []);
  }

  /** What the collection was made with; undefined when there is none, which is an empty one. */
  private async collectionOptions(): Promise<Document | undefined> {
    const { collection, source: { collation, engine }, maxTimeMS, warn } = this.request;
    const [found]: Document[] = await collection.db.listCollections(
      { name: collection.collectionName }, { nameOnly: false, maxTimeMS: maxTimeMS() },
    ).toArray();
    if (found === undefined) {
      warn(`There is no collection ${collection.collectionName} in the database ${collection.dbName}`);
      return undefined;
    }
    if (found.type === 'view') throw this.unsupported('it is a view, which has no indexes. Read the collection behind it');
    if (found.type === 'timeseries') throw this.unsupported('it is a time series, whose documents are not unique by _id');
    const options: unknown = found.options;
    if (!isEmbedded(options)) return undefined;
    // There a query cannot say that it has no collation.
    if (engine === 'documentDb' && collation === undefined && options.collation !== undefined) {
      throw this.unsupported('it has a collation of its own. Give the source the same collation');
    }
    return options;
  }

  /** DocumentDB says the name of the index in its plan, not the keys: so an index with the right keys has to be there. */
  private async checkIndexes(): Promise<void> {
    const { collection, source: { hint }, maxTimeMS } = this.request;
    const indexes = await collection.listIndexes({ maxTimeMS: maxTimeMS() }).toArray();
    const candidates = indexes.filter(({ name }) => hint === undefined || name === hint);
    const isServed = candidates.some(({ key, partialFilterExpression }) => partialFilterExpression === undefined && hasShape(key, this.shape));
    if (!isServed) throw this.unindexed(hint === undefined ? 'The collection has no index for it' : `The index ${hint} is no index for it`);
  }

  /** @param passed stages that are right here although they are not elsewhere */
  private async checkPlan(range: KeyRange, passed: readonly string[]): Promise<void> {
    const { warn } = this.request;
    const plans = queryPlans(await this.queries.explain(range));
    if (plans.length === 0) warn('The plan of the query has a shape that is not known: the indexes are not checked');
    for (const { chosen, rejected } of plans) {
      const problem = this.problemOf(chosen, passed);
      if (problem === undefined) {
        const unknown = chosen.filter(({ name }) => !KNOWN_STAGES.includes(name));
        for (const { name } of unknown) warn(`The plan of the query has a stage that is not known, ${name}: look whether it is fast`);
      } else if (rejected.some((plan) => this.problemOf(plan, passed) === undefined)) {
        // With little data, plans are equally fast, and which one the server takes says nothing.
        warn(`The server takes another index than ${describeIndex(this.shape)} at the moment: name that one by the hint, to be sure of it`);
      } else {
        throw problem;
      }
    }
  }

  private problemOf(stages: readonly PlanStage[], passed: readonly string[]): SourceError | undefined {
    const checked = stages.filter(({ name }) => !passed.includes(name));
    const problems = [...checked.map((stage) => this.arrayIn(stage)), ...checked.map((stage) => this.wasteOf(stage))];
    return problems.find((each) => each !== undefined);
  }

  private arrayIn({ details: { multiKeyPaths, indexName } }: PlanStage): SourceError | undefined {
    const field = isEmbedded(multiKeyPaths) ? this.request.source.sort.find((each) => isArrayPath(multiKeyPaths[each])) : undefined;
    if (field === undefined) return undefined;
    return new SourceError(
      PagedBatchEtlErrorName.SORT_KEY_IS_ARRAY,
      `By the index ${indexName} a document has, or had, an array in the sort field ${field}: it cannot give the order of pages. `
      + 'Remove the arrays and create the index anew, or sort by another field',
    );
  }

  /** The error for a stage that reads more than the page needs. */
  private wasteOf({ name, details: { keyPattern, indexName, direction } }: PlanStage): SourceError | undefined {
    if (BLOCKING_STAGES.includes(name)) return this.unindexed(`The server would read and sort all that is left for every page (${name})`);
    if (name === 'COLLSCAN' || (name === 'CLUSTERED_IXSCAN' && !hasShape(CLUSTERED_KEY, this.shape))) {
      return this.unindexed(`The server would read the whole collection for every page (${name})`);
    }
    if (name !== 'IXSCAN' || (isEmbedded(keyPattern) && hasShape(keyPattern, this.shape, direction === 'backward' ? -1 : 1))) return undefined;
    return this.unindexed(`The server would use the index ${indexName}, and read documents in vain`);
  }

  /** Whether the filter says by their `_id` which documents it means: one, or a few. */
  private namesDocuments(): boolean {
    return this.shape.equality.includes('_id');
  }

  private unindexed(what: string): SourceError {
    const { hint } = this.request.source;
    const other = hint === undefined ? ', or name it by the hint if it is there' : ', and name it by the hint';
    return new SourceError(
      PagedBatchEtlErrorName.UNINDEXED_QUERY, `No index serves filter and sort together. ${what}. Create the index ${describeIndex(this.shape)}${other}`,
    );
  }

  private unsupported(why: string): SourceError {
    const { collectionName } = this.request.collection;
    return new SourceError(PagedBatchEtlErrorName.UNSUPPORTED_COLLECTION, `The collection ${collectionName} cannot be paged: ${why}`);
  }
}

function isArrayPath(paths: unknown): boolean {
  return Array.isArray(paths) && paths.length > 0;
}
