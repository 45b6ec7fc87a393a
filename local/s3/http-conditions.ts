import { StoredObject } from './bucket';
import { S3Errors } from './errors';
import { PutRequest } from './s3-service';

/** True when the answer is 304; throws PreconditionFailed. The ETag conditions win over those of time, as in RFC 9110. */
export function evaluatePreconditions(headers: Readonly<Record<string, string>>, object: StoredObject): boolean {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  const modifiedSince = Date.parse(headers['if-modified-since'] ?? '');
  const unmodifiedSince = Date.parse(headers['if-unmodified-since'] ?? '');
  if (match !== undefined && !matches(match, object.etag)) throw S3Errors.preconditionFailed('If-Match');
  if (match === undefined && object.lastModified > unmodifiedSince) throw S3Errors.preconditionFailed('If-Unmodified-Since');
  if (noneMatch !== undefined) return matches(noneMatch, object.etag);
  return object.lastModified <= modifiedSince;
}

export function writePrecondition(headers: Readonly<Record<string, string>>): PutRequest['precondition'] {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifNoneMatch === undefined) return ifMatch === undefined ? undefined : { ifMatch };
  if (ifNoneMatch !== '*') throw S3Errors.notImplemented('If-None-Match with an ETag when writing');
  return { ifNoneMatch, ifMatch };
}

function matches(header: string, etag: string): boolean {
  return header === '*' || header.split(',').some((item) => item.trim().replaceAll('"', '') === etag.replaceAll('"', ''));
}
