import type { Letter } from './letter';
import { failedLetter, FromLetter, ItemsOf, LetterItems } from './letter-items';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { PageItem } from '../../contracts/read-page';
import { itemLine } from '../page-object/item-texts';
import type { SourceReading } from '../reader/page-request';
import { SourceError } from '../source-error';
import type { TimeLeft } from '../time-left';

/** The bucket of pages, as far as large items are taken out of it. */
export interface LargeItemStore {
  /** @param range as the header `Range` of HTTP. Undefined where there is no such object */
  readRange(key: string, range: string): Promise<string | undefined>;
}

export interface LargeItems {
  readonly bucket: string;
  readonly open: (time: TimeLeft) => LargeItemStore;
}

/**
 * Items as letters have them: for a source that nobody can ask for an item by its identifier.
 *
 * @param large where items are that letters tell the place of; undefined where no page is stored
 */
export function storedItems(large?: LargeItems): LetterItems {
  return {
    values: (reading) => itemsOf(reading, large, (item) => ({ ...item, lineBytes: itemLine(item).line.length })),
    texts: (reading) => itemsOf(reading, large, (item) => {
      const line = itemLine(item);
      return { ...line, lineBytes: line.line.length };
    }),
  };
}

function itemsOf<T>({ time }: SourceReading, large: LargeItems | undefined, made: (item: PageItem) => T): ItemsOf<T> {
  return async (letters, place) => {
    // Of a run whose letters had no documents: that each of them fails once more would help nobody.
    if (place === 'begin' && !letters.some(canHaveItem)) throw withoutItems();
    const items: FromLetter<T>[] = [];
    for (const letter of letters) items.push(await itemOf(letter, large, time, made));
    return items;
  };
}

/** One that was too large for a page has none, whatever the policy says. */
function canHaveItem({ item, itemAt, error }: Letter): boolean {
  return item !== undefined || itemAt !== undefined || error === PagedBatchEtlErrorName.ITEM_TOO_LARGE;
}

function withoutItems(): SourceError {
  return new SourceError(
    PagedBatchEtlErrorName.LETTER_WITHOUT_ITEM,
    'The letters of that run have no items, and a custom source cannot be asked for them: letters have them where withDocuments of deadLetters is true',
  );
}

async function itemOf<T>(letter: Letter, large: LargeItems | undefined, time: TimeLeft, made: (item: PageItem) => T): Promise<FromLetter<T>> {
  const { itemIdentifier, idempotencyKey, error, cause } = letter;
  if (letter.item !== undefined) return { item: made({ itemIdentifier, idempotencyKey, item: letter.item }) };
  if (letter.itemAt === undefined) {
    return error === PagedBatchEtlErrorName.ITEM_TOO_LARGE
      ? failedLetter(letter, error, cause)
      : failedLetter(letter, PagedBatchEtlErrorName.LETTER_WITHOUT_ITEM, 'The letter has no item, and a custom source cannot be asked for it');
  }
  const text = await largeItem(letter.itemAt, large, time);
  if (text !== undefined) return { item: made({ itemIdentifier, idempotencyKey, item: text }) };
  return failedLetter(letter, PagedBatchEtlErrorName.LETTER_WITHOUT_ITEM, 'The item was in the bucket of pages, and is not there anymore');
}

async function largeItem(itemAt: unknown, large: LargeItems | undefined, time: TimeLeft): Promise<unknown> {
  const { Bucket, Key, Offset, Length }: Partial<Record<string, unknown>> = typeof itemAt === 'object' ? { ...itemAt } : {};
  if (large === undefined || Bucket !== large.bucket || typeof Key !== 'string' || typeof Offset !== 'number' || typeof Length !== 'number') return undefined;
  const text = await large.open(time).readRange(Key, `bytes=${Offset}-${Offset + Length - 1}`);
  return text === undefined ? undefined : JSON.parse(text);
}
