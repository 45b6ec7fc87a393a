import { Bucket, KeyChanges } from './bucket';
import { S3Errors } from './errors';
import { sameEtag } from './objects';
import { Precondition } from './requests';

/** What a write demands, from the values of its two conditions. */
export function readPrecondition(ifMatch: string | undefined, ifNoneMatch: string | undefined): Precondition | undefined {
  if (ifNoneMatch === undefined && ifMatch === undefined) return undefined;
  if (ifNoneMatch !== undefined && ifMatch !== undefined) throw S3Errors.notImplemented('If-Match and If-None-Match in one request');
  if (ifMatch !== undefined) return ifMatch === '*' ? refuse('If-Match: *') : { ifMatch };
  return ifNoneMatch === '*' ? { ifNoneMatch } : refuse('If-None-Match with an ETag');
}

/**
 * Throws unless the object may be written now. `begun`: what had been done with the key when the request began, and for a multipart upload the deletes
 * before that began. Who comes after another writer gets 412. Who was underway when another writer came first gets 409, and also who finds an object gone
 * that was to be there neither before nor after. Sources: S3 user guide, "How to prevent object overwrites with conditional writes"; API reference of
 * PutObject, `If-None-Match` and `If-Match`.
 */
export function assertPrecondition(precondition: Precondition | undefined, bucket: Bucket, key: string, begun: KeyChanges): void {
  if (precondition === undefined) return;
  const present = bucket.get(key);
  const { writes, deletes } = bucket.changesOf(key);
  if (precondition.ifMatch !== undefined && present === undefined) throw S3Errors.noSuchKey(key);
  if (writes > begun.writes || deletes > begun.deletes) {
    throw S3Errors.conditionalRequestConflict(precondition.ifMatch === undefined ? 'If-None-Match' : 'If-Match', key);
  }
  if (precondition.ifNoneMatch !== undefined && present !== undefined) throw S3Errors.preconditionFailed('If-None-Match');
  if (precondition.ifMatch !== undefined && !sameEtag(precondition.ifMatch, present?.etag ?? '')) throw S3Errors.preconditionFailed('If-Match');
}

/** The same for a delete. Source: S3 user guide, "How to perform conditional deletes". */
export function assertDeletePrecondition(ifMatch: string | undefined, bucket: Bucket, key: string, begun: KeyChanges): void {
  if (ifMatch === undefined) return;
  const present = bucket.get(key);
  if (present === undefined) throw S3Errors.noSuchKey(key);
  const { writes, deletes } = bucket.changesOf(key);
  if (writes > begun.writes || deletes > begun.deletes) throw S3Errors.conditionalRequestConflict('If-Match', key);
  if (ifMatch !== '*' && !sameEtag(ifMatch, present.etag)) throw S3Errors.preconditionFailed('If-Match');
}

function refuse(what: string): never {
  throw S3Errors.notImplemented(`${what} when writing`);
}
