import { xmlAnswer } from './xml';
import { HttpAnswer } from '../../http/http-service';
import { S3Errors } from '../errors';
import { ListPage, ListRequest } from '../listing';
import { Upload } from '../uploads';

/** Most entries of a list, and the default. */
const MAX_ENTRIES = 1_000;

export function listAnswer(bucket: string, request: ListRequest, page: ListPage, urlEncoded: boolean): HttpAnswer {
  const text = encoder(urlEncoded);
  return xmlAnswer('ListBucketResult', {
    Name: bucket,
    Prefix: text(request.prefix ?? ''),
    Delimiter: request.delimiter && text(request.delimiter),
    StartAfter: request.startAfter && text(request.startAfter),
    ContinuationToken: request.continuationToken,
    NextContinuationToken: page.nextToken,
    EncodingType: urlEncoded ? 'url' : undefined,
    KeyCount: page.objects.length + page.commonPrefixes.length,
    MaxKeys: Math.min(request.maxKeys ?? MAX_ENTRIES, MAX_ENTRIES),
    IsTruncated: page.nextToken !== undefined,
    Contents: page.objects.map((object) => ({
      Key: text(object.key),
      LastModified: new Date(object.lastModified).toISOString(),
      ETag: object.etag,
      Size: object.size,
      StorageClass: 'STANDARD',
    })),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: text(prefix) })),
  });
}

export interface UploadListRequest {
  readonly prefix: string;
  readonly keyMarker?: string;
  readonly idMarker?: string;
  readonly maxUploads?: number;
}

/** ListMultipartUploads. */
export function uploadsAnswer(bucket: string, request: UploadListRequest, uploads: readonly Upload[], urlEncoded: boolean): HttpAnswer {
  const text = encoder(urlEncoded);
  const { prefix, keyMarker, idMarker } = request;
  const limit = pageSize(request.maxUploads, 'max-uploads');
  const left = uploadsAfter(uploads, keyMarker, idMarker);
  const page = left.slice(0, limit);
  const truncated = left.length > page.length;
  const last = page.at(-1);
  return xmlAnswer('ListMultipartUploadsResult', {
    Bucket: bucket,
    KeyMarker: text(keyMarker ?? ''),
    UploadIdMarker: idMarker ?? '',
    NextKeyMarker: truncated ? text(last?.key ?? '') : undefined,
    NextUploadIdMarker: truncated ? last?.id : undefined,
    Prefix: text(prefix),
    EncodingType: urlEncoded ? 'url' : undefined,
    MaxUploads: limit,
    IsTruncated: truncated,
    Upload: page.map(({ key, id, initiatedAt, checksum }) => ({
      Key: text(key),
      UploadId: id,
      StorageClass: 'STANDARD',
      Initiated: new Date(initiatedAt).toISOString(),
      ...checksum && { ChecksumAlgorithm: checksum.algorithm, ChecksumType: checksum.type },
    })),
  });
}

/** A page goes on after a key, or after one upload of a key. */
function uploadsAfter(uploads: readonly Upload[], keyMarker: string | undefined, idMarker: string | undefined): readonly Upload[] {
  if (keyMarker === undefined) return uploads;
  const marked = uploads.findIndex(({ key, id }) => key === keyMarker && id === idMarker);
  return marked < 0 ? uploads.filter(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(keyMarker)) > 0) : uploads.slice(marked + 1);
}

/** How many entries a page may have. */
export function pageSize(asked: number | undefined, parameter: string): number {
  if (asked === undefined) return MAX_ENTRIES;
  if (!Number.isInteger(asked) || asked < 0) throw S3Errors.invalidArgument(`${parameter} must be an integer that is not negative`);
  return Math.min(asked, MAX_ENTRIES);
}

function encoder(urlEncoded: boolean): (value: string) => string {
  return (value) => (urlEncoded ? encodeURIComponent(value).replaceAll('%2F', '/') : value);
}
