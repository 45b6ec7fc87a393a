import { Item, Path } from 'dynalite/db';
import { isObject, JsonObject, JsonValue } from '../json';

/** `S`, `N`, `BOOL`, …: the type of an attribute value such as `{ S: 'text' }`. */
export function typeOf(value: JsonObject): string {
  return Object.keys(value)[0];
}

/** What stands at a document path of an item. */
export function valueAt(path: Path, item: Item): JsonObject | undefined {
  let found: JsonValue = { M: item };
  for (const piece of path) {
    const container: JsonValue | undefined = isObject(found) ? found[typeof piece === 'number' ? 'L' : 'M'] : undefined;
    if (typeof container !== 'object' || container === null || !Object.hasOwn(container, piece)) return undefined;
    found = Reflect.get(container, piece);
  }
  return isObject(found) ? found : undefined;
}
