import { isObject, JsonObject, JsonValue } from './json';

/**
 * JSON as AWS keeps it, for data that passes through the local cloud: members stay in their order, and no whole number turns into another.
 * Everything is a plain JavaScript value, so that nobody has to know. See docs/decisions/0026.
 */

/** A number that JavaScript cannot hold. */
export class InexactNumber extends Error {
  constructor(readonly number: string) {
    super(`the local cloud cannot hold the number ${number} exactly; whole numbers from -${Number.MAX_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER} it can`);
  }
}

/** The names of an object in their order, where JavaScript has another one: it moves names such as "10" to the front. */
const ORDER: unique symbol = Symbol('order of members');

/** What makes a text worth a closer look: many digits or a large exponent, or a name of digits. */
const suspicious = /\d{16}|\d[eE]\+?\d{3}|"\d+"\s*:/;

/** The names of an object, in order. */
export function namesOf(object: JsonObject): readonly string[] {
  const order: unknown = Reflect.get(object, ORDER);
  return Array.isArray(order) ? order : Object.keys(object);
}

/** The members of an object, in order. */
export function membersOf(object: JsonObject): (readonly [string, JsonValue])[] {
  return namesOf(object).map((name) => [name, object[name]] as const);
}

/** An object of these members in this order. Of two with one name the later value counts, at the place of the first. */
export function objectOf(members: readonly (readonly [string, JsonValue])[]): JsonObject {
  return inOrder(Object.fromEntries(members), members.map(([name]) => name));
}

/** A copy with one member set: in its place, or at the end. */
export function withMember(object: JsonObject, name: string, value: JsonValue): JsonObject {
  const changed = { ...object, [name]: value };
  return isIndex(name) || Object.hasOwn(object, ORDER) ? inOrder(changed, [...namesOf(object), name]) : changed;
}

/** Parses a text; throws `SyntaxError` for one that is no JSON, and `InexactNumber`. */
export function readJson<T = JsonValue>(text: string): T {
  const value: T = JSON.parse(text);
  if (suspicious.test(text)) new SecondLook(text).lookAt(value);
  return value;
}

/** The value that a text is the JSON of; undefined for a text that is no JSON. Throws `InexactNumber`. */
export function readJsonIfAny(text: string): JsonValue | undefined {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A value as AWS puts it into messages: strings as they are, everything else as JSON. */
export function printExactly(value: JsonValue): string {
  return typeof value === 'string' ? value : writeJson(value);
}

/** The JSON text of a value, compact. */
export function writeJson(value: JsonValue): string {
  const text = JSON.stringify(value);
  return suspicious.test(text) ? write(value) : text;
}

function write(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (isObject(value)) return `{${membersOf(value).filter(([, member]) => member !== undefined).map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`).join(',')}}`;
  return JSON.stringify(value);
}

/** Notes the order of an object that was just made, where it is not the one of JavaScript. */
function inOrder<T extends object>(object: T, names: readonly string[]): T {
  const indexed = names.some(isIndex);
  if (!indexed && !Object.hasOwn(object, ORDER)) return object;
  const order = [...new Set(names)];
  const kept = !indexed || Object.keys(object).every((name, at) => name === order[at]);
  if (kept) Reflect.deleteProperty(object, ORDER);
  else Object.defineProperty(object, ORDER, { value: order, configurable: true });
  return object;
}

function isIndex(name: string): boolean {
  return /^\d{1,10}$/.test(name);
}

/** Reads a JSON text along with the value that it was parsed to, for what the parser of JavaScript loses: the order of names, and digits. */
class SecondLook {
  private position = 0;

  constructor(private readonly text: string) {}

  lookAt(value: unknown): void {
    this.take(/\s*/y);
    switch (this.text[this.position]) {
      case '{': return this.object(value);
      case '[': return this.list(value);
      case '"': return void this.string();
      default: return this.word();
    }
  }

  private object(value: unknown): void {
    const names: string[] = [];
    this.parts('}', () => {
      const name: string = JSON.parse(this.string());
      names.push(name);
      this.take(/\s*:/y);
      this.lookAt(partOf(value, name));
    });
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) inOrder(value, names);
  }

  private list(value: unknown): void {
    let index = 0;
    this.parts(']', () => this.lookAt(partOf(value, String(index++))));
  }

  private parts(end: string, part: () => void): void {
    do {
      this.position++;
      this.take(/\s*/y);
      if (this.text[this.position] === end) break;
      part();
      this.take(/\s*/y);
    } while (this.text[this.position] === ',');
    this.position++;
  }

  private string(): string {
    return this.take(/"(?:[^"\\]|\\.)*"/y);
  }

  private word(): void {
    const word = this.take(/[-+.\w]+/y);
    if (!/^[-\d]/.test(word)) return;
    const number = Number(word);
    // A whole number must come out as it went in; others are doubles on AWS too.
    const exact = /^-?\d+$/.test(word) ? Object.is(number, -0) || String(number) === word : Number.isFinite(number);
    if (!exact) throw new InexactNumber(word);
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.position += found.length;
    return found;
  }
}

/** A member or item; nothing where an earlier member of the same name had another shape. */
function partOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
