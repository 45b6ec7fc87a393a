import { JsonTextError, parseJsonText } from './json-text';
import { ServiceError } from '../../aws/service';
import { isObject, JsonObject, JsonValue } from '../../json';
import { NotImplemented } from '../../not-implemented';
import { MAX_PAYLOAD_BYTES } from '../interpreter/payload';

/** Longest name of a state machine or an execution. */
const MAX_NAME_LENGTH = 80;
/** Longest ARN, and members that take a longer one. Source: API reference. */
export const MAX_ARN = 256;
const MAX_LONG_ARN = 2000;
const LONG_ARNS: readonly string[] = ['mapRunArn', 'stateMachineVersionArn'];
/** Longest X-Ray header. Source: API reference of StartExecution. */
export const MAX_TRACE_HEADER = 256;
/** Longest definition in characters. Source: API reference of CreateStateMachine. */
export const MAX_DEFINITION = 1_048_576;
/** Members whose value no message repeats. Source: the sensitive shapes of the SDK's model. */
const SENSITIVE: readonly string[] = ['definition', 'description', 'versionDescription', 'input', 'output', 'error', 'cause'];
/** White space, brackets, wildcards, `"#%\^|~`$&,;:/` and control characters. */
const forbiddenInNames = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\ufffe\uffff]/u;

/** The input of an execution, as text and as what it says. */
export interface ExecutionInput {
  readonly text: string;
  readonly value: JsonValue;
}

/** The input of an operation, read strictly: a member that nobody asked for is an error that names it. */
export class Request {
  private readonly unread: Set<string>;

  /** @param path where the input stands in that of the operation: empty or ending in a dot */
  constructor(private readonly operation: string, private readonly input: JsonObject, private readonly path: string = '') {
    this.unread = new Set(Object.keys(input));
  }

  string(name: string, maxLength?: number, minLength?: number): string {
    return this.optionalString(name, maxLength, minLength)
      ?? this.refuse(`Value null at '${this.path}${name}' failed to satisfy constraint: Member must not be null`);
  }

  optionalString(name: string, maxLength: number = Infinity, minLength: number = 0): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.refuse(`Value at '${this.path}${name}' must be a string`);
    if (value.length >= minLength && value.length <= maxLength) return value;
    const shown = SENSITIVE.includes(name) ? 'Value' : `Value '${value}'`;
    const bound = value.length < minLength ? `greater than or equal to ${minLength}` : `less than or equal to ${maxLength}`;
    return this.refuse(`${shown} at '${this.path}${name}' failed to satisfy constraint: Member must have length ${bound}`);
  }

  /** One of a set of texts. */
  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.optionalString(name);
    const known = allowed.find((candidate) => candidate === value);
    if (value === undefined || known !== undefined) return known;
    return this.refuse(`Value '${value}' at '${this.path}${name}' failed to satisfy constraint: Member must satisfy enum value set: [${allowed.join(', ')}]`);
  }

  /** An object, read as strictly. */
  object<T>(name: string, read: (members: Request) => T): T | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : this.nested(`${this.path}${name}`, value, read);
  }

  /** A list of objects, each read as strictly. */
  objects<T>(name: string, read: (members: Request) => T): T[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.refuse(`Value at '${this.path}${name}' must be a list`);
    return value.map((item, index) => this.nested(`${this.path}${name}.${index + 1}.member`, item, read));
  }

  boolean(name: string): boolean | undefined {
    const value = this.value(name);
    return value === undefined || typeof value === 'boolean' ? value : this.refuse(`Value at '${this.path}${name}' must be a boolean`);
  }

  integer(name: string, least: number, most: number): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value)) return this.refuse(`Value at '${this.path}${name}' must be an integer`);
    const bound = value < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
    if (value >= least && value <= most) return value;
    return this.refuse(`Value '${value}' at '${this.path}${name}' failed to satisfy constraint: Member must have value ${bound}`);
  }

  number(name: string, least: number, most: number): number | undefined {
    const value = this.value(name);
    if (value === undefined || (typeof value === 'number' && value >= least && value <= most)) return value;
    return this.refuse(`Value '${JSON.stringify(value)}' at '${this.path}${name}' failed to satisfy constraint: Member must have value between ${least} and ${most}`);
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

  /** An ARN of Step Functions of one of the given kinds, `execution` for instance. */
  arn(name: string, ...kinds: readonly string[]): string {
    const arn = this.string(name, LONG_ARNS.includes(name) ? MAX_LONG_ARN : MAX_ARN, 1);
    if (!arn.startsWith('arn:')) throw new ServiceError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
    const [, , service, , , resource] = arn.split(':');
    if (service !== 'states' || !kinds.includes(resource)) throw new ServiceError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${resource}'`);
    return arn;
  }

  /** The ARN of a state machine or of a version, but not of a distributed Map in one: `machine/label`. */
  wholeMachineArn(): string {
    const arn = this.arn('stateMachineArn', 'stateMachine');
    if (arn.includes('/')) throw new ServiceError('ValidationException', `The ARN of a Distributed Map state is not supported by ${this.operation}: ${arn}`);
    return arn;
  }

  /** The input of an execution: a JSON text of at most 256 KiB. */
  executionInput(): ExecutionInput {
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

  /** Whether `includedData` asks for what a customer's key may encrypt. Default: yes. */
  includesData(): boolean {
    return this.oneOf('includedData', ['ALL_DATA', 'METADATA_ONLY']) !== 'METADATA_ONLY';
  }

  /** Members that are accepted although nothing acts on them. */
  ignore(...names: string[]): void {
    for (const name of names) this.unread.delete(name);
  }

  /** Reads a member that is implemented for some values only. */
  refuseUnless(name: string, implemented: (value: JsonValue | undefined) => boolean): void {
    const value = this.value(name);
    if (!implemented(value)) throw new NotImplemented('states', `${name} ${JSON.stringify(value)} of ${this.operation}`);
  }

  /** Fails for members that were not read. */
  assertAllRead(): void {
    if (this.unread.size === 0) return;
    const names = [...this.unread].map((name) => `${this.path}${name}`);
    throw new NotImplemented('states', `${names.join(', ')} of ${this.operation}`);
  }

  private nested<T>(path: string, value: JsonValue, read: (members: Request) => T): T {
    if (!isObject(value)) return this.refuse(`Value at '${path}' must be an object`);
    const members = new Request(this.operation, value, `${path}.`);
    const result = read(members);
    members.assertAllRead();
    return result;
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
