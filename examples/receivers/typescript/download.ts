import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { get, Refused } from './queries';

/** What we read of a callback. The API may add members. */
export interface Callback {
  readonly QueryId: string;
  readonly State: { readonly State: string };
  readonly Reason?: string;
  readonly QueryResult?: Result;
}

/** A link, or a page of links to files. */
interface Result {
  readonly PresignedUrl?: string;
  readonly Files?: readonly { readonly PresignedUrl: string }[];
  readonly NextToken?: string;
  /** Epoch milliseconds; absent where there are no links. */
  readonly ExpiresAt?: number;
}

const ATTEMPTS = 6;
const FIRST_DELAY_MS = 1_000;
/** A download must have begun before its link expires, and clocks differ. */
const MARGIN_MS = 30_000;

/** Downloads the result of a query, and says what became of it. */
export async function downloadResult({ QueryId, State, Reason, QueryResult }: Callback): Promise<string> {
  if (QueryResult === undefined) return [State.State, Reason ?? 'without a result'].join(', ');
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Links expire. Whatever failed may have failed for that.
      const useful = attempt === 1 && Date.now() < (QueryResult.ExpiresAt ?? Infinity) - MARGIN_MS;
      return await save(QueryId, useful ? QueryResult : await freshResult(QueryId));
    } catch (error) {
      // The result was deleted, or is not ours: nothing will bring it back.
      if (error instanceof Refused && [404, 409, 410].includes(error.status)) return error.message;
      if (attempt === ATTEMPTS) throw error;
      await delay(Math.random() * FIRST_DELAY_MS * 2 ** attempt);
    }
  }
}

async function freshResult(queryId: string, nextToken?: string): Promise<Result> {
  const page = nextToken === undefined ? '' : `?${new URLSearchParams({ NextToken: nextToken })}`;
  const answer: { QueryResult: Result } = await get(`${process.env.QUERIES_URL}/${queryId}/result${page}`);
  return answer.QueryResult;
}

async function save(queryId: string, first: Result): Promise<string> {
  const folder = join('results', queryId);
  mkdirSync(folder, { recursive: true });
  let count = 0;
  for (let page = first; ; page = await freshResult(queryId, page.NextToken)) {
    const links = page.Files?.map(({ PresignedUrl }) => PresignedUrl) ?? [page.PresignedUrl ?? ''];
    for (const link of links) await saveFile(link, join(folder, `${++count}-${basename(new URL(link).pathname)}`));
    if (page.NextToken === undefined) return `saved ${count} file(s) in ${folder}`;
  }
}

/** A file has its name only when all of it is here. */
async function saveFile(link: string, path: string): Promise<void> {
  if (existsSync(path)) return;
  // A silence of five minutes ends it. No header of ours: the link has signed which there are.
  const response = await fetch(link);
  if (!response.ok || response.body === null) throw new Error(`the link answered ${response.status}`);
  await pipeline(response.body, createWriteStream(`${path}.part`));
  renameSync(`${path}.part`, path);
}
