import { expectObject, isObject, JsonObject, JsonValue } from '../json';

/**
 * Properties of a resource, read strictly: after a provider is done, a property that it neither read nor named as not modelled is an error.
 * So nothing that a template says is silently ignored.
 */
export class StrictProperties {
  private readonly unread: Set<string>;

  constructor(
    private readonly values: JsonObject,
    /** Where we are, for messages: `MyBucket (AWS::S3::Bucket)`. */
    private readonly path: string,
  ) {
    this.unread = new Set(Object.keys(values));
  }

  has(name: string): boolean {
    return this.values[name] !== undefined;
  }

  /** Any value, taken as a whole: the reader answers for everything in it. */
  json(name: string): JsonValue | undefined {
    this.unread.delete(name);
    return this.values[name];
  }

  string(name: string): string {
    return this.optionalString(name) ?? this.missing(name);
  }

  optionalString(name: string): string | undefined {
    const value = this.json(name);
    return value === undefined ? undefined : scalarText(value) ?? this.wrong(name, 'a string', value);
  }

  number(name: string): number | undefined {
    const value = this.json(name);
    if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
    return value === undefined || typeof value === 'number' ? value : this.wrong(name, 'a number', value);
  }

  boolean(name: string): boolean | undefined {
    const value = this.json(name);
    if (value === 'true' || value === 'false') return value === 'true';
    return value === undefined || typeof value === 'boolean' ? value : this.wrong(name, 'a boolean', value);
  }

  /** `ENABLED` or `DISABLED`; enabled when absent. */
  enabled(name: string): boolean {
    const state = this.optionalString(name) ?? 'ENABLED';
    if (state !== 'ENABLED' && state !== 'DISABLED') return this.unsupported(name, 'another state than ENABLED and DISABLED');
    return state === 'ENABLED';
  }

  strings(name: string): string[] | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.wrong(name, 'a list of strings', value);
    return value.map((item) => (typeof item === 'string' ? item : this.wrong(name, 'a list of strings', value)));
  }

  /** A map of texts whose keys are the user's: content types, names of variables. Empty when absent. */
  texts(name: string): Map<string, string> {
    const value = this.json(name);
    if (value === undefined) return new Map();
    const refuse = () => this.wrong(name, 'a map of texts', value);
    return new Map(Object.entries(isObject(value) ? value : refuse()).map(([key, text]) => [key, scalarText(text) ?? refuse()]));
  }

  /** A nested object, read just as strictly. */
  object<T>(name: string, read: (properties: StrictProperties) => T): T | undefined {
    const value = this.json(name);
    return value === undefined ? undefined : this.nested(`${this.path}.${name}`, value, read);
  }

  /** A list of nested objects, each read just as strictly. */
  list<T>(name: string, read: (properties: StrictProperties) => T): T[] | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.wrong(name, 'a list', value);
    return value.map((item, index) => this.nested(`${this.path}.${name}[${index}]`, item, read));
  }

  /** Properties that are accepted although the local cloud does not act on them; say why in a comment at the call. */
  notModelled(...names: string[]): void {
    for (const name of names) this.unread.delete(name);
  }

  /** Fails for a value that the provider read but cannot honour. */
  unsupported(name: string, reason: string): never {
    throw new Error(`${this.path}.${name}: ${reason}, which the local cloud does not implement; got ${JSON.stringify(this.values[name])}`);
  }

  /** Fails if a property was not read. */
  assertAllRead(): void {
    if (this.unread.size > 0) {
      throw new Error(`${this.path}: the local cloud does not implement ${[...this.unread].sort().join(', ')}`);
    }
  }

  private nested<T>(path: string, value: JsonValue, read: (properties: StrictProperties) => T): T {
    const properties = new StrictProperties(expectObject(value, path), path);
    const result = read(properties);
    properties.assertAllRead();
    return result;
  }

  private missing(name: string): never {
    throw new Error(`${this.path}: required property ${name} is missing`);
  }

  private wrong(name: string, expected: string, value: JsonValue): never {
    throw new Error(`${this.path}.${name}: expected ${expected}, got ${JSON.stringify(value)}`);
  }
}

/** CloudFormation takes numbers and booleans for strings. */
function scalarText(value: JsonValue): string | undefined {
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string' ? String(value) : undefined;
}
