import { isObject, JsonObject, JsonValue } from './json-value';
import { isTypedValue } from './typed-values';

/** One of the conditions that a document has to meet, all of them. */
export interface Condition {
  /** Path of a field, or an operator such as `$or` in its place. */
  readonly field: string;
  /** What is asked of it: operators, a regular expression, or what stands beside the operator. */
  readonly test: JsonValue;
}

/** Operators whose meaning depends on those beside them. */
const BOUND_OPERATORS: readonly string[] = ['$regex', '$options', '$near', '$nearSphere', '$minDistance', '$maxDistance', '$ref', '$id', '$db'];

/** The conditions of a filter, each by itself: what has all conditions of another filter finds nothing that the other one does not find. */
export function conditionsOf(filter: JsonObject): Condition[] {
  return Object.entries(filter).flatMap(([field, test]): Condition[] => {
    if (field === '$comment') return [];
    if (field === '$and' && Array.isArray(test)) return test.filter(isObject).flatMap(conditionsOf);
    if (field.startsWith('$') || isPattern(test)) return [{ field, test }];
    if (!isOperators(test)) return [{ field, test: { $eq: test } }];
    const operators = Object.entries(test);
    if (operators.some(([operator]) => BOUND_OPERATORS.includes(operator))) return [{ field, test }];
    return operators.map(([operator, operand]) => ({ field, test: { [operator]: operand } }));
  });
}

/** The same text for the same condition. */
export function conditionText({ field, test }: Condition): string {
  return JSON.stringify([field, test]);
}

/** The values of which a field must equal one, if that is all that the condition asks. */
export function equalValues({ field, test }: Condition): readonly JsonValue[] | undefined {
  if (field.startsWith('$') || !isObject(test)) return undefined;
  if ('$eq' in test) return [test.$eq];
  return Array.isArray(test.$in) && !test.$in.some(isPattern) ? test.$in : undefined;
}

/** The fields that can have one value only, and the same place in every order. Null is no such value: it stands for what is not there too. */
export function fixedFields(filter: JsonObject): string[] {
  return conditionsOf(filter).flatMap((condition) => {
    const [value, ...others] = equalValues(condition) ?? [];
    return value === undefined || value === null || Array.isArray(value) || others.length > 0 ? [] : [condition.field];
  });
}

/** Whether the test of a field is made of operators and is no value to be equal to. */
export function isOperators(test: JsonValue): test is JsonObject {
  return isObject(test) && !isTypedValue(test) && Object.keys(test).some((key) => key.startsWith('$'));
}

/** A regular expression is matched, unless `$eq` compares with it. */
export function isPattern(value: JsonValue): boolean {
  return isObject(value) && ('$regularExpression' in value || '$regex' in value);
}
