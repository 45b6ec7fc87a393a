import { Request } from './request';
import { ServiceError } from '../../aws/service';

/** Items of a page when nothing or zero is asked for, and at most (API reference). */
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

export interface Page {
  readonly start: number;
  readonly end: number;
  /** Of the list, as it is now or as it was for the first page. */
  readonly length: number;
  /** To be spread into the answer. */
  readonly nextToken: { readonly nextToken?: string };
}

/** Longest token of a page. Source: API reference of all operations that answer in pages, but for ListExecutions. */
const MAX_TOKEN = 1024;

/**
 * The part of a list that `maxResults` and `nextToken` ask for.
 * @param growing Whether what the list has got since the first page belongs to it.
 * @param maxToken Longest token that the operation takes. Default: 1,024 characters.
 */
export function pageOf(
  request: Request, currentLength: number, { growing, maxToken = MAX_TOKEN }: { readonly growing: boolean; readonly maxToken?: number },
): Page {
  const asked = request.integer('maxResults', 0, MAX_PAGE) ?? 0;
  const token = request.optionalString('nextToken', maxToken, 1);
  const from = token === undefined ? { start: 0, length: currentLength } : readToken(token);
  const length = growing ? currentLength : Math.min(from.length, currentLength);
  const end = Math.min(length, from.start + (asked === 0 ? DEFAULT_PAGE : asked));
  const nextToken = end < length ? { nextToken: Buffer.from(`from:${end}:of:${length}`).toString('base64') } : {};
  return { start: Math.min(from.start, end), end, length, nextToken };
}

function readToken(token: string): { readonly start: number; readonly length: number } {
  const [, start, length] = /^from:(\d+):of:(\d+)$/.exec(Buffer.from(token, 'base64').toString('utf8')) ?? [];
  if (start === undefined) throw new ServiceError('InvalidToken', 'Invalid Token: \'Invalid token\'');
  return { start: Number(start), length: Number(length) };
}
