import { DocumentFault } from './document-fault';
import { PageItems } from './growing-page';
import { KeyProof } from './key-proof';
import { SortKey } from './sort-key';

/**
 * A page that can end where it ends: its last key fits into a cursor, and what follows is found after that key. Where it cannot, it ends
 * before the document that is to blame, which is for the next page.
 *
 * @param encode makes the cursor, or throws a DocumentFault
 * @throws DocumentFault where nothing would be left of the page
 */
export async function withSoundEnd<T>(
  page: PageItems<T>, proof: KeyProof, encode: (last: SortKey, answerSize: number) => unknown,
): Promise<PageItems<T>> {
  for (let current = page; ; current = withoutLast(current)) {
    const { keys, next, answerSize } = current;
    const [last] = keys.slice(-1);
    if (last === undefined || next === undefined) return current;
    try {
      encode(last.values, answerSize);
      await proof.checkPageEnd(last.values, next instanceof DocumentFault ? next : next.values);
      return current;
    } catch (error) {
      if (!(error instanceof DocumentFault) || keys.length === 1) throw error;
    }
  }
}

function withoutLast<T>({ items, passedOver, keys, answerSize }: PageItems<T>): PageItems<T> {
  const [next] = keys.slice(-1);
  return { items: items.slice(0, -1), passedOver, keys: keys.slice(0, -1), next, answerSize };
}
