import { fillPage, PageSink } from './fill-page';
import type { ItemsOf, LetterItems, Sized } from './letter-items';
import { encodePlace } from './letters-cursor';
import { LettersWalk } from './letters-walk';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { PageItem, PassedOver } from '../../contracts/read-page';
import type { ItemLine, ItemTexts } from '../page-object/item-texts';
import type { TextEnd } from '../page-object/write-page';
import { READING_SHARE } from '../page-time';
import type { PageRead, PageRequest, SourceReading } from '../reader/page-request';
import { SourceError } from '../source-error';

export interface LettersReadingOptions {
  readonly walk: LettersWalk;
  /** ARN of the execution whose letters are read. */
  readonly run: string;
  /** Whether this is the first page. */
  readonly begins: boolean;
  readonly items: LetterItems;
}

/** Where a page ends; `done` only where it has nothing, because what comes after a page has to be asked for: only then is the page known to be processed. */
interface End extends PassedOver {
  readonly cursor: string | null;
  readonly done: boolean;
}

/** A page that travels in the state of the workflow. */
export async function readLetterValues(request: PageRequest, options: LettersReadingOptions): Promise<PageRead> {
  const items: PageItem[] = [];
  let itemBytes = 0;
  const end = await readLetters(request, options, options.items.values(request), {
    items: request.batchSize,
    bytes: request.pageBytes,
    takesAny: false,
    hasTime: () => !request.time.isUsed(READING_SHARE),
    add: ({ itemIdentifier, idempotencyKey, item, lineBytes }) => {
      items.push({ itemIdentifier, idempotencyKey, item });
      itemBytes += lineBytes;
    },
    settle: async () => undefined,
  });
  const { cursor, done } = end;
  const bytes = Buffer.byteLength(JSON.stringify({ items: [], cursor, done })) + itemBytes + Math.max(0, items.length - 1);
  return { page: { items, ...end }, bytes };
}

/** A page that is written to S3. */
export async function readLetterTexts(reading: SourceReading, options: LettersReadingOptions, page: ItemTexts): Promise<TextEnd> {
  return readLetters<ItemLine & Sized>(reading, options, options.items.texts(reading), {
    items: page.itemsLeft,
    bytes: page.bytesLeft,
    takesAny: true,
    hasTime: () => page.hasTime(),
    add: (item) => page.add(item, true),
    settle: async () => page.stay(),
  });
}

async function readLetters<T extends Sized>(
  { warn }: Pick<SourceReading, 'warn'>, { walk, run, begins }: LettersReadingOptions, itemsOf: ItemsOf<T>, sink: PageSink<T>,
): Promise<End> {
  const { failed, end } = await fillPage({ letters: walk.letters(), begins, itemsOf, sink, warn });
  if (end !== undefined) return { cursor: encodePlace(run, walk.placeAt(end)), done: false, failed };
  if (begins && walk.isEmpty) {
    throw new SourceError(
      PagedBatchEtlErrorName.NOTHING_TO_REPLAY, `There are no letters of ${run}: either nothing failed in it, or its letters are gone, or its name is misspelt`,
    );
  }
  return { cursor: null, done: true, failed };
}
