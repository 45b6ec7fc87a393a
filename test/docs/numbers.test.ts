/** Numbers in the sentences of the pages are those of the code, or have a source. */
import { ATHENA_NUMBERS, TOLD_IN_WORDS } from './numbers/async-athena-query-api';
import { ToldNumbers } from './numbers/told';
import { proseOf } from '../support/doc-pages';

const PAGES: readonly ToldNumbers[] = [...ATHENA_NUMBERS];

/** A page as one line, without what no reader takes for a number of ours: tables made from code, names in backticks that are nothing but code, targets of links. */
function sentencesOf(page: string): string {
  return proseOf(page).replace(/<!-- ([^:]+): written by .*?<!-- end of \1 -->/gs, '').replace(/\]\([^)]*\)/g, ']').replace(/\s+/g, ' ');
}

/** Numbers that stand in no known part of a sentence, with the words around them. */
function untold({ page, fromCode, fromOutside }: ToldNumbers): string[] {
  const known = [...fromCode, ...Object.keys(fromOutside)].reduce((text, part) => text.replaceAll(part, '…'), sentencesOf(page));
  const rest = known.replace(/`[^`]*`/g, '…').replace(/ \d\. /g, ' ');
  return [...rest.matchAll(/.{0,40}(?<![\w.#-])\$?\d[\d,.]*.{0,30}/g)].map(([text]) => text);
}

test.each(PAGES)('$page tells the numbers of the code', ({ page, fromCode, fromOutside }) => {
  const text = sentencesOf(page);
  expect([...fromCode, ...Object.keys(fromOutside)].filter((part) => !text.includes(part))).toEqual([]);
});

test.each(PAGES)('every number of $page is compared, or has a source', (told) => {
  expect(untold(told)).toEqual([]);
});

test('a number that is not compared is found', () => {
  const [first] = PAGES;
  expect(untold({ ...first, fromCode: first.fromCode.slice(1) }).join()).toMatch(/200,000/);
});

test('shares that are told in words are those of the code', () => {
  expect(Object.entries(TOLD_IN_WORDS).filter(([, holds]) => !holds)).toEqual([]);
});
