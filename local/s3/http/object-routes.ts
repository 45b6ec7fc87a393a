import { readFileSync } from 'node:fs';
import { assertConditions, notModified, writePrecondition } from './conditions';
import { assertKnownQuery, checksumHeaders, objectHeaders, STORABLE, storedHeaders, writeAttributes } from './headers';
import { byteRange, contentRange } from './range';
import { checksumOf, statedChecksum } from '../../http/checksums';
import { HttpAnswer, VerifiedRequest } from '../../http/http-service';
import { S3Errors } from '../errors';
import { ObjectChecksum, StoredObject } from '../objects';
import { ObjectRequest } from '../requests';
import { S3Service } from '../s3-service';

/** What is asked of an object as a whole. */
export class ObjectRoutes {
  constructor(private readonly s3: S3Service) {}

  async handle(request: VerifiedRequest, target: ObjectRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return this.get(request, target, query);
      case 'PUT':
        return this.put(request, target, query);
      case 'DELETE':
        assertKnownQuery(query);
        assertConditions(request.headers, 'DeleteObject', 'if-match');
        await this.s3.delete({ ...target, ifMatch: request.headers['if-match'] });
        return { statusCode: 204 };
      case 'POST':
        assertKnownQuery(query);
        throw S3Errors.notImplemented('browser uploads with POST');
      default:
        throw S3Errors.notImplemented(`${request.method} of an object`);
    }
  }

  private async get(request: VerifiedRequest, target: ObjectRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    const overrides = responseOverrides(request, query);
    const object = await this.s3.head(target, request.method === 'GET' ? 'GetObject' : 'HeadObject');
    if (notModified(request.headers, object)) return { statusCode: 304, headers: { etag: object.etag } };
    const range = byteRange(request.headers.range, object.size);
    const [start, end] = range ?? [0, object.size];
    const asksForChecksum = request.headers['x-amz-checksum-mode'] === 'ENABLED' && range === undefined;
    return {
      statusCode: range === undefined ? 200 : 206,
      headers: {
        ...objectHeaders(object),
        ...asksForChecksum && checksumHeaders(await checksumOfObject(object)),
        ...overrides,
        'content-length': String(end - start),
        ...range && { 'content-range': contentRange(range, object.size) },
      },
      ...request.method === 'GET' && { body: readFileSync(object.file).subarray(start, end) },
    };
  }

  private async put(request: VerifiedRequest, target: ObjectRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    assertKnownQuery(query);
    const { headers, body } = request;
    const object = await this.s3.put({
      ...target, ...writeAttributes(headers), body, checksum: statedChecksum(headers), precondition: writePrecondition(headers),
    });
    return { statusCode: 200, headers: { ...storedHeaders(object), ...object.checksum && checksumHeaders(object.checksum) } };
  }
}

/** Every object has a checksum: S3 computes one of its own for those that came without. */
async function checksumOfObject({ checksum, file }: StoredObject): Promise<ObjectChecksum> {
  return checksum ?? { ...await checksumOf('CRC64NVME', readFileSync(file)), type: 'FULL_OBJECT' };
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
