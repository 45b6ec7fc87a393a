import { NotTolerated } from './not-tolerated';
import { CallFailure } from '../../contracts/collect-failures';

/** What is kept of a cause, in a letter: the whole of it stands in the log of whoever failed. */
export const MOST_CAUSE_CHARACTERS = 1_000;

/**
 * Errors of AWS that a call of somebody's function or machine fails with, by what they begin with: then nobody looked at the items. Sources: the errors of
 * Lambda's Invoke and of StartExecution in the models of the AWS SDK, and the names of the States Language.
 */
const OF_AWS = /^(?:Lambda|StepFunctions|Sfn|S3|States)\./;

/** Those of them that the function or the machine is to blame for: it crashed, ran out of time, or its execution failed. */
const OF_PROCESSOR: ReadonlySet<string> = new Set(['Lambda.Unknown', 'States.Timeout', 'States.TaskFailed']);

/** A call for a single item whose answer was too large has still looked at the item. */
const ANSWER_TOO_LARGE = 'States.DataLimitExceeded';

/** How a call for items failed, as letters tell it. */
export interface ToldFailure {
  readonly error: string;
  readonly cause: string;
}

/**
 * The failure of a call that has looked at its items.
 *
 * @param single whether it was for one item
 * @throws NotTolerated for one that has not
 */
export function toldFailure({ Error: error, Cause: cause = '' }: CallFailure, single: boolean): ToldFailure {
  const isOfItems = !OF_AWS.test(error) || OF_PROCESSOR.has(error) || (single && error === ANSWER_TOO_LARGE);
  if (!isOfItems) throw new NotTolerated(error, cause);
  return error === 'States.TaskFailed' ? ofExecution(cause) : { error, cause: cutOff(cause) };
}

/**
 * A machine that failed is told of by its description, which has the input of the execution: with the documents, which is usually too long and cut off. So
 * members are looked for one by one, before the input.
 */
function ofExecution(cause: string): ToldFailure {
  const told = (name: string) => textMember(cause.split('"Input":')[0], name) ?? '';
  const execution = textMember(cause, 'ExecutionArn') ?? '';
  const status = textMember(cause, 'Status') ?? 'FAILED';
  return {
    error: told('Error') === '' ? 'States.TaskFailed' : told('Error'),
    cause: cutOff(told('Cause') === '' ? `The execution ${execution} ended as ${status}` : told('Cause')),
  };
}

/** A member of a JSON object whose value is a text, wherever the object was cut off. */
function textMember(json: string, name: string): string | undefined {
  const [, text] = new RegExp(`"${name}":\\s*"((?:[^"\\\\]|\\\\.)*)`).exec(json) ?? [];
  if (text === undefined) return undefined;
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}

function cutOff(cause: string): string {
  return cause.length > MOST_CAUSE_CHARACTERS ? `${cause.slice(0, MOST_CAUSE_CHARACTERS)}…` : cause;
}
