import { isObject, JsonObject, JsonValue } from '../json';
import { compileFieldMatchers, FieldMatcher, invalidPattern } from './field-matchers';

/** Says whether an event fits. */
export type EventMatcher = (event: JsonObject) => boolean;

/** What the objects at one place of an event must be like; there are several where the event holds a list of objects. */
type ObjectMatcher = (value: JsonObject) => boolean;

/** Whether an event fits a pattern; throws for a pattern that is not valid or not implemented. */
export function matchesPattern(pattern: JsonObject, event: JsonObject): boolean {
  return compilePattern(pattern)(event);
}

/**
 * Checks a whole pattern and makes it ready to match: every field that it names must match one of its alternatives. Source: the EventBridge
 * user guide, "Comparison operators". Throws for an operator that is not implemented, wherever in the pattern it stands.
 */
export function compilePattern(pattern: JsonObject): EventMatcher {
  const fields = Object.entries(pattern);
  if (fields.length === 0) throw invalidPattern('Empty objects are not allowed');
  const matchers = fields.map(([name, wanted]) => (name === '$or' ? compileOr(wanted) : compileField(name, wanted)));
  return (event) => matchers.every((matches) => matches(event));
}

function compileOr(branches: JsonValue): ObjectMatcher {
  if (!Array.isArray(branches) || branches.length < 2) throw invalidPattern('$or takes a list of at least two patterns');
  const matchers = branches.map((branch) => compilePattern(objectOf(branch, '$or')));
  return (value) => matchers.some((matches) => matches(value));
}

function compileField(name: string, wanted: JsonValue): ObjectMatcher {
  if (Array.isArray(wanted)) {
    const matches: FieldMatcher = compileFieldMatchers(name, wanted);
    return (value) => matches(leavesOf(own(value, name)));
  }
  const matches = compilePattern(objectOf(wanted, name));
  return (value) => objectsAt(own(value, name)).some(matches);
}

function own(value: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** An object, or those in a list; a pattern can also ask below something that is not there whether a field is absent. */
function objectsAt(value: JsonValue | undefined): readonly JsonObject[] {
  const objects = [value].flat().filter(isObject);
  return objects.length === 0 ? [{}] : objects;
}

/** The values that operators see: one, or those of a list. Objects have none, as operators work on leaves only. */
function leavesOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return value === undefined || isObject(value) ? [] : [value];
}

function objectOf(value: JsonValue, name: string): JsonObject {
  if (!isObject(value)) throw invalidPattern(`${name} takes a list or an object, got ${JSON.stringify(value)}`);
  return value;
}
