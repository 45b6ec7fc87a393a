import { BSON } from 'mongodb';
import { isRangeError } from './range-error';
import { SortKey, sortKeyOf } from './sort-key';
import { unreadable } from './unreadable';

/**
 * The key of a document that may be unreadable.
 *
 * @throws DocumentFault
 */
export function readKey(bytes: Uint8Array, sort: readonly string[]): SortKey {
  try {
    return sortKeyOf(bytes, sort);
  } catch (error) {
    // More levels than the call stack holds are no valid document either.
    if (error instanceof BSON.BSONError || isRangeError(error)) throw unreadable(bytes, error.message);
    throw error;
  }
}
