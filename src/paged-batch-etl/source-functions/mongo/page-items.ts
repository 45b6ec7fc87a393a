import { PageEnd } from './cursor-codec';
import { DocumentFault } from './document-fault';
import { GrowingPage, IsSoundEnd, PageItems } from './growing-page';
import type { ItemForm, SizedItem } from './item-form';
import { KeyOrder } from './key-order';
import { MongoPageRequest } from './mongo-page-request';
import { MongoQueries } from './mongo-queries';

/**
 * Reads the items after the end of the page before, up to the bounds of the page or to a document that can be in none: at least one, unless
 * nothing is left.
 *
 * @param isSoundEnd where the page could end too: items up to there can be handed on while it is still being read
 * @throws DocumentFault where the very first document can be in no page
 */
export async function readItems<T extends SizedItem>(
  request: MongoPageRequest, form: ItemForm<T>, queries: MongoQueries, order: KeyOrder, end: PageEnd | undefined, isSoundEnd: IsSoundEnd,
): Promise<PageItems<T>> {
  const page = new GrowingPage(request, form, order, end);
  try {
    for await (const answer of queries.readAfter(end?.key, page.budget)) {
      for (const bytes of answer) {
        const next = page.add(bytes);
        if (next !== undefined) return page.endedBefore(next);
        await page.handOn(isSoundEnd);
      }
    }
    return page.endedBefore(undefined);
  } catch (error) {
    if (!(error instanceof DocumentFault) || page.isEmpty) throw error;
    return page.endedBefore(error);
  }
}
