import fc from 'fast-check';
import { isObject, JsonValue } from '../../../local/json';

export type Path = readonly (string | number)[];

const copy = (definition: JsonValue): JsonValue => JSON.parse(JSON.stringify(definition));

/** Every place in a value. */
export function placesIn(value: JsonValue, path: Path = []): Path[] {
  if (Array.isArray(value)) return [path, ...value.flatMap((item, index) => placesIn(item, [...path, index]))];
  return [path, ...Object.entries(isObject(value) ? value : {}).flatMap(([name, item]) => placesIn(item, [...path, name]))];
}

/** A copy in which the value at the path is what `change` makes of it; undefined takes it away. */
function changedAt(value: JsonValue, [step, ...rest]: Path, change: (old: JsonValue) => JsonValue | undefined): JsonValue | undefined {
  if (step === undefined) return change(copy(value));
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      const made = index === step ? changedAt(item, rest, change) : item;
      return made === undefined ? [] : [made];
    });
  }
  const entries = Object.entries(isObject(value) ? value : {})
    .map(([name, item]) => [name, name === step ? changedAt(item, rest, change) : item] as const);
  return Object.fromEntries(entries.flatMap(([name, item]) => (item === undefined ? [] : [[name, item]])));
}

const others: readonly JsonValue[] = [null, 1, -1, 0.5, 100_000_000, 'text', '$.a', '{% 1 %}', '{% name %}', true, [], {}, ['x']];

/** Everything that can be done to one place. */
export function mutations(definition: JsonValue, path: Path): JsonValue[] {
  const changes: ((old: JsonValue) => JsonValue | undefined)[] = [
    (old) => (isObject(old) ? { ...old, Colour: 'red' } : old),
    ...(path.length === 0 ? [] : [() => undefined, ...others.map((other) => () => other)]),
  ];
  return changes.flatMap((change) => {
    const made = changedAt(definition, path, change);
    return made === undefined ? [] : [made];
  });
}

/** A definition with one change anywhere. */
export function changed(definition: JsonValue): fc.Arbitrary<JsonValue> {
  return fc.constantFrom(...placesIn(definition)).chain((path) => fc.constantFrom(...mutations(definition, path)));
}
