/** Every link of a page to something in this repository leads there. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { dirname } from 'node:path/posix';
import { ROOT } from '../../projenrc/tools/repository';
import { anchorsOf, PAGES, PAGES_OF_THE_REPOSITORY, proseOf } from '../support/doc-pages';

/** A package registry shows the README without the repository, so its links are whole. Here they are looked up as if they were relative. */
const REPOSITORY = /^https:\/\/github\.com\/cdk-data-workflows\/cdk-data-workflows\/(?:blob|tree)\/main\//;

interface Link {
  readonly text: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly anchor: string;
}

function linksOf(page: string): Link[] {
  // Text in backticks is no link; a title in the brackets of a link may break over lines.
  const targets = [...proseOf(page).replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"\s]+)"/g)].map(([, inText, inTag]) => inText ?? inTag);
  return targets.flatMap((text) => {
    const inside = text.replace(REPOSITORY, '/');
    if (/^[a-z]+:/i.test(inside)) return [];
    const [path, anchor = ''] = inside.split('#');
    const file = path.startsWith('/') ? path.slice(1) : path === '' ? page : join(dirname(page), path);
    return [{ text, file: normalize(file), anchor }];
  });
}

/** Why a link leads nowhere, if it does. */
function fault({ file, anchor }: Link): string | undefined {
  if (file.startsWith('..') || !existsSync(join(ROOT, file))) return 'there is no such file';
  if (anchor === '') return undefined;
  if (statSync(join(ROOT, file)).isDirectory() || !file.endsWith('.md')) return undefined;
  return anchorsOf(file).includes(anchor) ? undefined : `there is no such heading; there are ${anchorsOf(file).join(', ')}`;
}

test.each([...PAGES, ...PAGES_OF_THE_REPOSITORY])('links of %s lead somewhere', (page) => {
  expect(linksOf(page).flatMap((link) => {
    const why = fault(link);
    return why === undefined ? [] : [`${link.text}: ${why}`];
  })).toEqual([]);
});

test('a link that leads nowhere is found', () => {
  expect(fault({ text: '', file: 'docs/nothing.md', anchor: '' })).toMatch(/no such file/);
  expect(fault({ text: '', file: '../outside.md', anchor: '' })).toMatch(/no such file/);
  expect(fault({ text: '', file: 'docs/glossary.md', anchor: 'nothing' })).toMatch(/no such heading/);
  expect(fault({ text: '', file: 'docs/glossary.md', anchor: 'both-constructs' })).toBeUndefined();
});

test('links are found, in text and in tags, and those to other places are left alone', () => {
  expect(PAGES.flatMap(linksOf).length).toBeGreaterThan(20);
  expect(linksOf('README.md').map(({ file }) => file)).toContain('ARCHITECTURE.md');
  expect(PAGES.flatMap(linksOf).filter(({ file }) => file.startsWith('http'))).toEqual([]);
});

test('the README is a landing page: at most 10 kB', () => {
  expect(Buffer.byteLength(readFileSync(join(ROOT, 'README.md')))).toBeLessThanOrEqual(10_000);
});
