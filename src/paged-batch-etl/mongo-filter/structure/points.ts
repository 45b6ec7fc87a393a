import { conditionsOf, equalValues } from './conditions';
import { JsonObject, JsonValue } from './json-value';

/**
 * Most combinations of values, of the fields before the sort, that MongoDB reads in the order of an index: for more, it reads and sorts all that
 * is left for every page. Source: the server's parameter internalQueryMaxScansToExplode, default 200; tried on MongoDB 6.0.
 */
export const MOST_POINTS = 200;

/** With how many values the filter compares a field for equality. */
export interface ComparedField {
  readonly field: string;
  readonly values: number;
}

/**
 * Fields with more than one value that stand before the sort in an index. Left out are those of the sort itself, and those with another condition
 * beside, which may leave fewer values.
 */
export function comparedFields(filter: JsonObject, sort: readonly string[]): ComparedField[] {
  return listsOf(filter).filter(({ field }) => !sort.includes(field));
}

/** The fields of the sort with more than one value. */
export function comparedSortFields(filter: JsonObject, sort: readonly string[]): string[] {
  return listsOf(filter).map(({ field }) => field).filter((field) => sort.includes(field));
}

function listsOf(filter: JsonObject): ComparedField[] {
  const conditions = conditionsOf(filter);
  return conditions.flatMap((condition) => {
    const values = equalValues(condition);
    const isAlone = conditions.filter(({ field }) => field === condition.field).length === 1;
    if (values === undefined || !isAlone) return [];
    const different = new Map(values.map((value) => [JSON.stringify(value), value]));
    const count = [...different.values()].reduce<number>((sum, value) => sum + pointsOf(value), 0);
    return count > 1 ? [{ field: condition.field, values: count }] : [];
  });
}

/** The combinations of their values: the places in an index that have to be read side by side. */
export function pointsOfFields(fields: readonly ComparedField[]): number {
  return fields.reduce((product, { values }) => product * values, 1);
}

/** `tenant with 15 values and kind with 20` */
export function describeFields(fields: readonly ComparedField[]): string {
  return fields.map(({ field, values }, index) => `${field} with ${values}${index === 0 ? ' values' : ''}`).join(' and ');
}

/** Null stands for the old type `undefined` too, which has a place of its own. */
function pointsOf(value: JsonValue): number {
  return value === null ? 2 : 1;
}
