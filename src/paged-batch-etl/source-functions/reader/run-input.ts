import { InvalidValueError, typedValue } from './parameter-value';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { MAX_PARAMETER_BYTES, ParameterRules, RESERVED_INPUT_KEYS, WATERMARK_KEY } from '../../contracts/run-input';
import type { JsonValue } from '../../mongo-filter/structure/json-value';
import { SourceError } from '../source-error';

/** What a message shows of a text that somebody else wrote, at most. */
const SHOWN_CHARACTERS = 60;

/** Names in one message, at most. */
const SHOWN_NAMES = 10;

/** The declared parameters of a run. */
export interface RunParameters {
  /** As given in the run's input, or by default. */
  readonly given: Readonly<Record<string, unknown>>;
  /** With their types, as canonical EJSON. */
  readonly typed: ReadonlyMap<string, JsonValue>;
}

/**
 * Checks all that a run can be given, without looking at the source: no page is read for an input that is wrong.
 *
 * @param alsoReserved keys that are ours in this run, beside those that are in every one
 * @throws SourceError UnknownParameter, MissingParameter, ParametersTooLarge or InvalidParameter, naming the parameters
 */
export function checkParameters(
  input: Readonly<Record<string, unknown>>, rules: ParameterRules, alsoReserved: readonly string[] = [],
): RunParameters {
  const reserved: readonly string[] = [...RESERVED_INPUT_KEYS, WATERMARK_KEY, ...alsoReserved];
  const names = Object.keys(rules);
  refuse(PagedBatchEtlErrorName.UNKNOWN_PARAMETER, 'The input has keys that are no parameters of this run',
    Object.keys(input).filter((name) => !Object.hasOwn(rules, name) && !reserved.includes(name)));
  refuse(PagedBatchEtlErrorName.MISSING_PARAMETER, 'The input lacks parameters that have no default', names.filter((name) => !Object.hasOwn(input, name)));

  const given = Object.fromEntries(names.map((name) => [name, input[name]]));
  const bytes = Buffer.byteLength(JSON.stringify(given));
  if (bytes > MAX_PARAMETER_BYTES) {
    throw new SourceError(
      PagedBatchEtlErrorName.PARAMETERS_TOO_LARGE, `The parameters are ${bytes} bytes of JSON, and may be ${MAX_PARAMETER_BYTES}: pass where the data is instead`,
    );
  }
  return { given, typed: new Map(names.map((name) => [name, typedParameter(name, given[name], rules)])) };
}

/**
 * The size of a page. A larger one than is allowed is no error here: the workflow refuses it before a run begins, so that it can only come from a run that began
 * before the largest size became smaller. Such a run goes on with smaller pages.
 *
 * @throws SourceError InvalidBatchSize
 */
export function batchSizeOf(value: unknown, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return Math.min(value, most);
  throw new SourceError(PagedBatchEtlErrorName.INVALID_BATCH_SIZE, `batch_size must be a whole number from 1 to ${most}, got ${show(value)}`);
}

function typedParameter(name: string, value: unknown, rules: ParameterRules): JsonValue {
  try {
    return typedValue(value, rules[name]);
  } catch (error) {
    if (!(error instanceof InvalidValueError)) throw error;
    throw new SourceError(PagedBatchEtlErrorName.INVALID_PARAMETER, `The parameter ${show(name)} must be ${error.expected}, got ${show(value)}`);
  }
}

function refuse(error: PagedBatchEtlErrorName, what: string, names: readonly string[]): void {
  if (names.length === 0) return;
  const more = names.length > SHOWN_NAMES ? `, and ${names.length - SHOWN_NAMES} more` : '';
  throw new SourceError(error, `${what}: ${names.slice(0, SHOWN_NAMES).map(show).join(', ')}${more}`);
}

/** As much of the value as fits into a message; a long one is not even rendered. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'string' && value.length > SHOWN_CHARACTERS) return `${JSON.stringify(value.slice(0, SHOWN_CHARACTERS))}…`;
  return JSON.stringify(value);
}
