import { assertConditions, writePrecondition } from './conditions';
import { assertKnownQuery, checksumHeaders, encryptionHeaders, storedHeaders, writeAttributes } from './headers';
import { pageSize } from './listing-xml';
import { optionalText, parseList, textOf, xmlAnswer } from './xml';
import { Checksum, CHECKSUM_ALGORITHMS, checksumAlgorithm, statedChecksum } from '../../http/checksums';
import { HttpAnswer, VerifiedRequest } from '../../http/http-service';
import { JsonObject } from '../../json';
import { S3Errors } from '../errors';
import { MultipartUploads } from '../multipart-uploads';
import { ObjectChecksum } from '../objects';
import { ChosenPart, ObjectRequest, UploadRequest } from '../requests';
import { Upload, UploadPart } from '../uploads';

type Headers = Readonly<Record<string, string>>;

/** What is asked of a multipart upload. */
export class UploadRoutes {
  constructor(private readonly uploads: MultipartUploads) {}

  async handle(request: VerifiedRequest, target: ObjectRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    const uploadId = query.get('uploadId');
    if (uploadId === undefined) return this.create(request, target, query);
    const upload = { ...target, uploadId };
    switch (request.method) {
      case 'PUT':
        return this.uploadPart(request, upload, query);
      case 'POST':
        return this.complete(request, upload, query);
      case 'GET':
        return this.listParts(upload, query);
      case 'DELETE':
        assertKnownQuery(query, 'uploadId');
        await this.uploads.abort(upload);
        return { statusCode: 204 };
      default:
        throw S3Errors.notImplemented(`${request.method} of a multipart upload`);
    }
  }

  private async create({ method, headers }: VerifiedRequest, target: ObjectRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    assertKnownQuery(query, 'uploads');
    assertConditions(headers, 'CreateMultipartUpload');
    if (method !== 'POST') throw S3Errors.notImplemented(`${method} of an object with uploads`);
    const upload = await this.uploads.create({ ...target, ...writeAttributes(headers), checksum: uploadChecksum(headers) });
    return xmlAnswer('InitiateMultipartUploadResult', { Bucket: target.bucket, Key: target.key, UploadId: upload.id }, {
      ...encryptionHeaders(upload.attributes.encryption),
      ...abortHeaders(upload),
      ...upload.checksum && { 'x-amz-checksum-algorithm': upload.checksum.algorithm, 'x-amz-checksum-type': upload.checksum.type },
    });
  }

  private async uploadPart({ headers, body }: VerifiedRequest, target: UploadRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    assertKnownQuery(query, 'uploadId', 'partNumber');
    assertConditions(headers, 'UploadPart');
    const checksum = statedChecksum(headers);
    const { part, upload } = await this.uploads.uploadPart({ ...target, partNumber: Number(query.get('partNumber')), body, checksum });
    const answer = { etag: part.etag, ...encryptionHeaders(upload.attributes.encryption) };
    return { statusCode: 200, headers: { ...answer, ...checksum && checksumHeaders(checksum) } };
  }

  private async complete({ headers, body }: VerifiedRequest, target: UploadRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    assertKnownQuery(query, 'uploadId');
    const size = headers['x-amz-mp-object-size'];
    const object = await this.uploads.complete({
      ...target,
      parts: parseList(body, 'CompleteMultipartUpload', 'Part').list.map(chosenPart),
      precondition: writePrecondition(headers),
      checksum: statedChecksum(headers),
      checksumType: headers['x-amz-checksum-type'],
      objectSize: size === undefined ? undefined : Number(size),
    });
    const { etag: _, ...stored } = storedHeaders(object);
    return xmlAnswer('CompleteMultipartUploadResult', {
      Bucket: target.bucket,
      Key: target.key,
      ETag: object.etag,
      ...object.checksum && { ...checksumElement(object.checksum), ChecksumType: object.checksum.type },
    }, stored);
  }

  private async listParts(target: UploadRequest, query: ReadonlyMap<string, string>): Promise<HttpAnswer> {
    assertKnownQuery(query, 'uploadId', 'max-parts', 'part-number-marker');
    const upload = await this.uploads.parts(target);
    const asked = query.get('max-parts');
    const limit = pageSize(asked === undefined ? undefined : Number(asked), 'max-parts');
    const marker = Number(query.get('part-number-marker') ?? 0);
    const left = [...upload.parts.values()].filter(({ number }) => number > marker).sort((a, b) => a.number - b.number);
    const page = left.slice(0, limit);
    return xmlAnswer('ListPartsResult', {
      Bucket: target.bucket,
      Key: target.key,
      UploadId: upload.id,
      StorageClass: 'STANDARD',
      PartNumberMarker: marker,
      NextPartNumberMarker: page.at(-1)?.number ?? 0,
      MaxParts: limit,
      IsTruncated: left.length > page.length,
      ChecksumAlgorithm: upload.checksum?.algorithm,
      ChecksumType: upload.checksum?.type,
      Part: page.map(partElement),
    }, abortHeaders(upload));
  }
}

/** The default type is that of the API reference: composed, but for CRC64NVME, which always is of the whole object. */
function uploadChecksum(headers: Headers): Upload['checksum'] {
  const { 'x-amz-checksum-algorithm': name, 'x-amz-checksum-type': asked } = headers;
  if (name === undefined) {
    if (asked !== undefined) throw S3Errors.invalidRequest('The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.');
    return undefined;
  }
  const algorithm = checksumAlgorithm(name);
  const type = asked ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  if (!isType(type)) throw S3Errors.invalidRequest('Value for x-amz-checksum-type header is invalid.');
  const impossible = type === 'FULL_OBJECT' ? algorithm.startsWith('SHA') : algorithm === 'CRC64NVME';
  if (impossible) throw S3Errors.invalidRequest(`The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`);
  return { algorithm, type };
}

function isType(type: string): type is ObjectChecksum['type'] {
  return type === 'FULL_OBJECT' || type === 'COMPOSITE';
}

function chosenPart(part: JsonObject): ChosenPart {
  const algorithm = CHECKSUM_ALGORITHMS.find((name) => part[`Checksum${name}`] !== undefined);
  const known = ['ETag', 'PartNumber', `Checksum${algorithm}`];
  const unknown = Object.keys(part).find((name) => !known.includes(name));
  if (unknown !== undefined) throw S3Errors.notImplemented(`${unknown} of a part`);
  const value = algorithm && optionalText(part, `Checksum${algorithm}`);
  return {
    number: Number(textOf(part, 'PartNumber')),
    etag: textOf(part, 'ETag').replaceAll('&quot;', '"'),
    checksum: algorithm === undefined || value === undefined ? undefined : { algorithm, value },
  };
}

function partElement({ number, etag, size, lastModified, checksum }: UploadPart): Record<string, unknown> {
  return { PartNumber: number, LastModified: new Date(lastModified).toISOString(), ETag: etag, Size: size, ...checksum && checksumElement(checksum) };
}

function checksumElement({ algorithm, value }: Checksum): Record<string, string> {
  return { [`Checksum${algorithm}`]: value };
}

function abortHeaders({ expiry }: Upload): Record<string, string> {
  return expiry === undefined ? {} : { 'x-amz-abort-date': new Date(expiry.at).toUTCString(), 'x-amz-abort-rule-id': expiry.ruleId };
}
