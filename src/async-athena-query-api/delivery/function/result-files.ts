import { Download, downloadOf } from './download';
import { nextToken, PageStart } from './file-token';
import type { LinkConfig } from './link-config';
import { LinkCloud, linkLife, literally, resultExpired, mayReadUnder, Place, SigningSession } from './link-session';
import { filesOfManifest, filesUnderId, WritingQuery, WrittenFile } from './written-files';
import { LARGEST_FILES_BODY, MOST_COUNTED_FILES, MOST_FILES_AT_ONCE, ResultFile, ResultFiles } from '../../contracts/callback';

/** A file that is on the page. */
type LinkedFile = WrittenFile & { readonly place: Place };

/** What a page has to be made of. */
interface Page {
  /** Those that have a link, as many as there may be on a page. */
  readonly files: readonly LinkedFile[];
  readonly fileCount: number;
  /** What comes after this was not looked at, or is not on the page; undefined where there is nothing. */
  readonly next?: string;
}

/** Bytes of a next token at most: the id of a query, two numbers and a name of 1,024 bytes, in base64. */
const TOKEN_BYTES = 2_048;

/** A session policy has 2,048 characters: in it, the beginning of the keys comes twice. Source: IAM user guide, "IAM and AWS STS quotas". */
const LONGEST_PATTERN = 400;

/**
 * Links to the files that a query wrote, or to the next of them; undefined where it is not known which these are.
 *
 * The links are signed by a session that may read what begins as all their keys do. They end together.
 *
 * @param start where the page begins; undefined for the first
 * @param otherBytes bytes of the body that the page becomes a part of
 * @throws InvalidNextToken where no page begins there
 * @throws DeliveryError ResultExpired if the files are gone
 */
export async function makeResultFiles(
  query: WritingQuery, start: PageStart | undefined, otherBytes: number, config: LinkConfig, cloud: LinkCloud,
): Promise<ResultFiles | undefined> {
  if (query.format === undefined && query.manifest === undefined) return undefined;
  const files = query.format === undefined ? filesOfManifest : filesUnderId;
  const page = await takePage(files(query, start?.position, config, cloud), start?.fileCount);
  if (page.fileCount === 0 && await namesFiles(query, config, cloud)) throw resultExpired();
  const { Files, ...life } = await linkAll(query, page.files, config, cloud);
  const frame: ResultFiles = { Files: [], FileCount: page.fileCount, NextToken: '', ...life };
  const fitting = howManyFit(Files, LARGEST_FILES_BODY - otherBytes - bytesOf(frame) - TOKEN_BYTES);
  const next = fitting < Files.length ? page.files[fitting - 1].position : page.next;
  return {
    Files: Files.slice(0, fitting),
    FileCount: page.fileCount,
    ...(next !== undefined && { NextToken: nextToken(query.queryId, { fileCount: page.fileCount, position: next }) }),
    ...life,
  };
}

async function linkAll(
  { queryId, format }: WritingQuery, files: readonly LinkedFile[], config: LinkConfig, cloud: LinkCloud,
): Promise<Pick<ResultFiles, 'Files' | 'ExpiredIn' | 'ExpiresAt'>> {
  if (files.length === 0) return { Files: [] };
  const session = await SigningSession.open(queryId, mayReadUnder(commonPlace(files)), config, cloud);
  const validity = session.validity(await expiryOf(files, session));
  const link = async ({ place, size }: LinkedFile): Promise<ResultFile> => ({
    PresignedUrl: await session.sign(place, nameOf(place, format), validity), ...(size !== undefined && { SizeInBytes: size }),
  });
  return { Files: await Promise.all(files.map(link)), ...linkLife(validity) };
}

/** Whether Athena says that there are files, of which S3 lists none any more. */
async function namesFiles(query: WritingQuery, config: LinkConfig, cloud: LinkCloud): Promise<boolean> {
  if (query.format === undefined || query.manifest === undefined) return false;
  const { done } = await filesOfManifest(query, undefined, config, cloud).next();
  return done !== true;
}

/** @param counted how many files there are; undefined where they have to be counted */
async function takePage(entries: AsyncGenerator<WrittenFile>, counted: number | undefined): Promise<Page> {
  const files: LinkedFile[] = [];
  let seen = 0;
  let next: string | undefined;
  for await (const { place, ...file } of entries) {
    seen++;
    if (place !== undefined && next === undefined) {
      if (files.length < MOST_FILES_AT_ONCE) files.push({ ...file, place });
      else next = files[MOST_FILES_AT_ONCE - 1].position;
    }
    if (counted !== undefined && next !== undefined) break;
    if (seen === MOST_COUNTED_FILES) {
      next ??= file.position;
      break;
    }
  }
  return { files, fileCount: counted ?? seen, next };
}

/** How many of the files are told; one at least, so that whoever asks for page after page comes to the end. */
function howManyFit(files: readonly ResultFile[], bytes: number): number {
  let left = bytes;
  const tooMany = files.findIndex((file) => {
    left -= bytesOf(file) + 1;
    return left < 0;
  });
  return tooMany < 0 ? files.length : Math.max(1, tooMany);
}

/** All files of a query were written together, so what is deleted first is the oldest. */
async function expiryOf(files: readonly LinkedFile[], session: SigningSession): Promise<number> {
  const oldest = files.reduce((one, other) => ((other.writtenAt ?? Infinity) < (one.writtenAt ?? Infinity) ? other : one));
  return session.readExpiry(oldest.place, async () => !await session.exists(oldest.place));
}

/** What all keys begin with, as far as a policy can name it. */
function commonPlace([first, ...others]: readonly LinkedFile[]): Place {
  const { bucket, key } = first.place;
  const common = others.reduce((length, { place }) => {
    let same = 0;
    while (same < length && place.key[same] === key[same]) same++;
    return same;
  }, key.length);
  // Policies hold few characters beyond ASCII.
  let [prefix] = /^[ -~]*/.exec(key.slice(0, common)) ?? [''];
  while (literally(prefix).length > LONGEST_PATTERN) prefix = prefix.slice(0, -1);
  return { bucket, key: prefix };
}

function nameOf({ key }: Place, format: WritingQuery['format']): Download {
  return downloadOf(key.slice(key.lastIndexOf('/') + 1), format);
}

export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
