import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { InexactNumber, membersOf, objectOf, readJson, writeJson } from '../../exact-json';
import { isObject, JsonValue } from '../../json';
import { javaText } from '../java-text';
import { seededRandom } from '../jsonata/java-random';

/** What the functions take from outside: the sources of chance. */
export interface Chance {
  /** A number from 0 (inclusive) to 1 (exclusive). */
  random(): number;
  /** A version 4 UUID. */
  uuid(): string;
}

/** A call that cannot be performed; becomes `States.Runtime`: AWS keeps the name States.IntrinsicFailure "for future use" (developer guide, "Error names"). */
export class IntrinsicError extends Error {}

type IntrinsicFunction = (args: readonly JsonValue[], chance: Chance) => JsonValue;

/** `States.ArrayRange` gives at most this many items; the source of this and the next number is the AWS documentation of the functions. */
const MAX_RANGE_ITEMS = 1000;
/** Longest text for `Base64Encode`, `Base64Decode` and `Hash`, in characters. */
const MAX_TEXT_LENGTH = 10_000;
/** What `java.util.Base64` decodes: the basic alphabet, with or without padding at the end. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
const hashAlgorithms = new Map([['MD5', 'md5'], ['SHA-1', 'sha1'], ['SHA-256', 'sha256'], ['SHA-384', 'sha384'], ['SHA-512', 'sha512']]);

const functions: Readonly<Record<string, IntrinsicFunction>> = {
  'States.Array': (args) => [...args],
  'States.ArrayPartition': (args) => {
    const [items, size] = [list(args, 0), positive(args, 1)];
    return Array.from({ length: Math.ceil(items.length / size) }, (_, chunk) => items.slice(chunk * size, (chunk + 1) * size));
  },
  'States.ArrayContains': (args) => list(args, 0).some((item) => isDeepStrictEqual(item, args[1])),
  'States.ArrayRange': (args) => {
    const [first, last, step] = [integer(args, 0), integer(args, 1), integer(args, 2)];
    if (step === 0) throw new IntrinsicError('The step of the range must not be zero');
    const length = Math.max(0, Math.floor((last - first) / step) + 1);
    if (length > MAX_RANGE_ITEMS) throw new IntrinsicError(`The range has ${length} items, more than ${MAX_RANGE_ITEMS}`);
    return Array.from({ length }, (_, index) => first + index * step);
  },
  'States.ArrayGetItem': (args) => {
    const [items, index] = [list(args, 0), integer(args, 1)];
    if (index < 0 || index >= items.length) throw new IntrinsicError(`The index ${index} is out of bounds for an array of length ${items.length}`);
    return items[index];
  },
  'States.ArrayLength': (args) => list(args, 0).length,
  'States.ArrayUnique': (args) => unique(list(args, 0)),
  'States.Base64Encode': (args) => Buffer.from(shortText(args, 0), 'utf8').toString('base64'),
  'States.Base64Decode': (args) => {
    const encoded = shortText(args, 0);
    if (!BASE64.test(encoded)) throw new IntrinsicError('The text is not valid Base64');
    return Buffer.from(encoded, 'base64').toString('utf8');
  },
  'States.Hash': (args) => {
    const algorithm = hashAlgorithms.get(text(args, 1));
    if (algorithm === undefined) throw new IntrinsicError(`The algorithm must be one of ${[...hashAlgorithms.keys()].join(', ')}`);
    const data = args[0];
    return createHash(algorithm).update(typeof data === 'string' ? shortText(args, 0) : writeJson(data)).digest('hex');
  },
  'States.JsonMerge': (args) => {
    const [first, second, deep] = [args[0], args[1], args[2]];
    if (!isObject(first) || !isObject(second)) throw new IntrinsicError('Both values to merge must be JSON objects');
    if (deep !== false) throw new IntrinsicError('Only shallow merging is supported: the third argument must be false');
    return objectOf([...membersOf(first), ...membersOf(second)]);
  },
  'States.JsonToString': (args) => writeJson(args[0]),
  'States.StringToJson': (args) => {
    const source = text(args, 0);
    // Recorded on AWS: nothing is null.
    if (source.trim() === '') return null;
    try {
      return readJson(source);
    } catch (error) {
      if (error instanceof SyntaxError) throw new IntrinsicError('The text is not valid JSON');
      throw error;
    }
  },
  'States.MathRandom': (args, chance) => {
    const [from, to] = [integer(args, 0), integer(args, 1)];
    if (to <= from) throw new IntrinsicError('The end of the range must be greater than its start');
    const random = args.length > 2 ? seededRandom(integer(args, 2)) : chance.random();
    return from + Math.floor(random * (to - from));
  },
  'States.MathAdd': (args) => exact(integer(args, 0) + integer(args, 1)),
  'States.StringSplit': (args) => split(text(args, 0), text(args, 1)),
  'States.UUID': (_, chance) => chance.uuid(),
  'States.Format': ([template, ...values]) => format(template, values),
};

/** How many arguments each function takes: at least, at most. */
const arity: Readonly<Record<string, readonly [number, number]>> = {
  'States.Array': [0, Infinity],
  'States.ArrayPartition': [2, 2],
  'States.ArrayContains': [2, 2],
  'States.ArrayRange': [3, 3],
  'States.ArrayGetItem': [2, 2],
  'States.ArrayLength': [1, 1],
  'States.ArrayUnique': [1, 1],
  'States.Base64Encode': [1, 1],
  'States.Base64Decode': [1, 1],
  'States.Hash': [2, 2],
  'States.JsonMerge': [3, 3],
  'States.JsonToString': [1, 1],
  'States.StringToJson': [1, 1],
  'States.MathRandom': [2, 3],
  'States.MathAdd': [2, 2],
  'States.StringSplit': [2, 2],
  'States.UUID': [0, 0],
  'States.Format': [1, Infinity],
};

