import { answersInTime } from './answers-in-time';
import { PageEnd } from './cursor-codec';
import { DocumentFault } from './document-fault';
import { GrowingPage, IsSoundEnd, PageItems } from './growing-page';
import type { ItemForm, SizedItem } from './item-form';
import { KeyOrder } from './key-order';
import { MongoPageRequest } from './mongo-page-request';
import { MongoQueries } from './mongo-queries';
import { FIRST_BATCH } from './page-budget';
import { ReadingTimeOver } from './reading-time';

/**
 * Reads the items after the end of the page before, up to the bounds of the page, to a document that can be in none, or to an answer of the server
 * that does not come in time: at least one, unless nothing is left.
 *
 * @param isSoundEnd where the page could end too: items up to there can be handed on while it is still being read
 * @throws DocumentFault where the very first document can be in no page
 * @throws SourceError SourceTimedOut where there is no time for as many documents as a page needs to end
 */
export async function readItems<T extends SizedItem>(
  request: MongoPageRequest, form: ItemForm<T>, queries: MongoQueries, order: KeyOrder, end: PageEnd | undefined, isSoundEnd: IsSoundEnd,
): Promise<PageItems<T>> {
  const read = async (from: PageEnd | undefined) => readFrom(new GrowingPage(request, form, order, from, isSoundEnd), request, queries, from);
  try {
    return await read(end);
  } catch (error) {
    if (!(error instanceof ReadingTimeOver) || end === undefined) throw error;
    // The server was faster before.
    return read({ ...end, answerSize: FIRST_BATCH });
  }
}

async function readFrom<T extends SizedItem>(
  page: GrowingPage<T>, request: MongoPageRequest, queries: MongoQueries, end: PageEnd | undefined,
): Promise<PageItems<T>> {
  const { readingTime } = request;
  const asksForLess = end !== undefined && end.answerSize > FIRST_BATCH;
  const answers = answersInTime((signal) => queries.readAfter(end?.key, page.budget, signal), readingTime, () => {
    if (page.isEmpty) return asksForLess ? 'asksForLess' : 'fails';
    return page.hasSoundEnd() ? 'ends' : 'fails';
  });
  try {
    for await (const answer of answers) {
      let documents = 0;
      for (const bytes of answer) {
        documents += 1;
        const next = page.add(bytes);
        if (next !== undefined) return page.endedBefore(next);
        if (page.keepsMuch()) await page.handOn();
      }
      page.budget.limitAnswers(readingTime.documentsAtOnce(documents));
    }
    return page.endedBefore(undefined);
  } catch (error) {
    if (page.isEmpty) throw error;
    if (error instanceof DocumentFault) return page.endedBefore(error);
    if (!(error instanceof ReadingTimeOver)) throw error;
    page.budget.limitAnswers(FIRST_BATCH);
    return page.endedSoundly();
  }
}
