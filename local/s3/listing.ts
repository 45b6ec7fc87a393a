import { S3Errors } from './errors';
import { StoredObject } from './objects';

export interface ListRequest {
  readonly prefix?: string;
  readonly delimiter?: string;
  /** 0 to 1000; default 1000, which is also the most that is listed at once. */
  readonly maxKeys?: number;
  readonly startAfter?: string;
  readonly continuationToken?: string;
}

export interface ListPage {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  readonly nextToken?: string;
}

type Entry = { readonly name: string; readonly object?: StoredObject };

/** One page of ListObjectsV2 over objects that are in order of their keys. */
export function listPage(objects: readonly StoredObject[], request: ListRequest): ListPage {
  const limit = Math.min(request.maxKeys ?? 1_000, 1_000);
  if (!Number.isInteger(limit) || limit < 0) throw S3Errors.invalidArgument('max-keys must be an integer that is not negative');
  const after = request.continuationToken === undefined ? request.startAfter : decodeToken(request.continuationToken);
  const entries = rolledUp(objects, request).filter(({ name }) => after === undefined || compare(name, after) > 0);
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  return {
    objects: page.flatMap(({ object }) => object ?? []),
    commonPrefixes: page.filter(({ object }) => object === undefined).map(({ name }) => name),
    ...entries.length > limit && last !== undefined && { nextToken: Buffer.from(last.name).toString('base64url') },
  };
}

/** Keys that have the delimiter after the prefix count once, as their common prefix. */
function rolledUp(objects: readonly StoredObject[], { prefix = '', delimiter }: ListRequest): Entry[] {
  const entries = new Map<string, Entry>();
  for (const object of objects) {
    const end = delimiter === undefined || delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
    const name = end < 0 ? object.key : object.key.slice(0, end + (delimiter ?? '').length);
    entries.set(name, end < 0 ? { name, object } : { name });
  }
  return [...entries.values()];
}

function decodeToken(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (token === '' || Buffer.from(key).toString('base64url') !== token) throw S3Errors.invalidArgument('The continuation token provided is incorrect');
  return key;
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
