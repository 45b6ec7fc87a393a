import { JsonTextError, parseJsonText } from './json-text';
import { ServiceError } from '../../aws/service';
import { JsonObject, JsonValue } from '../../json';
import { MAX_PAYLOAD_BYTES } from '../interpreter/payload';

/** Longest name of a state machine or an execution. */
const MAX_NAME_LENGTH = 80;
/** White space, brackets, wildcards, `"#%\^|~`$&,;:/` and control characters. */
const forbiddenInNames = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\ufffe\uffff]/u;

/** The input of an operation, read strictly: a member that nobody asked for is an error that names it. */
export class Request {
  private readonly unread: Set<string>;

  constructor(private readonly operation: string, private readonly input: JsonObject) {
    this.unread = new Set(Object.keys(input));
  }

  string(name: string, maxLength?: number): string {
    return this.optionalString(name, maxLength) ?? this.refuse(`Value null at '${name}' failed to satisfy constraint: Member must not be null`);
  }

  optionalString(name: string, maxLength: number = Infinity): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.refuse(`Value at '${name}' must be a string`);
    if (value.length <= maxLength) return value;
    return this.refuse(`Value at '${name}' failed to satisfy constraint: Member must have length less than or equal to ${maxLength}`);
  }

  boolean(name: string): boolean | undefined {
    const value = this.value(name);
    return value === undefined || typeof value === 'boolean' ? value : this.refuse(`Value at '${name}' must be a boolean`);
  }

  integer(name: string, least: number, most: number): number | undefined {
    const value = this.value(name);
    if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)) return value;
    return this.refuse(`Value '${JSON.stringify(value)}' at '${name}' failed to satisfy constraint: Member must have value between ${least} and ${most}`);
  }

  value(name: string): JsonValue | undefined {
    this.unread.delete(name);
    return this.input[name] ?? undefined;
  }

  /** The name of a new state machine or execution. */
  name(name: string): string | undefined {
    const value = this.optionalString(name);
    if (value === undefined) return undefined;
    assertName(value);
    return value;
  }

  /** An ARN of Step Functions of the given kind, `execution` for instance. */
  arn(name: string, kind: string): string {
    const arn = this.string(name);
    if (!arn.startsWith('arn:')) throw new ServiceError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
    const [, , service, , , resource] = arn.split(':');
    if (service !== 'states' || resource !== kind) throw new ServiceError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${resource}'`);
    return arn;
  }

  /** The input of an execution: a JSON text of at most 256 KiB. */
  executionInput(): { text: string; value: JsonValue } {
    const text = this.optionalString('input') ?? '{}';
    if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES) {
      return this.refuse(`Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PAYLOAD_BYTES}`);
    }
    try {
      return { text, value: parseJsonText(text) };
    } catch (error) {
      if (!(error instanceof JsonTextError)) throw error;
      throw new ServiceError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${error.message}'`);
    }
  }

  /** Members that are accepted although nothing acts on them. */
  ignore(...names: string[]): void {
    for (const name of names) this.unread.delete(name);
  }

  /** Reads a member that is implemented for some values only. */
  refuseUnless(name: string, implemented: (value: JsonValue | undefined) => boolean): void {
    const value = this.value(name);
    if (!implemented(value)) throw new Error(`states: the local cloud does not implement ${name} ${JSON.stringify(value)} of ${this.operation}`);
  }

  /** Fails for members that were not read. */
  assertAllRead(): void {
    if (this.unread.size > 0) throw new Error(`states: the local cloud does not implement ${[...this.unread].join(', ')} of ${this.operation}`);
  }

  private refuse(problem: string): never {
    throw invalid(problem);
  }
}

/** Fails for what no state machine and no execution can be called. */
export function assertName(name: string): void {
  if (name.length < 1 || name.length > MAX_NAME_LENGTH) {
    const bound = name.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${MAX_NAME_LENGTH}`;
    throw invalid(`Value '${name}' at 'name' failed to satisfy constraint: Member must have length ${bound}`);
  }
  if (forbiddenInNames.test(name)) throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
}

function invalid(problem: string): ServiceError {
  return new ServiceError('ValidationException', `1 validation error detected: ${problem}`);
}
