import { DeliveryError } from './delivery-error';
import { InvalidNextToken } from './file-token';
import type { LinkConfig } from './link-config';
import { LinkCloud, mayReadUnder, Place, placeOf, SigningSession } from './link-session';
import { WrittenFormat } from '../../contracts/deliver';
import { DeliveryErrorName } from '../../contracts/error-names';

/** What has to be known of a query that wrote files. */
export interface WritingQuery {
  readonly queryId: string;
  readonly queryExecutionId: string;
  /** The format that the request chose: then the files lie under the id of the query. */
  readonly format?: WrittenFormat;
  /** Where Athena has listed the files that it wrote; undefined where it has not. */
  readonly manifest?: string;
}

/** A file that a query wrote. */
export interface WrittenFile {
  /** Undefined where no links are made to it. */
  readonly place?: Place;
  readonly size?: number;
  /** Epoch milliseconds. */
  readonly writtenAt?: number;
  /** What comes after the file is read from here on. */
  readonly position: string;
}

/** Bytes of a list of files that are read at once. */
const CHUNK_BYTES = 1_048_576;

/** A line of a list of files has no more bytes: the name of a bucket, and a key of 1,024 bytes. Source: Amazon S3 user guide, on object keys. */
const LONGEST_LINE_BYTES = 4_096;

const NEWLINE = 0x0a;

/**
 * The files of a query that chose a format, as S3 lists them: Athena wrote them under the id of the query, and nobody else writes there. Where results lie may have changed
 * since the query was started.
 *
 * Files without a byte are left out: they have no rows.
 */
export async function* filesUnderId(
  { queryId }: WritingQuery, after: string | undefined, config: LinkConfig, cloud: LinkCloud,
): AsyncGenerator<WrittenFile> {
  for (const location of [config.resultLocation, ...config.formerResultLocations ?? []]) {
    const folder = placeOf(`${location}${queryId}/`);
    if (folder === undefined) continue;
    const session = await SigningSession.open(queryId, mayReadUnder(folder), config, cloud);
    let startAfter = after === undefined ? undefined : `${folder.key}${after}`;
    let found = false;
    for (let truncated = true; truncated;) {
      const { Contents = [], IsTruncated = false } = await session.list(folder, startAfter);
      for (const { Key: key = '', Size: size = 0, LastModified } of Contents) {
        startAfter = key;
        if (size === 0) continue;
        found = true;
        yield { place: linked({ bucket: folder.bucket, key }), size, writtenAt: LastModified?.getTime(), position: key.slice(folder.key.length) };
      }
      truncated = IsTruncated && Contents.length > 0;
    }
    if (found) return;
  }
}

/**
 * The files that Athena's own list of them names. It is an object with a URI on each line.
 *
 * @throws DeliveryError ResultExpired if the list is gone, ResultNotDeliverable if it is not where links are made to, or is no such list
 */
export async function* filesOfManifest(
  { queryId, queryExecutionId, manifest = '' }: WritingQuery, after: string | undefined, config: LinkConfig, cloud: LinkCloud,
): AsyncGenerator<WrittenFile> {
  const locations = [config.resultLocation, ...config.formerResultLocations ?? []];
  const isOurs = (uri: string) => locations.some((location) => uri.startsWith(location));
  const place = placeOf(manifest);
  // Athena alone writes under a name with the id of a query, so nobody can put together a list of others' files.
  if (place === undefined || !isOurs(manifest) || !manifest.endsWith(`/${queryExecutionId}-manifest.csv`)) throw notDeliverable();
  if (after !== undefined && !/^[1-9]\d{0,14}$/.test(after)) throw new InvalidNextToken();
  const session = await SigningSession.open(queryId, mayReadUnder(place), config, cloud);
  for await (const { text, end } of linesOf((from) => session.readRange(place, from, CHUNK_BYTES), Number(after ?? 0))) {
    const [, quoted] = /^"(.*)"$/s.exec(text) ?? [];
    const uri = quoted?.replaceAll('""', '"') ?? text;
    if (!uri.startsWith('s3://')) continue;
    const file = placeOf(uri);
    yield { place: file !== undefined && isOurs(uri) ? linked(file) : undefined, position: String(end) };
  }
}

/**
 * The lines of an object that are not empty, each with the place after it.
 *
 * @param from where a line begins
 */
async function* linesOf(read: (from: number) => Promise<Uint8Array>, from: number): AsyncGenerator<{ readonly text: string; readonly end: number }> {
  // The end of the line before is read too: what begins in the middle of a line is no place that any page has told.
  let position = Math.max(0, from - 1);
  let rest = Buffer.alloc(0);
  for (let more = true; more;) {
    const chunk = await read(position + rest.length);
    more = chunk.length === CHUNK_BYTES;
    const bytes = Buffer.concat([rest, chunk]);
    if (position < from && bytes.length === 0) return;
    if (position < from && bytes[0] !== NEWLINE) throw new InvalidNextToken();
    let start = 0;
    for (let newline = bytes.indexOf(NEWLINE); newline >= 0; newline = bytes.indexOf(NEWLINE, start)) {
      const text = bytes.toString('utf8', start, newline).replace(/\r$/, '');
      start = newline + 1;
      if (text !== '') yield { text, end: position + start };
    }
    rest = bytes.subarray(start);
    position += start;
    if (rest.length > LONGEST_LINE_BYTES) throw notDeliverable();
  }
  const text = rest.toString();
  // As if there were the end of a line: a page that begins after it has nothing.
  if (text !== '') yield { text, end: position + rest.length + 1 };
}

/** A client makes another path of one with dots in it, so that its link would not work. */
function linked(place: Place): Place | undefined {
  return place.key.endsWith('/') || place.key.split('/').some((part) => part === '.' || part === '..') ? undefined : place;
}

function notDeliverable(): DeliveryError {
  return new DeliveryError(DeliveryErrorName.RESULT_NOT_DELIVERABLE, 'The list of files is not one of Athena under a result location');
}
