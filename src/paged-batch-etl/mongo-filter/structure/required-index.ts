import { fixedFields } from './conditions';
import { constrainedFields } from './constrained-fields';
import { JsonObject, JsonValue } from './json-value';

/** Which index finds the documents of a filter, and nothing else, in the order of a sort. */
export interface IndexShape {
  /** Fields that the filter compares for equality, but for those of the sort that may have one of several values, or none: their place is in the sort. */
  readonly equality: readonly string[];
  readonly sort: readonly string[];
}

/** An index of a collection. */
export interface IndexOfCollection {
  readonly database: string;
  readonly collection: string;
  /** Collation of the queries; absent where they have none. */
  readonly collation?: Readonly<Record<string, unknown>>;
}

/** Names that an object of JavaScript does not keep in their place: numbers, which come first, and the one that is no member. */
export const MOVED_NAME = /^(?:0|[1-9]\d*|__proto__)$/;

export function shapeFor(filter: JsonObject, sort: readonly string[]): IndexShape {
  const fixed = fixedFields(filter);
  return { equality: constrainedFields(filter).equality.filter((path) => !sort.includes(path) || fixed.includes(path)), sort };
}

/** Whether the filter says by their `_id` which documents it means: one, or a few. */
export function namesDocuments(filter: JsonValue): boolean {
  return constrainedFields(filter).equality.includes('_id');
}

/** Whether it is the index that every collection has. */
export function isIndexOfId(shape: IndexShape): boolean {
  return fieldsOf(shape).length === 1;
}

/** The keys of the index: `{ "tenant": 1, "runDate": 1, "_id": 1 }`. */
export function keysText(shape: IndexShape): string {
  return objectText(fieldsOf(shape).map((field) => [field, 1]));
}

/** What makes the index, as it is typed into the MongoDB shell, whichever database is in use there. */
export function createIndexCommand(shape: IndexShape, { database, collection, collation }: IndexOfCollection): string {
  const fields = fieldsOf(shape);
  const keys = fields.some((field) => MOVED_NAME.test(field))
    ? `new Map([${fields.map((field) => `[${JSON.stringify(field)}, 1]`).join(', ')}])`
    : keysText(shape);
  const options = collation === undefined ? '' : `, { "collation": ${objectText(Object.entries(collation).filter(([, value]) => value !== undefined))} }`;
  return `db.getSiblingDB(${JSON.stringify(database)}).getCollection(${JSON.stringify(collection)}).createIndex(${keys}${options})`;
}

/** First what is compared for equality, then the sort. */
function fieldsOf({ equality, sort }: IndexShape): readonly string[] {
  return [...equality, ...sort.filter((field) => !equality.includes(field))];
}

function objectText(members: readonly (readonly [name: string, value: unknown])[]): string {
  return `{ ${members.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(', ')} }`;
}
