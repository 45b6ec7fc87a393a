import { StateFailure } from '../../failure';

/** What a Map fails with when its items cannot be read. */
export function readerFailed(cause: string): StateFailure {
  return new StateFailure('States.ItemReaderFailed', cause);
}
