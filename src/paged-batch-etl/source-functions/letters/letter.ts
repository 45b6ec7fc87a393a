import { anyObject, atLeast, optional, Read, ShapeError, text } from '../../../private/shape/json-shape';
import type { DeadLetter } from '../../contracts/collect-failures';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** What of a letter its item is made of again. */
export type Letter = Omit<DeadLetter, 'page'>;

const anything: Read<unknown> = (value) => value;

/** Later releases may write more. */
const letter = atLeast<Letter>({
  itemIdentifier: text, idempotencyKey: text, error: text, cause: text, run: text, item: anything, itemAt: optional(anyObject),
});

/**
 * @param key of the object that the line is in
 * @throws SourceError DeadLettersRefused for what no function of ours wrote: nobody knows what it stands for
 */
export function parseLetter(line: string, key: string): Letter {
  try {
    return letter(JSON.parse(line), 'it');
  } catch (error) {
    if (!(error instanceof ShapeError) && !(error instanceof SyntaxError)) throw error;
    const why = error instanceof ShapeError ? error.message : 'it must be JSON';
    throw new SourceError(PagedBatchEtlErrorName.DEAD_LETTERS_REFUSED, `A line of ${key} in the bucket of dead letters is no letter: ${why}. Remove it, and redrive the run`);
  }
}
