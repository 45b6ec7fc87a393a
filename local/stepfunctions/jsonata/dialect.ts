import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import { EvaluationError, memoryExceeded } from './evaluation-error';
import { seededRandom } from './java-random';
import { readJson } from '../../exact-json';
import { JsonValue, parseJson } from '../../json';
import { Chance } from '../intrinsics/functions';

/** What an expression can call or read by `$name`. */
export type Bindings = Readonly<Record<string, unknown>>;

/** Items that `$range` makes at most. Source: measured on AWS, floci-io/floci issue 2737. */
const MAX_RANGE_ITEMS = 360_145;

/** In the order in which AWS names them. */
const hashAlgorithms = ['SHA-1', 'SHA-384', 'SHA-256', 'SHA-512', 'MD5'];

const formattedTime = jsonata('$fromMillis(millis, picture, timezone)');

/**
 * The functions in which the JSONata of Step Functions differs from the package: those that AWS has added, `$eval` that it has taken away, and
 * those whose answers come from outside, time and chance. Sources: developer guide, "Transforming data with JSONata"; what AWS answers to
 * missing, surplus and wrong arguments is measured in floci-io/floci issue 2662.
 */
export function dialect(chance: Chance, now: () => number): Bindings {
  return {
    parse: withArity(1, (text: unknown, surplus: unknown) => {
      refuseSurplus('parse', 2, surplus);
      return text === undefined ? undefined : parse(text);
    }),
    partition: withArity(2, (items: unknown, size: unknown, surplus: unknown) => {
      refuseSurplus('partition', 3, surplus);
      return items === undefined ? undefined : partition(items, size);
    }),
    range: withArity(3, (first: unknown, last: unknown, step: unknown, surplus: unknown) => {
      refuseSurplus('range', 4, surplus);
      return range(whole('range', 1, first), whole('range', 2, last), step === undefined ? 0 : whole('range', 3, step));
    }),
    hash: withArity(2, (text: unknown, algorithm: unknown, surplus: unknown) => {
      refuseSurplus('hash', 3, surplus);
      if (typeof text !== 'string') throw signatureError('hash', 1);
      return algorithm === undefined ? undefined : hash(text, algorithm);
    }),
    random: withArity(0, (seed: unknown, surplus: unknown) => {
      refuseSurplus('random', 2, surplus);
      return seed === undefined ? chance.random() : seededRandom(whole('random', 1, seed));
    }),
    uuid: withArity(0, (surplus: unknown) => {
      refuseSurplus('uuid', 1, surplus);
      return chance.uuid();
    }),
    shuffle: withArity(1, (items: unknown) => (Array.isArray(items) ? shuffled(items, chance) : items)),
    millis: withArity(0, () => now()),
    now: withArity(0, async (picture: unknown, timezone: unknown) => formattedTime.evaluate({ millis: now(), picture, timezone })),
    eval: undefined,
  };
}

/** JSONata passes a function as many arguments as it takes, to `$map` and its like; those in which surplus arguments arrive do not count. */
function withArity<F extends object>(arity: number, implementation: F): F {
  return Object.assign(implementation, { arity });
}

function parse(text: unknown): JsonValue {
  if (typeof text !== 'string') throw signatureError('parse', 1);
  const value = parseJson(text);
  if (value === undefined || !isFinite(value) || repeatsNames(text)) throw new EvaluationError('D3137', 'Invalid JSON');
  // What JavaScript cannot hold exactly is refused as everywhere else, see decision 26.
  return readJson(text);
}

/** A number such as 1e400 reads as infinity. */
function isFinite(value: JsonValue): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isFinite);
}

/** Whether an object in a valid JSON text has two members of the same name. */
function repeatsNames(text: string): boolean {
  const open: Set<string>[] = [];
  for (const [token, string, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push(new Set());
    if (token === '}' || token === ']') open.pop();
    if (colon === undefined) continue;
    const [names, name] = [open[open.length - 1], String(JSON.parse(string))];
    if (names.has(name)) return true;
    names.add(name);
  }
  return false;
}

function partition(items: unknown, size: unknown): unknown[][] | undefined {
  if (!Array.isArray(items)) throw new EvaluationError('T0412', 'Argument 1 of function "partition" must be an array of undefined');
  if (items.length === 0) return undefined;
  if (size === undefined) return [items];
  const length = whole('partition', 2, size);
  if (length < 0) throw new EvaluationError('D3137', 'Second argument must be zero or greater');
  if (length === 0) return undefined;
  return Array.from({ length: Math.ceil(items.length / length) }, (_, chunk) => items.slice(chunk * length, (chunk + 1) * length));
}

/** One number is no list; a range that leads nowhere is nothing. */
function range(first: number, last: number, step: number): number | number[] | undefined {
  if (step === 0 || (last - first) * step < 0) return undefined;
  const length = Math.floor((last - first) / step) + 1;
  if (length > MAX_RANGE_ITEMS) throw memoryExceeded();
  return length === 1 ? first : Array.from({ length }, (_, index) => first + index * step);
}

function hash(text: string, algorithm: unknown): string {
  if (typeof algorithm !== 'string') throw signatureError('hash', 2);
  if (!hashAlgorithms.includes(algorithm)) {
    throw new EvaluationError('D3137', `Hash algorithm '${algorithm}' must be one of ${hashAlgorithms.join(', ')}`);
  }
  return createHash(algorithm.replace('-', '')).update(text, 'utf8').digest('hex');
}

function shuffled(items: readonly unknown[], chance: Chance): unknown[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(chance.random() * (last + 1));
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}

/** A number rounded towards zero, as AWS rounds every argument that should be whole. */
function whole(name: string, index: number, value: unknown): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw signatureError(name, index);
  return Math.trunc(value);
}

function refuseSurplus(name: string, index: number, value: unknown): void {
  if (value !== undefined) throw signatureError(name, index);
}

function signatureError(name: string, index: number): EvaluationError {
  return new EvaluationError('T0410', `Argument ${index} of function "${name}" does not match function signature`);
}
