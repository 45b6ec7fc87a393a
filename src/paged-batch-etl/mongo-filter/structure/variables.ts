import { JsonValue, isObject, mapMembers } from './json-value';
import { isTypedValue } from './typed-values';
import { walkMembers } from './walk-members';

/**
 * A variable is a string that is exactly `$$name`. In `$expr` such a string can also name a variable of MongoDB's own (`$$NOW`) or of an
 * enclosing `$let`, `$map`, `$filter` or `$reduce`: those are left alone. So is what stands in `$literal` or in a typed value (`{"$oid": …}`).
 */
export const VARIABLE = /^\$\$([A-Za-z_][A-Za-z0-9_]*)$/;

/** Variables that MongoDB defines in every aggregation expression: no parameter may have their names. */
export const SYSTEM_VARIABLES: readonly string[] = [
  'NOW', 'CLUSTER_TIME', 'ROOT', 'CURRENT', 'REMOVE', 'DESCEND', 'PRUNE', 'KEEP', 'SEARCH_META', 'USER_ROLES',
];

/** Names of the variables in a filter, sorted: each has to be a parameter. */
export function findVariables(filter: JsonValue): string[] {
  const names = new Set<string>();
  bindVariables(filter, (name) => {
    names.add(name);
    return null;
  });
  return [...names].sort();
}

/**
 * A copy of the filter with a value in the place of every variable.
 *
 * @param valueOf the value, as EJSON; within `$expr` it must be a `$literal`, or a text like `$x` would be read as the path of a field
 */
export function bindVariables(filter: JsonValue, valueOf: (name: string, inExpr: boolean) => JsonValue): JsonValue {
  return bind(filter, undefined, valueOf);
}

/** Names that `$let`, `$map`, `$filter` and `$reduce` give to variables anywhere in the filter, sorted: no parameter may have them. */
export function findLocalVariables(filter: JsonValue): string[] {
  const names = new Set<string>();
  walkMembers(filter, (key, value) => {
    for (const name of localNames(key, value)) names.add(name);
  });
  return [...names].sort();
}

/** @param locals names of the variables in scope within `$expr`; undefined outside of it */
function bind(value: JsonValue, locals: ReadonlySet<string> | undefined, valueOf: (name: string, inExpr: boolean) => JsonValue): JsonValue {
  if (typeof value === 'string') {
    const name = VARIABLE.exec(value)?.[1];
    return name === undefined || locals?.has(name) ? value : valueOf(name, locals !== undefined);
  }
  if (Array.isArray(value)) return value.map((entry) => bind(entry, locals, valueOf));
  if (!isObject(value) || isTypedValue(value)) return value;
  return mapMembers(value, (key, member) => bindMember(key, member, locals, valueOf));
}

function bindMember(
  key: string, member: JsonValue, locals: ReadonlySet<string> | undefined, valueOf: (name: string, inExpr: boolean) => JsonValue,
): JsonValue {
  if (locals === undefined) return bind(member, key === '$expr' ? new Set(SYSTEM_VARIABLES) : undefined, valueOf);
  if (key === '$literal') return member;
  const names = localNames(key, member);
  if (names.length === 0 || !isObject(member)) return bind(member, locals, valueOf);
  const inner = new Set([...locals, ...names]);
  // Only the body sees them: `vars` and `input` are evaluated outside. What `as` says is a name, and never has a `$`.
  return mapMembers(member, (name, part) => bind(part, name === 'in' || name === 'cond' ? inner : locals, valueOf));
}

/** The variables that an operator of an aggregation expression defines. */
export function localNames(operator: string, operand: JsonValue): string[] {
  if (!isObject(operand)) return [];
  if (operator === '$let') return isObject(operand.vars) ? Object.keys(operand.vars) : [];
  if (operator === '$reduce') return ['this', 'value'];
  if (operator !== '$map' && operator !== '$filter') return [];
  return [typeof operand.as === 'string' ? operand.as : 'this', ...(typeof operand.arrayIndexAs === 'string' ? [operand.arrayIndexAs] : [])];
}
