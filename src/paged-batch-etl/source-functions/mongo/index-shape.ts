import { BSON, Document } from 'mongodb';
import { constrainedFields } from '../../mongo-filter/structure/constrained-fields';

/** Which index finds the documents of a filter, and nothing else, in the order of a sort. */
export interface IndexShape {
  /** Fields that the filter compares for equality. */
  readonly equality: readonly string[];
  readonly sort: readonly string[];
}

export function indexShape(filter: Document, sort: readonly string[]): IndexShape {
  const { equality } = constrainedFields(BSON.EJSON.serialize(filter, { relaxed: false }));
  return { equality, sort };
}

/** The index to create: `{ tenant: 1, runDate: 1, _id: 1 }`. */
export function describeIndex({ equality, sort }: IndexShape): string {
  const fields = [...equality, ...sort.filter((field) => !equality.includes(field))];
  return `{ ${fields.map((field) => `${/^\w+$/.test(field) ? field : JSON.stringify(field)}: 1`).join(', ')} }`;
}

/**
 * Whether the keys of an index are those: first what is compared for equality, then the sort, in one direction, then whatever else. A field of
 * the sort that is compared for equality may stand in either place.
 *
 * @param keyPattern as the server has it, such as `{ tenant: 1, runDate: -1, _id: -1 }`
 * @param direction of the scan: -1 when the index is read from its end; undefined when it does not matter
 */
export function hasShape(keyPattern: Document, { equality, sort }: IndexShape, direction?: 1 | -1): boolean {
  const missing = new Set(equality);
  const rest = [...sort];
  const directions = new Set<number>();
  for (const [field, value] of Object.entries(keyPattern)) {
    const isLeading = directions.size === 0 && missing.has(field);
    if (field === rest[0] && !isLeading) {
      directions.add(Number(value));
    } else if (!isLeading) {
      break;
    }
    missing.delete(field);
    if (rest.includes(field)) rest.splice(rest.indexOf(field), 1);
  }
  const [found] = directions;
  return missing.size === 0 && rest.length === 0 && directions.size <= 1
    && (found === undefined || (Math.abs(found) === 1 && (direction === undefined || found === direction)));
}
