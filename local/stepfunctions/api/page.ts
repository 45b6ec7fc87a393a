import { Request } from './request';
import { ServiceError } from '../../aws/service';

/** Items of a page when nothing or zero is asked for, and at most (API reference). */
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

export interface Page {
  readonly start: number;
  readonly end: number;
  /** To be spread into the answer. */
  readonly nextToken: { readonly nextToken?: string };
}

/** The part of a list that `maxResults` and `nextToken` ask for. */
export function pageOf(request: Request, length: number): Page {
  const asked = request.integer('maxResults', 0, MAX_PAGE) ?? 0;
  const token = request.optionalString('nextToken');
  const start = token === undefined ? 0 : readToken(token);
  const end = Math.min(length, start + (asked === 0 ? DEFAULT_PAGE : asked));
  return { start: Math.min(start, end), end, nextToken: end < length ? { nextToken: Buffer.from(`from:${end}`).toString('base64') } : {} };
}

function readToken(token: string): number {
  const start = /^from:(\d+)$/.exec(Buffer.from(token, 'base64').toString('utf8'))?.[1];
  if (start === undefined) throw new ServiceError('InvalidToken', 'Invalid Token: \'Invalid token\'');
  return Number(start);
}
