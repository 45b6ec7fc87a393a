import { createHash } from 'node:crypto';
import { decodeAwsChunked } from './aws-chunked';
import { assertChecksums } from './checksums';
import { queryValue, ReceivedRequest } from './received-request';
import { ServiceError } from '../aws/service';

const UNSIGNED = 'UNSIGNED-PAYLOAD';
const UNSIGNED_WITH_TRAILER = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';

/** What the signature covers in place of the body: its hash, or S3's word for a body that is not signed. */
export function payloadHash(request: ReceivedRequest, service: string, presigned: boolean): string {
  const actual = createHash('sha256').update(request.body).digest('hex');
  const stated = request.headers['x-amz-content-sha256'] ?? (presigned ? queryValue(request.query, 'X-Amz-Content-Sha256') : undefined);
  if (service !== 's3') {
    if (stated !== undefined && stated !== actual) throw mismatch();
    return actual;
  }
  if (stated === undefined) {
    if (presigned) return UNSIGNED;
    throw new ServiceError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  if (stated === UNSIGNED || stated === UNSIGNED_WITH_TRAILER) return stated;
  if (!/^[0-9a-f]{64}$/.test(stated)) throw new Error(`The local cloud does not implement x-amz-content-sha256: ${stated}`);
  if (stated !== actual) throw mismatch();
  return stated;
}

/** The body as the sender meant it, its checksums compared; trailing headers become headers. */
export async function unwrapPayload(request: ReceivedRequest): Promise<Pick<ReceivedRequest, 'headers' | 'body'>> {
  const { 'content-encoding': encoding, ...headers } = request.headers;
  if (headers['x-amz-content-sha256'] !== UNSIGNED_WITH_TRAILER) {
    await assertChecksums(completesUpload(request) ? {} : request.headers, request.body);
    return request;
  }
  const { body, trailers } = decodeAwsChunked(request.body);
  if (headers['x-amz-decoded-content-length'] !== String(body.length)) {
    throw new ServiceError('IncompleteBody', 'The body does not have the length that x-amz-decoded-content-length states');
  }
  const announced = (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  if (announced.sort().join() !== Object.keys(trailers).sort().join()) {
    throw new ServiceError('MalformedTrailerError', 'The request contained trailing data that was not well-formed');
  }
  const remaining = (encoding ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '' && name !== 'aws-chunked');
  const unwrapped = { ...headers, ...trailers, ...(remaining.length > 0 ? { 'content-encoding': remaining.join(',') } : {}) };
  await assertChecksums(unwrapped, body);
  return { headers: unwrapped, body };
}

/** CompleteMultipartUpload of S3, whose checksum is that of the object, not of the list of parts in the body. */
function completesUpload({ method, query }: ReceivedRequest): boolean {
  return method === 'POST' && queryValue(query, 'uploadId') !== undefined;
}

function mismatch(): ServiceError {
  return new ServiceError('XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.");
}
