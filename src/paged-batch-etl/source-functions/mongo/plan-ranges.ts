import { ObjectId } from 'mongodb';
import { isCollated, isNaNValue, typeName, typeRank } from './bson-order';
import { CheckedCollection } from './checked-collection';
import { encodeStart, fitsRange } from './cursor-codec';
import { DocumentFault } from './document-fault';
import { checkHint } from './hint-check';
import { IndexCheck } from './index-check';
import { areAscending, decodeBoundary, isBound, rangesBetween } from './key-bounds';
import { MongoPageRequest } from './mongo-page-request';
import { MongoQueries } from './mongo-queries';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { PartitionRule } from '../../contracts/plan-ranges';
import { MAX_RANGE_CURSOR_BYTES } from '../../contracts/read-page';
import { SourceError } from '../source-error';

/** What is asked of the server to make ranges. */
export type RangesRequest = Omit<MongoPageRequest, 'cursor' | 'pageBytes' | 'idempotencyKeyOf'>;

/**
 * Divides what a run reads into ranges of the first sort field, and answers the cursor that each of them begins with: none where there is nothing to read. Every
 * document, whenever it is written, belongs to one of them: they leave nothing out, and the first and the last are open.
 *
 * @throws SourceError with the name of what makes it impossible
 */
export async function planRanges(given: RangesRequest, rule: PartitionRule): Promise<string[]> {
  const request: MongoPageRequest = { ...given, cursor: null, pageBytes: 1, idempotencyKeyOf: (itemIdentifier) => itemIdentifier };
  const { sort, indexCheck } = request.source;
  const collection = await CheckedCollection.open(request, undefined, true);
  if (collection === undefined) return [];
  const queries = new MongoQueries(request);
  if (collection.facts !== undefined) {
    await checkHint(request, collection.facts);
    if (indexCheck) await new IndexCheck(request, queries, collection.facts).checkFirstPage();
  }
  const ends = await readEnds(queries);
  if (ends === undefined) return [];
  const boundaries = boundariesFor(rule, ends, request);
  if (collection.identity.collated && boundaries.some(isCollated)) throw inOrderOfCollation(sort[0]);
  return rangesBetween(boundaries).map((range) => {
    const cursor = encodeStart(sort, range, collection.identity);
    if (fitsRange(cursor)) return cursor;
    throw new SourceError(
      PagedBatchEtlErrorName.CURSOR_TOO_LARGE,
      `Where a range begins is more than ${MAX_RANGE_CURSOR_BYTES} bytes as a cursor. Take shorter boundaries or fewer conditions in the filter, or leave partitions out`,
    );
  });
}

/** First sort field of the first document and of the last one. */
interface Ends {
  readonly first: unknown;
  readonly last: unknown;
}

async function readEnds(queries: MongoQueries): Promise<Ends | undefined> {
  const keys = [await queries.firstKey(), await queries.lastKey()].map((key) => {
    if (key instanceof DocumentFault) throw key;
    return key;
  });
  const [first, last] = keys;
  return first === undefined || last === undefined ? undefined : { first: first[0], last: last[0] };
}

function boundariesFor(rule: PartitionRule, ends: Ends, { source: { sort: [field], mixedIdTypes } }: MongoPageRequest): unknown[] {
  switch (rule.by) {
    case 'time': {
      const { first, last } = ends;
      if (!(first instanceof Date) || !(last instanceof Date)) throw notOfType(field, 'date', ends);
      return numbersBetween(BigInt(first.getTime()), BigInt(last.getTime()), rule.ranges).map((time) => new Date(Number(time)));
    }
    case 'objectId': {
      const { first, last } = ends;
      if (!(first instanceof ObjectId) || !(last instanceof ObjectId)) throw notOfType(field, 'objectId', ends);
      return numbersBetween(numberOf(first), numberOf(last), rule.ranges).map((id) => new ObjectId(id.toString(16).padStart(OBJECT_ID_DIGITS, '0')));
    }
    case 'boundaries': {
      const boundaries = rule.boundaries.map(decodeBoundary);
      if (!boundaries.every(isBound) || !areAscending(boundaries)) throw invalidKey('The boundaries are not values that each are greater than the one before');
      const anyType = field === '_id' && mixedIdTypes;
      const [sample] = boundaries;
      // No comparison with a number finds NaN, which is the first of all numbers.
      const isOther = (value: unknown) => typeRank(value) !== typeRank(sample) || isNaNValue(value);
      if (!anyType && [...boundaries, ends.first, ends.last].some(isOther)) throw notOfType(field, typeName(sample), ends);
      return boundaries;
    }
  }
}

const OBJECT_ID_DIGITS = 24;

function numberOf(id: ObjectId): bigint {
  return BigInt(`0x${id.toHexString()}`);
}

/** Where equal parts of all whole numbers from the first to the last begin, but for the first part; fewer parts where there are not as many numbers. */
function numbersBetween(first: bigint, last: bigint, parts: number): bigint[] {
  const span = last - first + 1n;
  const starts = Array.from({ length: parts - 1 }, (_, index) => first + (span * BigInt(index + 1)) / BigInt(parts));
  return starts.filter((start, index) => start > (starts[index - 1] ?? first));
}

function notOfType(field: string, type: string, { first, last }: Ends): SourceError {
  const [inFirst, inLast] = [first, last].map((value) => (isNaNValue(value) ? 'NaN' : typeName(value)));
  return invalidKey(
    `The run is divided by ${field} of type ${type}, but it is ${inFirst} in the first document, and ${inLast} in the last one; a missing field counts as `
    + 'null. Documents of another type would be in no range, and so would NaN',
  );
}

function inOrderOfCollation(field: string): SourceError {
  return invalidKey(`The boundaries of ${field} are texts, which the collection compares by a collation: their order is not that of the ranges`);
}

function invalidKey(what: string): SourceError {
  return new SourceError(PagedBatchEtlErrorName.INVALID_PARTITION_KEY, `${what}. Have the filter choose one type, or choose other partitions`);
}
