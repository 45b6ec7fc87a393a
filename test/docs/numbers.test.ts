/** Numbers in the sentences of the pages are those of the code, or have a source. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ATHENA_NUMBERS, TOLD_IN_WORDS } from './numbers/async-athena-query-api';
import { ETL_NUMBERS } from './numbers/paged-batch-etl';
import { REPOSITORY_NUMBERS } from './numbers/repository';
import { ToldNumbers } from './numbers/told';
import { ROOT } from '../../projenrc/tools/repository';
import { PAGES, proseOf } from '../support/doc-pages';

const LISTS: readonly ToldNumbers[] = [...ATHENA_NUMBERS, ...ETL_NUMBERS, ...REPOSITORY_NUMBERS];

/** Decisions tell what was so on their day, and the page on the interpreter what was measured on one. */
const OF_THEIR_DAY = /^docs\/(decisions\/|interpreter\.md$)/;

/** Every page for users, also one that has no list yet. */
const TOLD: readonly ToldNumbers[] = [...PAGES, 'SECURITY.md'].filter((page) => !OF_THEIR_DAY.test(page)).map((page) => (
  LISTS.find((told) => told.page === page) ?? { page, fromCode: [], fromOutside: {} }));

/**
 * A page as one line, without what no reader takes for a number of ours, or is compared elsewhere: tables made from code or compared with it, targets
 * of links, and the numbers of decisions and steps in links to them.
 */
function sentencesOf(page: string): string {
  return proseOf(page)
    .replace(/<!-- ([^:]+): (?:written by|compared with) .*?<!-- end of \1 -->/gs, '')
    .replace(/\[decision (\d+)\]\([^)]*\/0*\1-[^)]*\)/gi, 'decision')
    .replace(/\[step (\d)\]\(#\1-[^)]*\)/g, 'step')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/\s+/g, ' ');
}

function partsOf({ fromCode, fromOutside }: ToldNumbers): string[] {
  return [...fromCode, ...Object.keys(fromOutside)];
}

/** Sentences with a number that stands in no known part of one; what is known and what is code are left out of their text. */
function untold(told: ToldNumbers): string[] {
  const known = partsOf(told).reduce((text, part) => text.replaceAll(part, '…'), sentencesOf(told.page));
  const rest = known.replace(/`[^`]*`/g, '…').replace(/ (\*\*)?\d\. /g, ' ');
  return rest.split(/(?<=[.!?:|]) /).filter((sentence) => /(?<![\w.#-])\$?\d/.test(sentence));
}

test.each(TOLD)('$page tells the numbers of the code', (told) => {
  const text = sentencesOf(told.page);
  expect(partsOf(told).filter((part) => !text.includes(part))).toEqual([]);
});

test.each(TOLD)('every number of $page is compared, or has a source', (told) => {
  expect(untold(told)).toEqual([]);
});

test.each(LISTS)('$page has one list, and its numbers from outside have a source that can be read', ({ page, fromOutside }) => {
  expect(TOLD.map((told) => told.page)).toContain(page);
  expect(LISTS.filter((told) => told.page === page)).toHaveLength(1);
  const readable = (source: string) => /https:\/\/\S+/.test(source) || existsSync(join(ROOT, source.split(':')[0]));
  expect(Object.entries(fromOutside).filter(([, source]) => !readable(source))).toEqual([]);
});

test.each(LISTS)('without its list, the numbers of $page are found', ({ page }) => {
  expect(untold({ page, fromCode: [], fromOutside: {} })).not.toEqual([]);
});

test('shares that are told in words are those of the code', () => {
  expect(Object.entries(TOLD_IN_WORDS).filter(([, holds]) => !holds)).toEqual([]);
});
