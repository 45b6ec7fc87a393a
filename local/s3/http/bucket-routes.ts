import { assertKnownQuery } from './headers';
import { listAnswer, uploadsAnswer } from './listing-xml';
import { optionalText, parseList, textOf, xmlAnswer } from './xml';
import { HttpAnswer, VerifiedRequest } from '../../http/http-service';
import { S3Errors } from '../errors';
import { BucketRequest } from '../requests';
import { S3Service } from '../s3-service';

/** What is asked of a bucket: lists, its location, and the deletion of many objects. */
export class BucketRoutes {
  constructor(private readonly s3: S3Service) {}

  async handle(request: VerifiedRequest, target: BucketRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    const { method } = request;
    if (method === 'HEAD') {
      assertKnownQuery(query);
      const { settings } = await this.s3.headBucket(target);
      return { statusCode: 200, headers: { 'x-amz-bucket-region': settings.region } };
    }
    if (method === 'GET' && query.has('location')) {
      assertKnownQuery(query, 'location');
      const region = await this.s3.bucketLocation(target);
      // The first region of S3 has no name here.
      return xmlAnswer('LocationConstraint', region === 'us-east-1' ? {} : { '#text': region });
    }
    if (method === 'GET' && query.get('list-type') === '2') return this.list(target, query);
    if (method === 'GET' && query.has('uploads')) return this.listUploads(target, query);
    if (method === 'POST' && query.has('delete')) return this.deleteObjects(request, target, query);
    throw S3Errors.notImplemented(`${method} of a bucket with ${[...query.keys()].join(', ') || 'no parameters'}`);
  }

  private async list(target: BucketRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    assertKnownQuery(query, 'list-type', 'prefix', 'delimiter', 'max-keys', 'start-after', 'continuation-token', 'encoding-type', 'fetch-owner');
    const list = {
      prefix: query.get('prefix'),
      delimiter: query.get('delimiter'),
      maxKeys: numberIn(query, 'max-keys'),
      startAfter: query.get('start-after'),
      continuationToken: query.get('continuation-token'),
    };
    const page = await this.s3.list({ ...target, ...list });
    return listAnswer(target.bucket, list, page, query.get('encoding-type') === 'url');
  }

  private async listUploads(target: BucketRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    assertKnownQuery(query, 'uploads', 'prefix', 'max-uploads', 'key-marker', 'upload-id-marker', 'encoding-type');
    const prefix = query.get('prefix') ?? '';
    const list = { prefix, keyMarker: query.get('key-marker'), idMarker: query.get('upload-id-marker'), maxUploads: numberIn(query, 'max-uploads') };
    const uploads = await this.s3.uploads.list(target, prefix);
    return uploadsAnswer(target.bucket, list, uploads, query.get('encoding-type') === 'url');
  }

  private async deleteObjects({ headers, body }: VerifiedRequest, target: BucketRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    assertKnownQuery(query, 'delete');
    if (headers['content-md5'] === undefined && !Object.keys(headers).some((name) => /^x-amz-checksum-(crc|sha)/.test(name))) {
      throw S3Errors.invalidRequest('Missing required header for this request: Content-MD5 OR x-amz-checksum-*');
    }
    const { list, rest: { Quiet: quiet, ...unknown } } = parseList(body, 'Delete', 'Object');
    const [other] = [...Object.keys(unknown), ...list.flatMap((object) => Object.keys(object).filter((name) => name !== 'Key' && name !== 'ETag'))];
    if (other !== undefined) throw S3Errors.notImplemented(`${other} of DeleteObjects`);
    const { deleted, errors } = await this.s3.deleteAll(target, list.map((object) => ({ key: textOf(object, 'Key'), ifMatch: optionalText(object, 'ETag') })));
    return xmlAnswer('DeleteResult', {
      Deleted: quiet === 'true' ? undefined : deleted.map((key) => ({ Key: key })),
      Error: errors.map(({ key, code, message }) => ({ Key: key, Code: code, Message: message })),
    });
  }
}

function numberIn(query: ReadonlyMap<string, string>, name: string): number | undefined {
  const value = query.get(name);
  return value === undefined ? undefined : Number(value);
}
