import { MOST_COUNTED_FILES } from '../../contracts/callback';

/** Where a page of files begins. */
export interface PageStart {
  /** How many files there are, as the first page has counted them. */
  readonly fileCount: number;
  /** What comes after this is on the page: a name in a listing, or a place in Athena's list of files. */
  readonly position: string;
}

/** A next page was asked for with what no page of this query has told. */
export class InvalidNextToken extends Error {
  constructor() {
    super('The token belongs to no page of this query');
    this.name = 'InvalidNextToken';
  }
}

/** Tells the next page of a query. It is for nobody to read, but it is no secret: with it, nobody gets anything but files of that query. */
export function nextToken(queryId: string, { fileCount, position }: PageStart): string {
  return Buffer.from(`${queryId} ${fileCount} ${position}`).toString('base64url');
}

/** @throws InvalidNextToken where it is not one of this query */
export function readNextToken(queryId: string, token: string): PageStart {
  const [, count = '', position = ''] = /^[\w-]+ (\d{1,6}) (.+)$/s.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  const start = { fileCount: Number(count), position };
  // What is not written as we would is of another query, or of nobody.
  if (start.fileCount > MOST_COUNTED_FILES || nextToken(queryId, start) !== token) throw new InvalidNextToken();
  return start;
}
