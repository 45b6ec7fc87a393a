/**
 * What can be said of a MongoDB filter by its structure alone: EJSON as plain JSON, so that both synthesis, which has no driver, and the
 * source function see the same variables in it. It imports nothing.
 *
 * A variable is a string that is exactly `$$name`. In `$expr` such a string can also name a variable of MongoDB's own (`$$NOW`) or of an
 * enclosing `$let`, `$map`, `$filter` or `$reduce`: those are left alone. So is what stands in `$literal` or in a typed value (`{"$oid": …}`).
 */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Variables that MongoDB defines in every aggregation expression: no parameter may have their names. */
export const SYSTEM_VARIABLES: readonly string[] = [
  'NOW', 'CLUSTER_TIME', 'ROOT', 'CURRENT', 'REMOVE', 'DESCEND', 'PRUNE', 'KEEP', 'SEARCH_META', 'USER_ROLES',
];

/** Operators with which pages cannot be read, and why. */
const REFUSED_OPERATORS: ReadonlyMap<string, string> = new Map([
  ['$where', 'runs code on the server'],
  ['$function', 'runs code on the server'],
  ['$accumulator', 'runs code on the server'],
  ['$text', 'cannot be read in the order of a key'],
  ['$near', 'has an order of its own'],
  ['$nearSphere', 'has an order of its own'],
  ['$rand', 'is different for every page'],
  ['$sampleRate', 'is different for every page'],
]);

/** Keys of the objects by which EJSON says the type of a value, in its canonical and relaxed form. */
const TYPE_KEYS: ReadonlySet<string> = new Set([
  '$oid', '$date', '$numberInt', '$numberLong', '$numberDouble', '$numberDecimal', '$binary', '$uuid', '$regularExpression', '$timestamp',
  '$symbol', '$code', '$minKey', '$maxKey', '$undefined', '$dbPointer',
]);

const VARIABLE = /^\$\$([A-Za-z_][A-Za-z0-9_]*)$/;

const LOGICAL_OPERATORS: readonly string[] = ['$and', '$or', '$nor'];

/** Members of a filter that hold no condition on a field. */
const UNCONDITIONAL_OPERATORS: readonly string[] = ['$comment', '$alwaysTrue', '$alwaysFalse'];

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
  walk(filter, (key, value) => {
    for (const name of localNames(key, value)) names.add(name);
  });
  return [...names].sort();
}

/** The operators with which pages cannot be read, sorted, as phrases: `$where, which runs code on the server`. */
export function findRefusedOperators(filter: JsonValue): string[] {
  const found = new Set<string>();
  walk(filter, (key) => {
    const why = REFUSED_OPERATORS.get(key);
    if (why !== undefined) found.add(`${key}, which ${why}`);
  });
  return [...found].sort();
}

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

