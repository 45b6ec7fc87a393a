import { isDeepStrictEqual } from 'node:util';
import { isObject, JsonObject, JsonValue } from '../json';

/** What a change of each property of a resource type does. Paths go into objects: `TableInput.Name`, `Indexes[].KeySchema`, `Parts{}.Name`. */
export interface TypeBehavior {
  /** Names of all properties. */
  readonly properties: readonly string[];
  /** Properties of which every change replaces the resource. */
  readonly replaced: readonly string[];
  /** Properties of which some changes replace the resource; the reference says which in words only. */
  readonly conditional: readonly string[];
}

/** By resource type. */
export type UpdateBehaviors = Readonly<Record<string, TypeBehavior>>;

/** How the properties of a resource differ, and what comes of it. */
export interface PropertyChange {
  /** Names of the properties that differ. */
  readonly changed: readonly string[];
  /** Paths of those that replace the resource. */
  readonly replacing: readonly string[];
  /** Paths of those that may replace it. */
  readonly conditional: readonly string[];
}

/** Names of the properties that differ. */
export function changedProperties(before: JsonObject, after: JsonObject): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.filter((name) => !isDeepStrictEqual(before[name], after[name])).sort();
}

/**
 * Compares the properties that a resource has with those that it shall have.
 *
 * @throws for a property that differs and is not in the reference of the type
 */
export function compareProperties(before: JsonObject, after: JsonObject, behavior: TypeBehavior, path: string): PropertyChange {
  const changed = changedProperties(before, after);
  const unknown = changed.filter((name) => !behavior.properties.includes(name));
  if (unknown.length > 0) throw new Error(`${path}: it is not documented what a change of ${unknown.join(', ')} does`);
  const differs = (property: string) => differsAt(before, after, property.split('.'));
  return { changed, replacing: behavior.replaced.filter(differs), conditional: behavior.conditional.filter(differs) };
}

function differsAt(before: JsonValue | undefined, after: JsonValue | undefined, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return !isDeepStrictEqual(before, after);
  const [, name, collection] = /^(.*?)(\[\]|\{\})?$/.exec(step) ?? [];
  const [left, right] = [memberAt(before, name), memberAt(after, name)];
  // An object that comes or goes as a whole brings or takes what is within.
  if (collection === undefined) return differsAt(left, right, rest);
  const pairs = collection === '[]' ? pairsOf(listOf(left), listOf(right)) : pairsOf(isObject(left) ? left : {}, isObject(right) ? right : {});
  return pairs.some(([one, other]) => differsAt(one, other, rest));
}

function pairsOf(
  left: Readonly<Record<string, JsonValue>>, right: Readonly<Record<string, JsonValue>>,
): [JsonValue | undefined, JsonValue | undefined][] {
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].map((key) => [left[key], right[key]]);
}

/** The entries of a list, each under its name if they have names: an entry that others are put before is still the same. */
function listOf(value: JsonValue | undefined): JsonObject {
  const entries = Array.isArray(value) ? value : [];
  return Object.fromEntries(entries.map((entry, index) => {
    const named = isObject(entry) ? entry.IndexName ?? entry.Name : undefined;
    return [typeof named === 'string' ? named : String(index), entry];
  }));
}

function memberAt(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isObject(value) ? value[name] : undefined;
}