/** All 18 functions. */
export const functionNames: readonly string[] = Object.keys(functions);

/** Whether a function takes this many arguments. */
export function fitsArity(name: string, count: number): boolean {
  const [least, most] = arity[name];
  return count >= least && count <= most;
}

/** Performs a call. The first argument of `States.Format` is its template with the escapes still in it. */
export function callFunction(name: string, args: readonly JsonValue[], chance: Chance): JsonValue {
  if (!fitsArity(name, args.length)) throw new IntrinsicError(`Invalid number of arguments for ${name}: ${args.length}`);
  return functions[name](args, chance);
}

/** Each `{}` takes the next value; a backslash makes the next character an ordinary one. */
function format(template: JsonValue, values: readonly JsonValue[]): string {
  if (typeof template !== 'string') throw new IntrinsicError('The template must be a string');
  let next = 0;
  const result = template.replace(/\\([^])|\{\}/g, (_, escaped?: string) => {
    if (escaped !== undefined) return escaped;
    if (next >= values.length) throw new IntrinsicError('The template has more placeholders than there are values');
    return javaText(values[next++]);
  });
  if (next < values.length) throw new IntrinsicError('There are more values than the template has placeholders');
  return result;
}


/** Every character of `delimiters` separates; empty pieces are dropped. */
function split(source: string, delimiters: string): string[] {
  const pieces: string[] = [''];
  for (const character of source) {
    if (delimiters.includes(character)) pieces.push('');
    else pieces[pieces.length - 1] += character;
  }
  return pieces.filter((piece) => piece !== '');
}

function unique(items: readonly JsonValue[]): JsonValue[] {
  return items.filter((item, index) => items.findIndex((other) => isDeepStrictEqual(item, other)) === index);
}

function list(args: readonly JsonValue[], at: number): readonly JsonValue[] {
  const value = args[at];
  return Array.isArray(value) ? value : wrong(at, 'an array', value);
}

function text(args: readonly JsonValue[], at: number): string {
  const value = args[at];
  return typeof value === 'string' ? value : wrong(at, 'a string', value);
}

function shortText(args: readonly JsonValue[], at: number): string {
  const value = text(args, at);
  if (value.length > MAX_TEXT_LENGTH) throw new IntrinsicError(`Argument ${at + 1} has ${value.length} characters, more than ${MAX_TEXT_LENGTH}`);
  return value;
}

/** A sum that may have grown too large to be held. */
function exact(sum: number): number {
  if (!Number.isSafeInteger(sum)) throw new InexactNumber(String(sum));
  return sum;
}

/** AWS rounds a number that is not whole. */
function integer(args: readonly JsonValue[], at: number): number {
  const value = args[at];
  return typeof value === 'number' ? Math.round(value) : wrong(at, 'a number', value);
}

function positive(args: readonly JsonValue[], at: number): number {
  const value = integer(args, at);
  return value > 0 ? value : wrong(at, 'a positive number', value);
}

function wrong(at: number, expected: string, value: JsonValue): never {
  throw new IntrinsicError(`Argument ${at + 1} must be ${expected}, got ${writeJson(value)}`);
}
