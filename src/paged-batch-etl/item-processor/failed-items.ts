/** What an execution tells of items whose calls failed, and how much of the state that takes. */
import { AslCatcher, AslExpression } from '../../private/synth/asl';
import { DATA_LIMIT_EXCEEDED } from '../workflow/task-retry';

export const ITEM_FAILED = 'Item Failed';

/** Characters of the name of an error, at most. */
const ERROR_CHARACTERS = 60;

/** Characters of a cause, at most, and, below, bytes that each of them may take in the state. */
export const CAUSE_CHARACTERS = 500;
const BYTES_OF_CHARACTER = 3;

/** Bytes of a failure without its cause: `{"index":1234,"error":"…","cause":""}` and a comma, with its quotation marks escaped. */
export const FAILURE_BYTES = 122;

/** Bytes of an item with its envelope, at least. */
export const LEAST_ITEM_BYTES = 74;

/** Characters that are kept of each cause, so that the failures of that many items fit into that many bytes. The rest is in the log of the function. */
export function causeCharacters(items: number, bytes: number): number {
  return Math.max(0, Math.min(CAUSE_CHARACTERS, Math.floor((bytes / items - FAILURE_BYTES) / BYTES_OF_CHARACTER)));
}

/** Bytes that the failures of that many items take, if all of them fail. */
export function failureBytes(items: number, causes: number): number {
  return items * (FAILURE_BYTES + BYTES_OF_CHARACTER * causes);
}

/** Takes whatever the call for an item fails with; the item stays beside it. `States.ALL` does not stand for an answer that is too large. */
export const ITEM_CATCHERS: readonly AslCatcher[] = [[DATA_LIMIT_EXCEEDED], ['States.ALL']].map((ErrorEquals) => ({
  ErrorEquals, ResultPath: '$.failure', Next: ITEM_FAILED,
}));

/**
 * The place of the item, and how its call failed. No intrinsic function cuts a text, so this one state is JSONata.
 *
 * @param index where the place of the item in its page is, below the input of the state
 */
export function itemFailed(index: string, causes: number): AslExpression {
  const failure = '$states.input.failure';
  return {
    Type: 'Pass',
    QueryLanguage: 'JSONata',
    Output: `{% { "index": $states.input.${index}, "error": $substring(${failure}.Error, 0, ${ERROR_CHARACTERS}), "cause": $substring(${failure}.Cause, 0, ${causes}) } %}`,
    End: true,
  };
}

/** Of what the iterations of a Map answer, the failures. */
export const FAILED_ONES = '$[?(@.error)]';

