import { isOperators, isPattern } from './conditions';
import { JsonValue, isObject } from './json-value';
import { isTypedValue } from './typed-values';

const LOGICAL_OPERATORS: readonly string[] = ['$and', '$or', '$nor'];

/** Members of a filter that hold no condition on a field. */
const UNCONDITIONAL_OPERATORS: readonly string[] = ['$comment', '$alwaysTrue', '$alwaysFalse'];

/** Fields on which a filter has conditions. A field may be of both kinds. */
export interface ConstrainedFields {
  /** Fields that must equal a value, or one of several: they may come first in an index that gives the order of the sort. */
  readonly equality: string[];
  /** Fields with any other condition: a range, a pattern, an alternative, an expression. */
  readonly other: string[];
}

/** The fields on which the filter has conditions, sorted. */
export function constrainedFields(filter: JsonValue): ConstrainedFields {
  const equality = new Set<string>();
  const other = new Set<string>();
  collectConditions(filter, { equality, other });
  return { equality: [...equality].sort(), other: [...other].sort() };
}

interface Conditions {
  readonly equality: Set<string>;
  readonly other: Set<string>;
}

function collectConditions(filter: JsonValue, into: Conditions): void {
  if (!isObject(filter)) return;
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and' && Array.isArray(condition)) {
      for (const part of condition) collectConditions(part, into);
    } else if (LOGICAL_OPERATORS.includes(key)) {
      // Each alternative restricts its own fields, so none of them is equal to one value throughout.
      const alternatives: Conditions = { equality: into.other, other: into.other };
      for (const part of Array.isArray(condition) ? condition : [condition]) collectConditions(part, alternatives);
    } else if (key === '$expr') {
      for (const path of fieldPaths(condition)) into.other.add(path);
    } else if (!UNCONDITIONAL_OPERATORS.includes(key)) {
      collectCondition(key, condition, into);
    }
  }
}

/** An operator in the place of a field, such as `$jsonSchema`, asks for more than an index can have. */
function collectCondition(field: string, condition: JsonValue, { equality, other }: Conditions): void {
  if (field.startsWith('$')) {
    other.add(field);
    return;
  }
  if (!isOperators(condition)) {
    (isPattern(condition) ? other : equality).add(field);
    return;
  }
  for (const [operator, operand] of Object.entries(condition)) {
    const equal = operator === '$eq' || (operator === '$in' && Array.isArray(operand) && !operand.some(isPattern));
    (equal ? equality : other).add(field);
  }
}

/** Paths of the fields that an aggregation expression reads: strings with one `$`, or with a variable that stands for the document. */
function fieldPaths(expression: JsonValue): string[] {
  if (typeof expression === 'string') {
    const path = /^(?:\$|\$\$(?:ROOT|CURRENT)\.)([^$].*)$/s.exec(expression)?.[1];
    return path === undefined ? [] : [path];
  }
  if (Array.isArray(expression)) return expression.flatMap(fieldPaths);
  if (!isObject(expression) || isTypedValue(expression)) return [];
  return Object.entries(expression).flatMap(([key, member]) => (key === '$literal' ? [] : fieldPaths(member)));
}
