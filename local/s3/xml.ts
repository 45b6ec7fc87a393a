import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { StoredObject } from './bucket';
import { S3Errors } from './errors';
import { ListPage, ListRequest } from './listing';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });

export function bucketLocationXml(region: string): string {
  // The first region of S3 has no name here.
  return document('LocationConstraint', region === 'us-east-1' ? {} : { '#text': region });
}

export function listXml(bucket: string, request: ListRequest, page: ListPage, urlEncoded: boolean): string {
  const text = (value: string) => (urlEncoded ? encodeURIComponent(value).replaceAll('%2F', '/') : value);
  return document('ListBucketResult', {
    Name: bucket,
    Prefix: text(request.prefix ?? ''),
    ...request.delimiter !== undefined && { Delimiter: text(request.delimiter) },
    ...request.startAfter !== undefined && { StartAfter: text(request.startAfter) },
    ...request.continuationToken !== undefined && { ContinuationToken: request.continuationToken },
    ...page.nextToken !== undefined && { NextContinuationToken: page.nextToken },
    ...urlEncoded && { EncodingType: 'url' },
    KeyCount: page.objects.length + page.commonPrefixes.length,
    MaxKeys: Math.min(request.maxKeys ?? 1_000, 1_000),
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

export function createdUploadXml(target: { bucket: string; key: string }, uploadId: string): string {
  return document('InitiateMultipartUploadResult', { Bucket: target.bucket, Key: target.key, UploadId: uploadId });
}

export function completedUploadXml(target: { bucket: string; key: string }, object: StoredObject): string {
  return document('CompleteMultipartUploadResult', { Bucket: target.bucket, Key: target.key, ETag: object.etag });
}

/** Number and ETag of every part that a CompleteMultipartUpload request names. */
export function parseCompletedParts(body: Buffer): { number: number; etag: string }[] {
  const parser = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Part' });
  const parts: unknown = parser.parse(body.toString())?.CompleteMultipartUpload?.Part;
  if (!Array.isArray(parts)) throw S3Errors.malformedXml();
  return parts.map((part: Record<string, unknown>) => {
    if (typeof part.PartNumber !== 'string' || typeof part.ETag !== 'string') throw S3Errors.malformedXml();
    return { number: Number(part.PartNumber), etag: part.ETag.replaceAll('&quot;', '"') };
  });
}

function document(root: string, content: Record<string, unknown>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: { '@_xmlns': NAMESPACE, ...content } })}`;
}
