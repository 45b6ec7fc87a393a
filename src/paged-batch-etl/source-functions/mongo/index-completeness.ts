import { BSON, Document } from 'mongodb';
import { isEmbedded } from './bson-order';
import { Condition, conditionsOf, conditionText, equalValues } from '../../mongo-filter/structure/conditions';
import { isObject, JsonValue } from '../../mongo-filter/structure/json-value';

/** Comparisons that a document without the field does not meet, if their operand is of an ordinary type. */
const COMPARISONS: readonly string[] = ['$eq', '$gt', '$gte', '$lt', '$lte'];

/** Types of EJSON whose values only values of the same type are compared with: null, and the ends of the order, find documents without the field. */
const ORDINARY_TYPES: readonly string[] = ['$oid', '$date', '$numberInt', '$numberLong', '$numberDouble', '$numberDecimal', '$binary', '$uuid', '$timestamp'];

/**
 * Why an index may lack documents of a filter; undefined when it cannot. A server that is told to use an index uses it, and leaves them out.
 *
 * @param index as the server lists it
 * @param collated whether texts are compared by a collation, or may be
 */
export function whyIncomplete(index: Document, filter: Document, collated: boolean): string | undefined {
  const key = isEmbedded(index.key) ? index.key : {};
  const special = Object.entries(key).find(([field, value]) => field.includes('$**') || !(typeof value === 'number' || value === 'hashed'));
  if (special !== undefined) return `it is a special one (${special[0]}: ${String(special[1])})`;
  const conditions = conditionsOf(toJson(filter));
  const { partialFilterExpression, sparse, collation } = index;
  const isOfBytes = !collated && collation === undefined;
  if (isEmbedded(partialFilterExpression) && !(isOfBytes && hasAll(conditions, conditionsOf(toJson(partialFilterExpression))))) {
    return `it is partial, and the filter does not have its condition ${JSON.stringify(toJson(partialFilterExpression))} word for word`;
  }
  // A document is in a sparse index if it has one of the fields, and every document has _id.
  if (sparse === true && !('_id' in key) && !conditions.some((condition) => condition.field in key && needsField(condition))) {
    return 'it is sparse, and the filter does not say that its fields are there';
  }
  return undefined;
}

function hasAll(conditions: readonly Condition[], wanted: readonly Condition[]): boolean {
  const texts = new Set(conditions.map(conditionText));
  return wanted.every((condition) => texts.has(conditionText(condition)));
}

/** Whether only documents that have the field meet the condition. */
function needsField(condition: Condition): boolean {
  const { test } = condition;
  if (!isObject(test)) return false;
  if (test.$exists === true) return true;
  const values = equalValues(condition) ?? Object.entries(test).filter(([operator]) => COMPARISONS.includes(operator)).map(([, operand]) => operand);
  return values.length > 0 && values.every(isOrdinary);
}

function isOrdinary(value: JsonValue): boolean {
  if (isObject(value)) return Object.keys(value).some((key) => ORDINARY_TYPES.includes(key));
  return typeof value === 'string' || typeof value === 'boolean';
}

function toJson(document: Document): Document {
  return BSON.EJSON.serialize(document, { relaxed: false });
}
