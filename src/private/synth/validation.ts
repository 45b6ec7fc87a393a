import { Duration, RemovalPolicy, Size, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * A prop that cannot work, found when the app is synthesised. The message says what, got, allowed and how to fix it, and before that the path of the
 * construct, unless a factory threw it, which knows of none.
 */
export class InvalidPropError extends Error {
  private isLocated = false;

  constructor(what: string, got: unknown, allowed: string, fix: string) {
    super(`${what} must be ${allowed}, got ${shown(got)}; ${fix}`);
    this.name = 'InvalidPropError';
  }

  /** Puts the path of the construct before the message, once. */
  locate(path: string): void {
    if (this.isLocated) return;
    this.isLocated = true;
    // The stack is written when it is read for the first time, with the message of that moment: so it is read before the message changes.
    const { message: unlocated, stack } = this;
    this.message = `${path}: ${unlocated}`;
    this.stack = stack?.replace(unlocated, () => this.message);
  }
}

/** Does the work of a construct. What is refused in it is refused with the path of the construct. */
export function located<T>(scope: IConstruct, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof InvalidPropError) error.locate(scope.node.path);
    throw error;
  }
}

/** Further in, an object is not shown; it could lead back to itself. */
const MAX_DEPTH = 4;

/** What was given, in a message: JSON where it has one, and else what kind of thing it is. */
function shown(got: unknown, depth = 0): string {
  // JSON would turn NaN and Infinity into null, and knows no bigint.
  if (typeof got === 'number' || typeof got === 'bigint') return `${got}`;
  if (typeof got === 'function') return `the function ${got.name}`;
  if (depth > MAX_DEPTH) return '…';
  if (Array.isArray(got)) return `[${got.map((entry) => shown(entry, depth + 1)).join(',')}]`;
  if (typeof got !== 'object' || got === null) return JSON.stringify(got) ?? String(got);
  const { name = 'Object' } = got.constructor ?? {};
  return name === 'Object' ? `{${Object.entries(got).map(([key, value]) => `${JSON.stringify(key)}:${shown(value, depth + 1)}`).join(',')}}` : `an instance of ${name}`;
}

/** The way out of a value out of range: what is taken if none is given. */
export function theDefaultIs(value: Duration | Size | number): string {
  if (value instanceof Duration) return `the default is ${value.toHumanString()}`;
  if (value instanceof Size) return `the default is ${sizeText(value)}`;
  return `the default is ${value}`;
}

/** Refuses what is not known until deployment, where synthesis has to compute with it. */
export function refuseToken(what: string, isToken: boolean, fix: string): void {
  if (isToken) throw new InvalidPropError(what, 'a token', 'known at synthesis', fix);
}

/** Checks a duration in whole seconds; one that is not known until deployment is left alone. */
export function checkSeconds(what: string, value: Duration, range: { min: Duration; max: Duration }, fix: string): void {
  if (value.isUnresolved()) return;
  const milliseconds = value.toMilliseconds();
  const inRange = milliseconds >= range.min.toMilliseconds() && milliseconds <= range.max.toMilliseconds();
  if (!inRange || milliseconds % 1000 !== 0) {
    throw new InvalidPropError(what, value.toHumanString(), `whole seconds from ${range.min.toHumanString()} to ${range.max.toHumanString()}`, fix);
  }
}

/** Checks a whole number; one that is not known until deployment is left alone. */
export function checkInteger(what: string, value: number, range: { min: number; max: number }, fix: string): void {
  if (Token.isUnresolved(value)) return;
  if (!Number.isInteger(value) || value < range.min || value > range.max) {
    throw new InvalidPropError(what, value, `a whole number from ${range.min} to ${range.max}`, fix);
  }
}

/** Checks a size; one that is not known until deployment is left alone. */
export function checkSize(what: string, value: Size, range: { min: Size; max: Size }, fix: string): void {
  if (value.isUnresolved()) return;
  const bytes = value.toBytes();
  if (bytes < range.min.toBytes() || bytes > range.max.toBytes()) {
    throw new InvalidPropError(what, sizeText(value), `from ${sizeText(range.min)} to ${sizeText(range.max)}`, fix);
  }
}

/** In the largest unit of which it is a whole number. */
function sizeText(size: Size): string {
  const bytes = size.toBytes();
  const [unit, unitBytes] = SIZE_UNITS.find(([, each]) => bytes % each === 0) ?? ['bytes', 1];
  return `${bytes / unitBytes} ${unit}`;
}

const SIZE_UNITS: readonly (readonly [unit: string, bytes: number])[] = [
  ...['PiB', 'TiB', 'GiB', 'MiB', 'KiB'].map((unit, index) => [unit, 1_024 ** (5 - index)] as const), ['GB', 1e9], ['MB', 1e6], ['kB', 1e3],
];

/** Checks a text against a pattern; one that is not known until deployment is left alone. */
export function checkText(what: string, value: string, pattern: RegExp, allowed: string, fix: string): void {
  if (!Token.isUnresolved(value) && !pattern.test(value)) throw new InvalidPropError(what, value, allowed, fix);
}

/** Refuses the only policy that nothing made here can have. */
export function checkRemovalPolicy(removalPolicy: RemovalPolicy | undefined): void {
  if (removalPolicy !== RemovalPolicy.SNAPSHOT) return;
  throw new InvalidPropError(
    'removalPolicy', removalPolicy, 'RETAIN, RETAIN_ON_UPDATE_OR_DELETE or DESTROY', 'there are no snapshots of what is stored here',
  );
}