/** Typed values that are none, and numbers that are not what was written, as phrases with what to write; empty for a good filter. */
export function findMalformedValues(filter: JsonValue): string[] {
  if (typeof filter === 'number') return checkNumber(filter);
  if (Array.isArray(filter)) return filter.flatMap(findMalformedValues);
  if (!isObject(filter)) return [];
  const mixed = checkAlone(filter);
  if (mixed.length > 0 || isTypedValue(filter)) return [...mixed, ...checkTypedValue(filter)];
  return [...checkReference(filter), ...Object.values(filter).flatMap(findMalformedValues)];
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
function localNames(operator: string, operand: JsonValue): string[] {
  if (!isObject(operand)) return [];
  if (operator === '$let') return isObject(operand.vars) ? Object.keys(operand.vars) : [];
  if (operator === '$reduce') return ['this', 'value'];
  if (operator !== '$map' && operator !== '$filter') return [];
  return [typeof operand.as === 'string' ? operand.as : 'this', ...(typeof operand.arrayIndexAs === 'string' ? [operand.arrayIndexAs] : [])];
}

/** Visits the members of all objects, but for those of typed values and of literals. */
function walk(value: JsonValue, visit: (key: string, member: JsonValue) => void): void {
  if (Array.isArray(value)) {
    for (const entry of value) walk(entry, visit);
  } else if (isObject(value) && !isTypedValue(value)) {
    for (const [key, member] of Object.entries(value)) {
      visit(key, member);
      if (key !== '$literal') walk(member, visit);
    }
  }
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

/** Whether the condition is made of operators and is no value to be equal to. */
function isOperators(condition: JsonValue): condition is JsonObject {
  return isObject(condition) && !isTypedValue(condition) && Object.keys(condition).some((key) => key.startsWith('$'));
}

/** A regular expression is matched, unless `$eq` compares with it. */
function isPattern(value: JsonValue): boolean {
  return isObject(value) && ('$regularExpression' in value || '$regex' in value);
}

function isTypedValue(value: JsonObject): boolean {
  const [first] = Object.keys(value);
  return first !== undefined && TYPE_KEYS.has(first);
}

/** The driver takes an object for a typed value wherever the key of the type stands, and drops what stands beside it. */
function checkAlone(value: JsonObject): string[] {
  const keys = Object.keys(value);
  const type = keys.find((key) => TYPE_KEYS.has(key));
  const isAlone = keys.length === 1 || (type === '$code' && keys.length === 2 && '$scope' in value);
  return type === undefined || isAlone ? [] : [`${shorten(JSON.stringify(value))}: ${type} has to be alone in its object`];
}

/** The driver takes what stands before the only dot for the name of a database, and would look for another reference. */
function checkReference({ $ref, $id }: JsonObject): string[] {
  if ($id === undefined || typeof $ref !== 'string' || $ref.split('.').length !== 2) return [];
  return [`{"$ref": "${shorten($ref)}", …}: write a condition on the field with .$ref after its name, and one with .$id`];
}

function checkNumber(value: number): string[] {
  if (!Number.isFinite(value)) return ['a number beyond those of JSON: write {"$numberDouble": "Infinity"} if that was meant'];
  if (!Number.isInteger(value) || Number.isSafeInteger(value) || Math.abs(value) > 2 ** 63) return [];
  return [`${value}, which JSON cannot hold exactly: write {"$numberLong": "…"}, or {"$numberDouble": "…"} if that was meant`];
}

const INT64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

const INT32 = { least: -(2n ** 31n), most: 2n ** 31n - 1n };

function checkTypedValue(value: JsonObject): string[] {
  const [key] = Object.keys(value).filter((name) => TYPE_KEYS.has(name));
  const content = value[key];
  const variable = Object.values(value).find((part) => typeof part === 'string' && VARIABLE.test(part));
  if (variable !== undefined) return [`{"${key}": "${variable}"}: write "${variable}" alone, for its type is that of the parameter`];
  const complaint = (expected: string) => [`${shorten(JSON.stringify(value))}: ${key} has to be ${expected}`];
  if (key === '$oid') return /^[0-9a-f]{24}$/i.test(String(content)) ? [] : complaint('24 hexadecimal digits');
  if (key === '$numberLong') return isInteger(content, INT64) ? [] : complaint('the text of a whole number of 64 bits');
  if (key === '$numberInt') return isInteger(content, INT32) ? [] : complaint('the text of a whole number of 32 bits');
  if (key === '$numberDouble') return isDouble(content) ? [] : complaint('the text of a number');
  if (key === '$binary') return isBinary(content) ? [] : complaint('{"base64": "…", "subType": "two hexadecimal digits"}');
  if (key === '$undefined') return complaint('null, which is all that can be asked for');
  if (key === '$date') return isInstant(content) ? [] : complaint('an ISO 8601 date with time and offset, or {"$numberLong": "…"} milliseconds');
  return [];
}

function isInteger(value: JsonValue, range: { readonly least: bigint; readonly most: bigint }): boolean {
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) return false;
  return BigInt(value) >= range.least && BigInt(value) <= range.most;
}

function isDouble(value: JsonValue): boolean {
  return typeof value === 'string' && /^(-?\d+(\.\d+)?(e[+-]?\d+)?|-?Infinity|NaN)$/i.test(value);
}

/** Nothing else: the driver would drop what it cannot decode. */
function isBinary(value: JsonValue): boolean {
  if (!isObject(value) || Object.keys(value).length !== 2) return false;
  const { base64, subType } = value;
  return typeof base64 === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(base64) && base64.length % 4 === 0
    && typeof subType === 'string' && /^[0-9a-f]{1,2}$/i.test(subType);
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)$/;

/** Nothing else: what the driver cannot parse it would take for 1970, and 30 February for 2 March. */
function isInstant(value: JsonValue): boolean {
  if (isObject(value)) return Object.keys(value).length === 1 && isInteger(value.$numberLong ?? null, INT64);
  const [, year, month, day] = (typeof value === 'string' ? INSTANT.exec(value) : null) ?? [];
  if (day === undefined || Number.isNaN(Date.parse(String(value)))) return false;
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Also right for a member called `__proto__`, which an assignment would make the prototype. */
function mapMembers(value: JsonObject, map: (key: string, member: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(key, member)]));
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
