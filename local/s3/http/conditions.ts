import { S3Errors } from '../errors';
import { sameEtag, StoredObject } from '../objects';
import { readPrecondition } from '../preconditions';
import { Precondition } from '../requests';

const CONDITIONS = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'];

/** True when the answer to a read is 304; throws PreconditionFailed. The ETag conditions win over those of time, as in RFC 9110. */
export function notModified(headers: Readonly<Record<string, string>>, object: StoredObject): boolean {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  const modifiedSince = Date.parse(headers['if-modified-since'] ?? '');
  const unmodifiedSince = Date.parse(headers['if-unmodified-since'] ?? '');
  if (match !== undefined && !matches(match, object.etag)) throw S3Errors.preconditionFailed('If-Match');
  if (match === undefined && object.lastModified > unmodifiedSince) throw S3Errors.preconditionFailed('If-Unmodified-Since');
  if (noneMatch !== undefined) return matches(noneMatch, object.etag);
  return object.lastModified <= modifiedSince;
}

/** What a write demands of the object that is there. */
export function writePrecondition(headers: Readonly<Record<string, string>>): Precondition | undefined {
  assertConditions(headers, 'a write', 'if-match', 'if-none-match');
  return readPrecondition(headers['if-match'], headers['if-none-match']);
}

/** Fails for a condition that the operation does not have. */
export function assertConditions(headers: Readonly<Record<string, string>>, operation: string, ...known: string[]): void {
  const unknown = CONDITIONS.find((name) => headers[name] !== undefined && !known.includes(name));
  if (unknown !== undefined) throw S3Errors.notImplemented(`the header ${unknown} of ${operation}`);
}

function matches(header: string, etag: string): boolean {
  return header === '*' || header.split(',').some((item) => sameEtag(item.trim(), etag));
}
