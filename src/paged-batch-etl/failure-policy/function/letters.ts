import { createHash } from 'node:crypto';
import { FailedDocument } from './page-failures';
import { DeadLetter } from '../../contracts/collect-failures';

/** Where the letters of a run are. */
export function lettersFolder(prefix: string, run: string): string {
  return `${prefix}${run.slice(run.lastIndexOf(':') + 1)}/`;
}

/** The place of the letters of the page that begins at a cursor: the same for every attempt at it, so that a page has no letters but those of the last one. */
export function lettersKey(prefix: string, run: string, cursor: string | null): string {
  const hash = createHash('sha256').update(JSON.stringify([run, cursor])).digest('hex');
  return `${lettersFolder(prefix, run)}${hash}.jsonl`;
}

export interface LetterPlace {
  readonly run: string;
  readonly page: number;
  readonly withDocuments: boolean;
}

/** A letter as it is stored, with the line feed. */
export function letterLine(failed: FailedDocument, { run, page, withDocuments }: LetterPlace): Buffer {
  const { itemIdentifier, idempotencyKey, error, cause, item, itemAt } = failed;
  const letter: DeadLetter = { itemIdentifier, idempotencyKey, error, cause, run, page, ...(withDocuments ? { item, itemAt } : {}) };
  return Buffer.from(`${JSON.stringify(letter)}\n`);
}
