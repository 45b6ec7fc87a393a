import { ItemText, jsonLines } from './item-text';
import { PageItem } from '../../contracts/read-page';

/** As what the items of a page are handed on. They are read as text in any case, which says how much each of them takes. */
export type PageCollector<T> = (lines: readonly ItemText[]) => readonly T[];

/** As text: for a page that is written as JSON lines. */
export function textItems(): PageCollector<ItemText> {
  return (lines) => lines;
}

/** As values: for a page that is the answer of a function. */
export function valueItems(): PageCollector<PageItem> {
  return (lines) => parse(Buffer.concat(jsonLines(lines)).toString());
}

/** All at once, because that takes less time than one by one. */
function parse(lines: string): PageItem[] {
  if (lines === '') return [];
  const items: PageItem[] = JSON.parse(`[${lines.slice(0, -1).replaceAll('\n', ',')}]`);
  return items;
}
