import { replaceAll, replaceFirst, matchesWhole, split } from './java-regex';
import { TemplateError } from './template-error';
import { equal, JavaList, JavaMap, JavaValue, ProvidedObject, typeName } from './values';

/** Calls a method of Java's `String`, `Map`, `List` or number on a value; a method that is not in the tables below is an error naming it. */
export function callMethod(receiver: JavaValue, name: string, parameters: readonly JavaValue[]): JavaValue {
  if (receiver === null) return null;
  if (receiver instanceof ProvidedObject) return receiver.call(name, parameters);
  if (typeof receiver === 'string') return find(STRING_METHODS, receiver, name)(receiver, new Parameters(name, parameters));
  if (receiver instanceof Map) return find(MAP_METHODS, receiver, name)(receiver, new Parameters(name, parameters));
  if (receiver instanceof JavaList) {
    const method = find(LIST_METHODS, receiver, name);
    if (!method.kinds.includes(receiver.kind)) throw new TemplateError(`method ${name} of a ${receiver.kind} is not implemented`);
    return method.call(receiver, new Parameters(name, parameters));
  }
  if (name === 'toString' && parameters.length === 0 && typeof receiver !== 'object') return String(receiver);
  throw new TemplateError(`method ${name} of a ${typeName(receiver)} is not implemented`);
}

/** What a call passes, read by position and type. */
export class Parameters {
  constructor(private readonly method: string, private readonly values: readonly JavaValue[]) {}

  count(minimum: number, maximum: number = minimum): this {
    if (this.values.length < minimum || this.values.length > maximum) this.fail(`${this.values.length} arguments`);
    return this;
  }

  has(position: number): boolean {
    return position < this.values.length;
  }

  any(position: number): JavaValue {
    return this.values[position];
  }

  text(position: number): string {
    const value = this.values[position];
    return typeof value === 'string' ? value : this.fail(`a ${typeName(value)}`);
  }

  index(position: number): number {
    const value = this.values[position];
    return typeof value === 'bigint' ? Number(value) : this.fail(`a ${typeName(value)}`);
  }

  private fail(got: string): never {
    throw new TemplateError(`method ${this.method} called with ${got} is not implemented`);
  }
}

type Method<T> = (receiver: T, parameters: Parameters) => JavaValue;
type ListKind = JavaList['kind'];

const STRING_METHODS: Readonly<Record<string, Method<string>>> = {
  concat: (text, p) => text + p.count(1).text(0),
  contains: (text, p) => text.includes(p.count(1).text(0)),
  endsWith: (text, p) => text.endsWith(p.count(1).text(0)),
  equals: (text, p) => text === p.count(1).any(0),
  equalsIgnoreCase: (text, p) => ascii(text).toLowerCase() === ascii(p.count(1).text(0)).toLowerCase(),
  indexOf: (text, p) => BigInt(text.indexOf(p.count(1).text(0))),
  isEmpty: (text, p) => p.count(0) && text === '',
  lastIndexOf: (text, p) => BigInt(text.lastIndexOf(p.count(1).text(0))),
  length: (text, p) => p.count(0) && BigInt(text.length),
  matches: (text, p) => matchesWhole(p.count(1).text(0), text),
  replace: (text, p) => text.replaceAll(p.count(2).text(0), () => p.text(1)),
  replaceAll: (text, p) => replaceAll(text, p.count(2).text(0), p.text(1)),
  replaceFirst: (text, p) => replaceFirst(text, p.count(2).text(0), p.text(1)),
  split: (text, p) => new JavaList(split(text, p.count(1).text(0)), 'array'),
  startsWith: (text, p) => text.startsWith(p.count(1).text(0)),
  substring: (text, p) => substring(text, p.count(1, 2).index(0), p.has(1) ? p.index(1) : text.length),
  toLowerCase: (text, p) => p.count(0) && ascii(text).toLowerCase(),
  toString: (text: string, p: Parameters) => p.count(0) && text,
  toUpperCase: (text, p) => p.count(0) && ascii(text).toUpperCase(),
  // Java trims every character up to the blank.
  trim: (text, p) => p.count(0) && text.replace(/^[\u0000- ]+|[\u0000- ]+$/g, ''),
};

const MAP_METHODS: Readonly<Record<string, Method<JavaMap>>> = {
  containsKey: (map, p) => map.has(p.count(1).text(0)),
  entrySet: (map, p) => p.count(0) && new JavaList([...map].map(([key, value]) => new MapEntry(key, value)), 'set'),
  get: (map, p) => map.get(p.count(1).text(0)) ?? null,
  isEmpty: (map, p) => p.count(0) && map.size === 0,
  keySet: (map, p) => p.count(0) && new JavaList([...map.keys()], 'set'),
  put: (map, p) => {
    const before = map.get(p.count(2).text(0)) ?? null;
    map.set(p.text(0), p.any(1));
    return before;
  },
  size: (map, p) => p.count(0) && BigInt(map.size),
  values: (map, p) => p.count(0) && new JavaList([...map.values()], 'set'),
};

const LIST_METHODS: Readonly<Record<string, { readonly kinds: readonly ListKind[]; readonly call: Method<JavaList> }>> = {
  add: { kinds: ['list'], call: (list, p) => list.items.push(p.count(1).any(0)) > 0 },
  contains: { kinds: ['list', 'set'], call: (list, p) => list.items.some((item) => equal(item, p.count(1).any(0))) },
  get: { kinds: ['list', 'array'], call: (list, p) => itemAt(list, p.count(1).index(0)) },
  isEmpty: { kinds: ['list', 'array', 'set'], call: (list, p) => p.count(0) && list.items.length === 0 },
  size: { kinds: ['list', 'array', 'set'], call: (list, p) => p.count(0) && BigInt(list.items.length) },
};

/** An item by position; beyond the end Velocity fails the rendering. */
export function itemAt(list: JavaList, index: number): JavaValue {
  if (index < 0 || index >= list.items.length) {
    throw new TemplateError(`index ${index} of a ${list.kind} of ${list.items.length}: the rendering fails`);
  }
  return list.items[index];
}

class MapEntry extends ProvidedObject {
  readonly source = 'a map entry';

  constructor(private readonly key: string, private readonly value: JavaValue) {
    super();
  }

  override property(name: string): JavaValue {
    if (name === 'key') return this.key;
    return name === 'value' ? this.value : super.property(name);
  }

  override call(name: string, parameters: readonly JavaValue[]): JavaValue {
    if (name === 'getKey') return this.key;
    return name === 'getValue' ? this.value : super.call(name, parameters);
  }
}

function find<T>(methods: Readonly<Record<string, T>>, receiver: JavaValue, name: string): T {
  if (!Object.hasOwn(methods, name)) throw new TemplateError(`method ${name} of a ${typeName(receiver)} is not implemented`);
  return methods[name];
}

function substring(text: string, from: number, to: number): string {
  if (from < 0 || to > text.length || from > to) {
    throw new TemplateError(`substring(${from}, ${to}) of ${text.length} characters: the rendering fails`);
  }
  return text.slice(from, to);
}

/** Upper and lower case outside ASCII depend on the locale and on Unicode's version. */
function ascii(text: string): string {
  if (/[^\u0000-\u007f]/.test(text)) throw new TemplateError('upper and lower case of characters outside ASCII are not implemented');
  return text;
}
