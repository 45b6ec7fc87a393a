import { checkSourcePage } from './custom-page';
import type { SourceReading, TextsRead } from './page-request';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { MAX_PAGE_ITEMS, SourcePage } from '../../contracts/read-page';
import { itemLine, ItemTexts } from '../page-object/item-texts';
import { storingTime } from '../page-time';
import { SourceError } from '../source-error';

/** Calls the source function; answers whatever it answers. */
export type AskSource = (request: SourceReading, milliseconds: number) => Promise<unknown>;

/**
 * Fills a page with the answers of a custom source function, one after the other. An answer is in the page as a whole or not at all, because the next
 * page begins where an answer ends.
 *
 * A page ends before an answer that is an error, so that what comes before it is processed; the next page begins with that answer. It also ends before
 * an answer with an item that it has already: an item may be in two pages, as where each answer is a page, but not twice in one.
 *
 * @throws SourceError CursorDidNotAdvance where answers of one page go in a circle, and whatever the first call throws
 */
export async function readAnswers(ask: AskSource, request: SourceReading, items: ItemTexts): Promise<TextsRead> {
  const batchSize = Math.min(request.batchSize, MAX_PAGE_ITEMS);
  const course = new Course(request.cursor);
  let end: TextsRead | undefined;
  for (let cursor = request.cursor, largest = 0; end === undefined || hasRoomFor(items, batchSize, largest);) {
    const answer: SourcePage | undefined = await nextAnswer(ask, { ...request, cursor, batchSize }, end);
    if (answer === undefined) break;
    course.checkCursor(answer);
    if (course.repeatsItem(answer)) {
      request.warn('The page ends before an answer of the source function that has an item of it again; the next page begins with it');
      break;
    }
    const before = items.bytesLeft;
    if (!addAll(answer, request, items, end === undefined)) break;
    await items.stay();
    end = { cursor: answer.cursor, done: answer.done };
    if (answer.done) break;
    cursor = answer.cursor;
    largest = Math.max(largest, before - items.bytesLeft);
  }
  // The first answer is in the page, or has thrown.
  if (end === undefined) throw new RangeError('A page without an answer');
  return end;
}

/** Answers get no more items than before, and hardly more bytes: one that will not go into the page need not be asked for. */
function hasRoomFor(items: ItemTexts, most: number, largest: number): boolean {
  return items.hasRoom() && items.itemsLeft >= most && items.bytesLeft >= largest;
}

/** @param end where the page can end; undefined before the first answer */
async function nextAnswer(ask: AskSource, request: SourceReading, end: TextsRead | undefined): Promise<SourcePage | undefined> {
  try {
    return checkSourcePage(await ask(request, request.time.forCall(storingTime(request.time))), request);
  } catch (error) {
    if (!(error instanceof SourceError) || end === undefined) throw error;
    request.warn(`The page ends before an answer of the source function, which failed (${error.name}); the next page begins with it`);
    return undefined;
  }
}

/**
 * Adds an answer, or leaves the page as it was.
 *
 * @param first whether no answer is in the page yet: then it is added however large it is, for no page can hold less of it. Lambda lets it be 6 MB
 */
function addAll({ items: answered }: SourcePage, { idempotencyKeyOf }: SourceReading, items: ItemTexts, first: boolean): boolean {
  for (const [index, { itemIdentifier, item }] of answered.entries()) {
    if (items.add(itemLine({ itemIdentifier, idempotencyKey: idempotencyKeyOf(itemIdentifier), item }), first)) continue;
    for (let added = index; added > 0; added -= 1) items.takeBack();
    return false;
  }
  return true;
}

/** What the answers of one page have said. */
class Course {
  private readonly identifiers = new Set<string>();
  private readonly cursors = new Set<string | null>();

  constructor(start: string | null) {
    this.cursors.add(start);
  }

  /** Whether an answer has an item of one before it. Where it has none, its items are remembered. */
  repeatsItem({ items }: SourcePage): boolean {
    if (items.some(({ itemIdentifier }) => this.identifiers.has(itemIdentifier))) return true;
    for (const { itemIdentifier } of items) this.identifiers.add(itemIdentifier);
    return false;
  }

  /** A run that comes back to a cursor would never end. */
  checkCursor({ cursor, done }: SourcePage): void {
    if (!done && this.cursors.has(cursor)) {
      throw new SourceError(PagedBatchEtlErrorName.CURSOR_DID_NOT_ADVANCE, 'The source function answered a cursor that it had answered before, in the same page');
    }
    this.cursors.add(cursor);
  }
}
