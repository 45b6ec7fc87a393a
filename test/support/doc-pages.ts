/** What users and contributors read, as text that tests can look into. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../projenrc/tools/repository';

/** All pages for users: the README and everything below docs/, from the root of the repository. */
export const PAGES: readonly string[] = ['README.md', ...markdownBelow('docs')];

/** Pages beside the code: for contributors, and for whoever finds a fault. */
export const PAGES_OF_THE_REPOSITORY: readonly string[] = ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', ...markdownBelow('examples')];

/** The text of a page. */
export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** The text of a page without what stands in fences: code is no sentence. */
export function proseOf(page: string): string {
  return textOf(page).replace(/^ *```.*?^ *```$/gms, '');
}

/**
 * Anchors of a page, as GitHub makes them of its headings: in lower case, without punctuation, hyphens for spaces, and a number behind one that was
 * there before.
 */
export function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return [...proseOf(page).matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading]) => {
    const slug = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

/** The blocks of JSON of a page. */
export function jsonBlocksOf(page: string): Record<string, unknown>[] {
  return [...textOf(page).matchAll(/^```json\n(.*?)^```$/gms)].map(([, json]) => JSON.parse(json));
}

/** Cells of the rows of the table with this header. */
export function rowsUnder(page: string, header: string): string[][] {
  const text = textOf(page);
  const [, , ...lines] = text.slice(text.indexOf(`| ${header} |`)).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(0, end).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

/** Names and numbers in backticks. */
export function inBackticks(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text);
}

function markdownBelow(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.md') && !/(^|[\\/])(node_modules|cdk\.out)[\\/]/.test(file)).map((file) => join(folder, file)).sort();
}
