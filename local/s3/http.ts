import { readFileSync } from 'node:fs';
import { Clock } from '../clock';
import { Conditions } from './access';
import { S3Errors } from './errors';
import { evaluatePreconditions, writePrecondition } from './http-conditions';
import { assertKnownHeaders, assertKnownQuery, encryptionOf, objectHeaders, separateParameters, storedHeaders, userMetadata } from './http-headers';
import { byteRange } from './http-range';
import { S3Service, BucketRequest, ObjectRequest } from './s3-service';
import { bucketLocationXml, completedUploadXml, createdUploadXml, listXml, parseCompletedParts } from './xml';
import { HttpAnswer, HttpService, VerifiedRequest } from '../http/http-service';

/** The REST interface of S3, path-style: `/bucket/key`. */
export class S3HttpService implements HttpService {
  readonly name = 's3';

  constructor(private readonly s3: S3Service, private readonly clock: Clock) {}

  async handleHttp(verified: VerifiedRequest): Promise<HttpAnswer> {
    const { headers, query } = separateParameters(verified);
    assertKnownHeaders(headers);
    const request = { ...verified, headers };
    const [, bucket, rawKey] = /^\/([^/]*)(?:\/(.*))?$/s.exec(request.path) ?? [];
    if (!bucket) throw S3Errors.notImplemented('ListBuckets, or virtual-hosted addressing');
    const target: BucketRequest = {
      bucket: decodeURIComponent(bucket),
      context: request.context,
      expectedOwner: request.headers['x-amz-expected-bucket-owner'],
      conditions: this.conditions(request),
    };
    return rawKey ? this.object(request, { ...target, key: decodeURIComponent(rawKey) }, query) : this.bucket(request, target, query);
  }

  /** A presigned request is the only one that says how old its signature is. */
  private conditions({ presigned, context }: VerifiedRequest): Conditions {
    if (presigned !== undefined) {
      return { 's3:authType': 'REST-QUERY-STRING', 's3:signatureAge': String(this.clock.now() - presigned.signedAt) };
    }
    return context.caller.arn === undefined ? {} : { 's3:authType': 'REST-HEADER' };
  }

  private async bucket(request: VerifiedRequest, target: BucketRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    if (request.method === 'HEAD') {
      assertKnownQuery(query);
      const { settings } = await this.s3.headBucket(target);
      return { statusCode: 200, headers: { 'x-amz-bucket-region': settings.region } };
    }
    if (request.method === 'GET' && query.has('location')) {
      assertKnownQuery(query, 'location');
      return xml(bucketLocationXml(await this.s3.bucketLocation(target)));
    }
    if (request.method === 'GET' && query.get('list-type') === '2') return this.list(target, query);
    throw S3Errors.notImplemented(`${request.method} of a bucket with ${[...query.keys()].join(', ') || 'no parameters'}`);
  }

  private async list(target: BucketRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    assertKnownQuery(query, 'list-type', 'prefix', 'delimiter', 'max-keys', 'start-after', 'continuation-token', 'encoding-type', 'fetch-owner');
    const maxKeys = query.get('max-keys');
    const list = {
      prefix: query.get('prefix'),
      delimiter: query.get('delimiter'),
      maxKeys: maxKeys === undefined ? undefined : Number(maxKeys),
      startAfter: query.get('start-after'),
      continuationToken: query.get('continuation-token'),
    };
    const page = await this.s3.list({ ...target, ...list });
    return xml(listXml(target.bucket, list, page, query.get('encoding-type') === 'url'));
  }

