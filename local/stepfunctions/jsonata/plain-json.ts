import { JsonObject, JsonValue } from '../../json';

/** Marks that JSONata leaves on lists; with them a list behaves otherwise in the next expression. */
const listMarks = ['sequence', 'keepSingleton', 'cons', 'tupleStream', 'outerWrapper'];

/** Marks of functions, which are objects where they are written in JSONata. */
const functionMarks = ['_jsonata_lambda', '_jsonata_function'];

/** Turns results of JSONata into JSON. What is JSON already stays the same value, and is looked through once only. */
export class PlainJson {
  private readonly known = new WeakSet<object>();

  /** Undefined for a function, and for what holds one. */
  of(value: unknown): JsonValue | undefined {
    if (this.isPlain(value)) return value;
    // As on AWS: JSON has no word for them.
    if (typeof value === 'number') return String(value);
    if (Array.isArray(value)) return this.list(value);
    return typeof value === 'object' && value !== null && !hasOneOf(value, functionMarks) ? this.object(value) : undefined;
  }

  private isPlain(value: unknown): value is JsonValue {
    if (typeof value === 'number') return Number.isFinite(value);
    if (typeof value !== 'object' || value === null) return typeof value === 'string' || typeof value === 'boolean' || value === null;
    if (this.known.has(value)) return true;
    // Objects that JSONata makes have no prototype.
    if (hasOneOf(value, Array.isArray(value) ? listMarks : functionMarks) || Object.getPrototypeOf(value) === null) return false;
    const plain = Object.values(value).every((item) => this.isPlain(item));
    if (plain) this.known.add(value);
    return plain;
  }

  private list(items: readonly unknown[]): JsonValue[] | undefined {
    const plain = items.map((item) => (item === undefined ? null : this.of(item)));
    return plain.every((item) => item !== undefined) ? plain : undefined;
  }

  private object(value: object): JsonObject | undefined {
    const members: [string, JsonValue][] = [];
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      const item = this.of(member);
      if (item === undefined) return undefined;
      members.push([name, item]);
    }
    return Object.fromEntries(members);
  }
}

function hasOneOf(value: object, names: readonly string[]): boolean {
  return names.some((name) => Object.prototype.hasOwnProperty.call(value, name));
}
