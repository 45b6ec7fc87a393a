import { ServiceError } from '../aws/service';
import { isObject, JsonObject, JsonValue } from '../json';

/** Reads the input of an operation strictly: a member of the wrong type is the caller's fault, one that nobody read is not implemented. */
export class InputReader {
  private readonly unread: Set<string>;

  /** @param refusal Error code for a member of the wrong type. */
  constructor(private readonly operation: string, private readonly input: JsonObject, private readonly refusal = 'ValidationException') {
    this.unread = new Set(Object.keys(input).filter((name) => input[name] !== null));
  }

  string(name: string): string {
    const value = this.optionalString(name);
    if (value === undefined) throw new ServiceError(this.refusal, `${this.operation}: ${name} must not be null`);
    return value;
  }

  optionalString(name: string): string | undefined {
    const value = this.take(name);
    return value === undefined || typeof value === 'string' ? value : this.wrong(name, 'a string');
  }

  optionalInteger(name: string, range: { readonly min: number; readonly max: number }): number | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value)) return this.wrong(name, 'an integer');
    return value >= range.min && value <= range.max ? value : this.wrong(name, `between ${range.min} and ${range.max}`);
  }

  optionalNumber(name: string): number | undefined {
    const value = this.take(name);
    return value === undefined || typeof value === 'number' ? value : this.wrong(name, 'a number');
  }

  strings(name: string): string[] | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.wrong(name, 'a list of strings');
    return value.map((item) => (typeof item === 'string' ? item : this.wrong(name, 'a list of strings')));
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.take(name);
    return value === undefined || typeof value === 'boolean' ? value : this.wrong(name, 'a boolean');
  }

  object(name: string): InputReader {
    const value = this.take(name);
    return isObject(value) ? new InputReader(`${this.operation}.${name}`, value, this.refusal) : this.wrong(name, 'an object');
  }

  objects(name: string): InputReader[] {
    const value = this.take(name);
    if (!Array.isArray(value)) return this.wrong(name, 'a list');
    return value.map((item) => {
      if (!isObject(item)) return this.wrong(name, 'a list of objects');
      return new InputReader(`${this.operation}.${name}`, item, this.refusal);
    });
  }

  /** Fails if the input holds something that was not read. */
  end(): void {
    if (this.unread.size > 0) throw new Error(`The local cloud does not implement ${[...this.unread].sort().join(', ')} of ${this.operation}`);
  }

  private take(name: string): JsonValue | undefined {
    this.unread.delete(name);
    return this.input[name] ?? undefined;
  }

  private wrong(name: string, expected: string): never {
    throw new ServiceError(this.refusal, `${this.operation}: ${name} must be ${expected}, got ${JSON.stringify(this.input[name])}`);
  }
}
