import type { Letter } from './letter';
import { FailedItem, PageItem } from '../../contracts/read-page';
import type { ItemLine } from '../page-object/item-texts';
import type { SourceReading } from '../reader/page-request';

/** How much an item takes. */
export interface Sized {
  /** Bytes of `{"itemIdentifier":…,"idempotencyKey":…,"item":…}`, as UTF-8 JSON. */
  readonly lineBytes: number;
}

/** What is made of a letter: its item, or why there is none. */
export type FromLetter<T> = { readonly item: T } | { readonly failed: FailedItem };

/**
 * Makes items of letters. Answers at least the first of them, in their order; undefined where there is no time for another one.
 *
 * @param place `begin`: nothing of the letters of the run was processed yet; `first`: the page has nothing yet, so that it cannot end before them
 */
export type ItemsOf<T> = (letters: readonly Letter[], place: 'begin' | 'first' | 'later') => Promise<readonly FromLetter<T>[] | undefined>;

/** How a source makes items of letters: as values for a page that travels in the state of the workflow, as texts for one in S3. */
export interface LetterItems {
  readonly values: (reading: SourceReading) => ItemsOf<PageItem & Sized>;
  readonly texts: (reading: SourceReading) => ItemsOf<ItemLine & Sized>;
}

/** Most characters of what is told of a failure. */
const MOST_CAUSE_CHARACTERS = 500;

export function failedLetter({ itemIdentifier, idempotencyKey }: Letter, error: string, cause: string): { readonly failed: FailedItem } {
  return { failed: { itemIdentifier, idempotencyKey, error, cause: cause.slice(0, MOST_CAUSE_CHARACTERS) } };
}
