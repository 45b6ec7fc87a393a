import { FailedDocument } from './page-failures';
import { DeadLetter } from '../../contracts/collect-failures';

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