  private async object(request: VerifiedRequest, target: ObjectRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    const uploadId = query.get('uploadId');
    if (uploadId !== undefined) return this.upload(request, { ...target, uploadId }, query);
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return this.get(request, target, query);
      case 'PUT':
        return this.put(request, target, query);
      case 'DELETE':
        assertKnownQuery(query);
        await this.s3.delete(target);
        return { statusCode: 204 };
      case 'POST': {
        assertKnownQuery(query, 'uploads');
        if (!query.has('uploads')) throw S3Errors.notImplemented('browser uploads with POST');
        return xml(createdUploadXml(target, await this.s3.createUpload({ ...target, ...writeAttributes(request) })));
      }
      default:
        throw S3Errors.notImplemented(`${request.method} of an object`);
    }
  }

  private async get(request: VerifiedRequest, target: ObjectRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    const overrides = responseOverrides(request, query);
    const object = await this.s3.head(target);
    const headers = { ...objectHeaders(object), ...overrides };
    const notModified = evaluatePreconditions(request.headers, object);
    if (notModified) return { statusCode: 304, headers: { etag: object.etag } };
    const range = byteRange(request.headers.range, object.size);
    const [start, end] = range ?? [0, object.size];
    return {
      statusCode: range === undefined ? 200 : 206,
      headers: { ...headers, 'content-length': String(end - start), ...range && { 'content-range': `bytes ${start}-${end - 1}/${object.size}` } },
      ...request.method === 'GET' && { body: readFileSync(object.file).subarray(start, end) },
    };
  }

  private async put(request: VerifiedRequest, target: ObjectRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    assertKnownQuery(query);
    const precondition = writePrecondition(request.headers);
    const object = await this.s3.put({ ...target, ...writeAttributes(request), body: request.body, precondition });
    return { statusCode: 200, headers: storedHeaders(object) };
  }

  private async upload(
    request: VerifiedRequest, target: ObjectRequest & { readonly uploadId: string }, query: ReadonlyMap<string, string>,
  ): Promise<HttpAnswer> {
    assertKnownQuery(query, 'uploadId', 'partNumber');
    switch (request.method) {
      case 'PUT': {
        const part = await this.s3.uploadPart({ ...target, partNumber: Number(query.get('partNumber')), body: request.body });
        return { statusCode: 200, headers: { etag: part.etag } };
      }
      case 'POST': {
        const object = await this.s3.completeUpload({ ...target, parts: parseCompletedParts(request.body) });
        return { ...xml(completedUploadXml(target, object)), headers: { ...storedHeaders(object), 'content-type': 'application/xml' } };
      }
      case 'DELETE':
        await this.s3.abortUpload(target);
        return { statusCode: 204 };
      default:
        throw S3Errors.notImplemented(`${request.method} of a multipart upload`);
    }
  }
}

function writeAttributes(request: VerifiedRequest) {
  return { headers: storableHeaders(request), metadata: userMetadata(request.headers), encryption: encryptionOf(request.headers) };
}

const STORABLE = ['content-type', 'cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'];

function storableHeaders({ headers }: VerifiedRequest): Record<string, string> {
  const stored = Object.fromEntries(STORABLE.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
  // The framing of the upload is not part of the object.
  const encoding = stored['content-encoding']?.split(',').map((item) => item.trim()).filter((item) => item !== 'aws-chunked').join(',');
  const { 'content-encoding': _framed, ...rest } = stored;
  return encoding ? { ...rest, 'content-encoding': encoding } : rest;
}

/** `response-…` parameters replace headers of the answer; only a signed request may use them. */
function responseOverrides(request: VerifiedRequest, query: ReadonlyMap<string, string>): Record<string, string> {
  const names = STORABLE.map((name) => `response-${name}`);
  assertKnownQuery(query, ...names);
  const given = names.filter((name) => query.has(name));
  if (given.length > 0 && request.context.caller.arn === undefined) {
    throw S3Errors.invalidArgument('Request specific response headers cannot be used for anonymous GET requests.');
  }
  return Object.fromEntries(given.map((name) => [name.slice('response-'.length), query.get(name) ?? '']));
}

function xml(body: string): HttpAnswer {
  return { statusCode: 200, headers: { 'content-type': 'application/xml' }, body };
}
