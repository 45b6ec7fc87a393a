import { BSON, Document } from 'mongodb';
import { isEmbedded } from './bson-order';
import { CollectionFacts } from './collection-facts';
import { hasShape } from './index-shape';
import { KeyRange } from './keyset';
import { MongoPageRequest } from './mongo-page-request';
import { MongoQueries } from './mongo-queries';
import { PlanStage, queryPlans } from './query-plan';
import { SortKey } from './sort-key';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { JsonObject } from '../../mongo-filter/structure/json-value';
import { comparedFields, comparedSortFields, describeFields, MOST_POINTS, pointsOfFields } from '../../mongo-filter/structure/points';
import { createIndexCommand, IndexShape, isIndexOfId, keysText, namesDocuments, shapeFor } from '../../mongo-filter/structure/required-index';
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
  private readonly filter: JsonObject;
  private readonly shape: IndexShape;

  constructor(private readonly request: MongoPageRequest, private readonly queries: MongoQueries, private readonly facts: CollectionFacts) {
    this.filter = BSON.EJSON.serialize(request.filter, { relaxed: false });
    this.shape = shapeFor(this.filter, request.source.sort);
  }

  /** @throws SourceError UNSUPPORTED_COLLECTION, UNINDEXED_QUERY or SORT_KEY_IS_ARRAY */
  async checkFirstPage(): Promise<void> {
    const { type } = this.facts;
    if (type === 'view') throw this.unsupported('it is a view, which has no indexes. Read the collection behind it');
    if (type === 'timeseries') throw this.unsupported('it is a time series, whose documents are not unique by _id');
    if (namesDocuments(this.filter)) return;
    if (this.request.source.engine === 'documentDb') return this.checkIndexes();
    // The first page of a collection that is stored in the order of _id is read from its beginning, without an index. Any other collection has one.
    const isOrdered = hasShape(CLUSTERED_KEY, this.shape);
    for (const range of this.queries.rangesAfter(undefined)) await this.checkPlan(range, isOrdered ? ['COLLSCAN'] : []);
  }

  /** Pages after the first one are other queries, with plans of their own. */
  async checkNextPage(last: SortKey): Promise<void> {
    if (this.request.source.engine === 'documentDb' || namesDocuments(this.filter)) return;
    for (const range of this.queries.rangesAfter(last)) await this.checkPlan(range, []);
  }

  /**
   * DocumentDB says the name of the index in its plan, not the keys: so an index with the right keys has to be there, and be one that DocumentDB
   * takes without being told. It takes a sparse or a partial one for some filters only, and none that is hidden or has another collation.
   */
  private async checkIndexes(): Promise<void> {
    const { collection, source: { hint }, maxTimeMS } = this.request;
    const indexes: Document[] = await collection.listIndexes({ maxTimeMS: maxTimeMS() }).toArray();
    const candidates = indexes.filter(({ name, key }) => (hint === undefined || name === hint) && isEmbedded(key) && hasShape(key, this.shape));
    const reasons = candidates.map((index) => whyUnused(index, this.facts));
    if (reasons.includes(undefined)) return;
    if (hint !== undefined) throw this.unindexed(`The index ${hint} is no index for it${reasons.map((reason) => `: ${reason}`).join('')}`);
    const others = candidates.map(({ name }, index) => `; DocumentDB would not use ${name}: ${reasons[index]}`);
    throw this.unindexed(`The collection has no index for it${others.join('')}`);
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
        warn(`The server takes another index than ${keysText(this.shape)} at the moment: name that one by the hint, to be sure of it`);
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
      + 'Remove the arrays and create the index again, or sort by another field',
    );
  }

  /** The error for a stage that reads more than the page needs. */
  private wasteOf({ name, details: { keyPattern, indexName, direction } }: PlanStage): SourceError | undefined {
    if (BLOCKING_STAGES.includes(name)) {
      return this.problemOfLists(name) ?? this.unindexed(`The server would read and sort all that is left for every page (${name})`);
    }
    if (name === 'COLLSCAN' || (name === 'CLUSTERED_IXSCAN' && !hasShape(CLUSTERED_KEY, this.shape))) {
      return this.unindexed(`The server would read the whole collection for every page (${name})`);
    }
    if (name !== 'IXSCAN' || (isEmbedded(keyPattern) && hasShape(keyPattern, this.shape, direction === 'backward' ? -1 : 1))) return undefined;
    return this.unindexed(`The server would use the index ${indexName}, and read documents in vain`);
  }

  /** The error for lists of values that no index makes good. */
  private problemOfLists(stage: string): SourceError | undefined {
    const { sort } = this.request.source;
    const fields = comparedFields(this.filter, sort);
    const points = pointsOfFields(fields);
    const ofSort = comparedSortFields(this.filter, sort);
    const sorts = `With more, the server would read and sort all that is left for every page (${stage}). `;
    if (points > MOST_POINTS) {
      return this.tooManyValues(
        `The filter compares ${describeFields(fields)}: ${points} combinations, of which MongoDB reads at most ${MOST_POINTS} in the order of an index. ${sorts}`
        + 'Compare with fewer values, or put one of these fields first in sort',
      );
    }
    if (fields.length === 0 || ofSort.length === 0) return undefined;
    const others = fields.map(({ field }) => field);
    return this.tooManyValues(
      `The filter has lists of values for ${ofSort.join(', ')} of the sort and for ${others.join(', ')} beside, of which MongoDB reads one kind in the order of an index. `
      + `${sorts}Put all of them into sort: ${[...others, ...sort].join(', ')}`,
    );
  }

  private tooManyValues(message: string): SourceError {
    return new SourceError(PagedBatchEtlErrorName.UNINDEXED_QUERY, `${message}. ${this.advice}`);
  }

  private unindexed(what: string): SourceError {
    return new SourceError(PagedBatchEtlErrorName.UNINDEXED_QUERY, `No index serves filter and sort together. ${what}. ${this.advice}`);
  }

  private get advice(): string {
    const { database, collection, collation, hint } = this.request.source;
    // MongoDB makes no second index of _id alone.
    if (isIndexOfId(this.shape)) return 'The index of _id would, in the collation of the collection: leave out any other collation, and any hint';
    const command = createIndexCommand(this.shape, { database, collection, collation });
    return `Create the index: ${command}. ${hint === undefined ? 'If it is there, name it by the hint' : 'Then name it by the hint'}`;
  }

  private unsupported(why: string): SourceError {
    const { collectionName } = this.request.collection;
    return new SourceError(PagedBatchEtlErrorName.UNSUPPORTED_COLLECTION, `The collection ${collectionName} cannot be paged: ${why}`);
  }
}

function isArrayPath(paths: unknown): boolean {
  return Array.isArray(paths) && paths.length > 0;
}

/** Why DocumentDB would not use an index with the right keys; undefined when it would. */
function whyUnused({ key, hidden, sparse, partialFilterExpression, collation }: Document, facts: CollectionFacts): string | undefined {
  if (hidden === true) return 'it is hidden';
  if (sparse === true) return 'it is sparse';
  if (partialFilterExpression !== undefined) return 'it is partial';
  if (Object.values(key).some((value) => Math.abs(Number(value)) !== 1)) return 'it is a special one';
  // As the server says both, each field is there.
  if (facts.complete && JSON.stringify(collation) !== JSON.stringify(facts.collation)) return 'its collation is not that of the collection';
  return undefined;
}
