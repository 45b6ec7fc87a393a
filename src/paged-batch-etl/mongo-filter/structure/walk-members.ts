import { JsonValue, isObject } from './json-value';
import { isTypedValue } from './typed-values';

/** Visits the members of all objects, but for those of typed values and of literals. */
export function walkMembers(value: JsonValue, visit: (key: string, member: JsonValue) => void): void {
  if (Array.isArray(value)) {
    for (const entry of value) walkMembers(entry, visit);
  } else if (isObject(value) && !isTypedValue(value)) {
    for (const [key, member] of Object.entries(value)) {
      visit(key, member);
      if (key !== '$literal') walkMembers(member, visit);
    }
  }
}
