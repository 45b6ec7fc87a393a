import { createHash } from 'node:crypto';
import { ITEMS_SUFFIX, PAGE_RECORD } from '../../contracts/read-page';

/** Where the objects of a page are. */
export interface PageKeys {
  /** What all keys of the page begin with, its `/` at the end included. */
  readonly folder: string;
  /** Of the record that says which data is the page. */
  readonly record: string;
}

export interface PagePlace {
  /** Nothing, or something that ends in `/`. */
  readonly prefix: string;
  /** ARN of the execution that began the run. */
  readonly runId: string;
  readonly cursor: string | null;
  /** What decides which items the page has, and in which batches. */
  readonly content: readonly (string | number | null)[];
}

/** The place of the page that begins after a cursor of a run: the same for every attempt at it, another for every other page. */
export function keysOfPage({ prefix, runId, cursor, content }: PagePlace): PageKeys {
  const execution = runId.slice(runId.lastIndexOf(':') + 1);
  // The second value is for the bounds of a range, which a run may have one day: then its pages lie elsewhere than those of today.
  const hash = createHash('sha256').update(JSON.stringify([runId, null, cursor, content])).digest('hex');
  const folder = `${prefix}${execution}/${hash}/`;
  return { folder, record: `${folder}${PAGE_RECORD}` };
}

/** Where the data of one attempt at a page is. */
export interface DataKeys {
  /** Of the batches. */
  readonly key: string;
  /** Of the index of the batches. */
  readonly index: string;
}

/** @param attempt a name that no other attempt has */
export function keysOfData({ folder }: PageKeys, attempt: string): DataKeys {
  return { key: `${folder}${attempt}.jsonl`, index: `${folder}${attempt}.index.jsonl` };
}

/** Where the text of large items is, whose batches have this key. */
export function keyOfItems(key: string): string {
  return `${key}${ITEMS_SUFFIX}`;
}
