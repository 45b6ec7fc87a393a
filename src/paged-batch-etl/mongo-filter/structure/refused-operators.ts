import { JsonValue } from './json-value';
import { walkMembers } from './walk-members';

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

/** The operators with which pages cannot be read, sorted, as phrases: `$where, which runs code on the server`. */
export function findRefusedOperators(filter: JsonValue): string[] {
  const found = new Set<string>();
  walkMembers(filter, (key) => {
    const why = REFUSED_OPERATORS.get(key);
    if (why !== undefined) found.add(`${key}, which ${why}`);
  });
  return [...found].sort();
}
