import { createHash } from 'node:crypto';
import type { LettersVersion } from './letter-keys';
import { exactly, matching, optional, Read, ShapeError, wholeNumber } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** How far a replay has come in the letters of a run. Objects are in the order of their hashes. */
export interface LettersPlace {
  /** The object that the page before ended in, and the byte in it at which the next letter begins. */
  readonly at: LettersVersion & { readonly offset: number };
  /** Hash of the object that the page before began in; absent where that was the first one. */
  readonly from?: string;
  /** Print of the objects that were at their end with that page. */
  readonly ended: string;
}

/** The same as it is written, with the run whose letters are meant. */
interface WrittenPlace {
  readonly run: string;
  readonly from?: string;
  readonly hash?: string;
  readonly etag?: string;
  readonly offset?: number;
  readonly ended?: string;
}

/** Of 6 bits each. */
const PRINT_CHARACTERS = 16;

const hash = matching(/^[0-9a-f]{64}$/, 'a hash');
const printed = matching(/^[\w-]{16}$/, 'a print');

const written: Read<{ readonly letters: WrittenPlace }> = exactly({
  letters: exactly<WrittenPlace>({
    run: printed, from: optional(hash), hash: optional(hash), etag: optional(matching(/^[\w-]+$/, 'an ETag')), offset: optional(wholeNumber), ended: optional(printed),
  }),
});

/** @param place undefined for the beginning */
export function encodePlace(run: string, place?: LettersPlace): string {
  const letters: WrittenPlace = { run: print([run]), ...place && { from: place.from, ...place.at, ended: place.ended } };
  return JSON.stringify({ letters });
}

/**
 * @returns undefined for the beginning
 * @throws SourceError InvalidCursor for the cursor of a run that is no replay, or of a replay of another run
 */
export function decodePlace(cursor: string | null, run: string): LettersPlace | undefined {
  if (cursor === null) return undefined;
  const place = readPlace(cursor);
  if (place === undefined) throw invalidCursor('is no place in letters: pass the progress of a run that had replay, or none');
  const { run: whose, from, hash: inHash, etag, offset, ended } = place;
  if (whose !== print([run])) throw invalidCursor('is a place in the letters of another run: pass the same replay as the run did whose progress it is');
  if (inHash === undefined || etag === undefined || offset === undefined || ended === undefined) return undefined;
  return { at: { hash: inHash, etag, offset }, from, ended };
}

/** @throws SourceError InvalidCursor for a place in letters, where the run is no replay */
export function refusePlace(cursor: string | null): void {
  if (cursor === null || readPlace(cursor) === undefined) return;
  throw invalidCursor('is a place in the letters of a run: pass the same replay as the run did whose progress it is');
}

/** The same for the same texts. */
export function print(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('base64url').slice(0, PRINT_CHARACTERS);
}

function readPlace(cursor: string): WrittenPlace | undefined {
  try {
    return written(JSON.parse(cursor), '').letters;
  } catch (error) {
    if (error instanceof ShapeError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function invalidCursor(why: string): SourceError {
  return new SourceError(PagedBatchEtlErrorName.INVALID_CURSOR, `The cursor ${why}`);
}
