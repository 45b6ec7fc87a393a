import { isObject, JsonObject, JsonValue, parseJson } from '../../json';
import { literally } from '../../regular-expression';

/** Compares values with recorded ones, in which placeholders stand for any value and numbered ones for the same everywhere in a file. */
export class Matcher {
  private readonly pattern?: RegExp;
  private bound = new Map<string, JsonValue>();

  constructor(placeholders: readonly string[]) {
    if (placeholders.length > 0) this.pattern = new RegExp(placeholders.map(literally).join('|'), 'g');
  }

  /** Undefined if they match, else where and how they differ. */
  difference(expected: JsonValue | undefined, actual: JsonValue | undefined, path: string = ''): string | undefined {
    if (typeof expected === 'string' && this.isPlaceholder(expected)) return actual === undefined ? differ(path, expected, actual) : this.bind(expected, actual, path);
    if (typeof expected === 'string' && typeof actual === 'string') return this.textDifference(expected, actual, path);
    // The recording holds JSON texts parsed.
    if (typeof actual === 'string' && expected !== undefined) {
      const parsed = parsedObject(actual) ?? parseJson(actual);
      if (parsed !== undefined) return this.difference(expected, parsed, path);
    }
    if (Array.isArray(expected) && Array.isArray(actual)) return this.listDifference(expected, actual, path);
    if (isObject(expected) && isObject(actual)) return this.objectDifference(expected, actual, path);
    return Object.is(expected, actual) || expected === actual ? undefined : differ(path, expected, actual);
  }

  /** Like `difference`, but binds nothing unless everything matches. */
  matches(expected: JsonValue, actual: JsonValue): boolean {
    const before = new Map(this.bound);
    if (this.difference(expected, actual) === undefined) return true;
    this.bound = before;
    return false;
  }

  /** A recorded request with the placeholders it took from earlier answers filled in. */
  fill(value: JsonValue): JsonValue {
    if (Array.isArray(value)) return value.map((item) => this.fill(item));
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.fill(item)]));
    if (typeof value !== 'string' || this.pattern === undefined) return value;
    return value.replace(this.pattern, (placeholder) => String(this.bound.get(placeholder) ?? placeholder));
  }

  private isPlaceholder(text: string): boolean {
    return this.pattern !== undefined && text.replace(this.pattern, '') === '' && text.match(this.pattern)?.length === 1;
  }

  private bind(placeholder: string, actual: JsonValue, path: string): string | undefined {
    const known = this.bound.get(placeholder);
    this.bound.set(placeholder, actual);
    const numbered = /:\d+>$/.test(placeholder);
    if (!numbered || known === undefined || JSON.stringify(known) === JSON.stringify(actual)) return undefined;
    return differ(path, `${placeholder} = ${JSON.stringify(known)}`, actual);
  }

  private textDifference(expected: string, actual: string, path: string): string | undefined {
    if (expected === actual) return undefined;
    const [left, right] = [parsedObject(expected), parsedObject(actual)];
    if (left !== undefined && right !== undefined) return this.difference(left, right, path);
    const placeholders = this.pattern === undefined ? [] : (expected.match(this.pattern) ?? []);
    if (this.pattern === undefined || placeholders.length === 0) return differ(path, expected, actual);
    const found = new RegExp(`^${expected.split(this.pattern).map(literally).join('([^]*?)')}$`).exec(actual);
    if (found === null) return differ(path, expected, actual);
    return first(placeholders, (placeholder, index) => this.bind(placeholder, found[index + 1], path));
  }

  private listDifference(expected: readonly JsonValue[], actual: readonly JsonValue[], path: string): string | undefined {
    if (expected.length !== actual.length) return differ(`${path}.length`, expected.length, actual.length);
    return first(expected, (item, index) => this.difference(item, actual[index], `${path}[${index}]`));
  }

  private objectDifference(expected: JsonObject, actual: JsonObject, path: string): string | undefined {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return first(names, (name) => this.difference(expected[name], actual[name], `${path}.${name}`));
  }
}

function first<T>(items: readonly T[], test: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = test(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function differ(path: string, expected: JsonValue | undefined, actual: JsonValue | undefined): string {
  return `${path === '' ? 'value' : path}: expected ${print(expected)}, got ${print(actual)}`;
}

function print(value: JsonValue | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function parsedObject(text: string): JsonValue | undefined {
  return /^\s*[{[]/.test(text) ? parseJson(text) : undefined;
}

