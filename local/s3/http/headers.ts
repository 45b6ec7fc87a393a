import { Checksum } from '../../http/checksums';
import { VerifiedRequest } from '../../http/http-service';
import { S3Errors } from '../errors';
import { expirationHeader } from '../lifecycle';
import { Encryption, ObjectChecksum, readEncryption, StoredObject } from '../objects';
import { WriteRequest } from '../requests';

type Headers = Readonly<Record<string, string>>;

const METADATA = 'x-amz-meta-';
const ENCRYPTION = 'x-amz-server-side-encryption';
const KEY_ID = 'x-amz-server-side-encryption-aws-kms-key-id';

/** Amazon's own headers that are either honoured here or have been dealt with by the front door. */
const KNOWN = new Set([
  'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token', 'x-amz-user-agent', 'x-amz-expected-bucket-owner', 'x-amz-decoded-content-length',
  'x-amz-trailer', 'x-amz-sdk-checksum-algorithm', 'x-amz-checksum-algorithm', 'x-amz-checksum-type', 'x-amz-checksum-mode', 'x-amz-mp-object-size', ENCRYPTION, KEY_ID,
]);

/** Fails for a header of S3 that would change what the request means and is not implemented. */
export function assertKnownHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('x-amz-') || KNOWN.has(name) || name.startsWith(METADATA) || /^x-amz-checksum-(crc|sha)/.test(name)) continue;
    if (name === 'x-amz-storage-class' && value === 'STANDARD') continue;
    throw S3Errors.notImplemented(`the header ${name}`);
  }
}

const SIGNATURE = /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token)$/;

/** Headers and parameters that say what a request means: a presigned URL may carry headers of S3 as parameters, and its signature is no part of it. */
export function separateParameters(request: VerifiedRequest): { headers: Headers; query: ReadonlyMap<string, string> } {
  const headers: Record<string, string> = {};
  const query = new Map<string, string>();
  for (const { name, value } of request.query) {
    const lower = name.toLowerCase();
    if (lower.startsWith('x-amz-')) headers[lower] = value;
    // The SDK adds the name of the operation, which S3 does not look at.
    else if (name !== 'x-id') query.set(name, value);
  }
  const meant = Object.fromEntries(Object.entries(headers).filter(([name]) => !SIGNATURE.test(name)));
  return { headers: { ...meant, ...request.headers }, query };
}

/** Fails for a parameter that the operation does not know. */
export function assertKnownQuery(query: ReadonlyMap<string, string>, ...known: string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name)) throw S3Errors.notImplemented(`the query parameter ${name} here`);
  }
}

/** Headers that are stored with an object and answered with it. */
export const STORABLE = ['content-type', 'cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'];

/** What a write stores beside the bytes. */
export function writeAttributes(headers: Headers): Pick<WriteRequest, 'headers' | 'metadata' | 'encryption'> {
  return { headers: storableHeaders(headers), metadata: userMetadata(headers), encryption: readEncryption(headers[ENCRYPTION], headers[KEY_ID]) };
}

function storableHeaders(headers: Headers): Record<string, string> {
  const stored = Object.fromEntries(STORABLE.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
  // The framing of the upload is not part of the object.
  const encoding = stored['content-encoding']?.split(',').map((item) => item.trim()).filter((item) => item !== 'aws-chunked').join(',');
  const { 'content-encoding': _framed, ...rest } = stored;
  return encoding ? { ...rest, 'content-encoding': encoding } : rest;
}

function userMetadata(headers: Headers): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (
    name.startsWith(METADATA) ? [[name.slice(METADATA.length), value]] : []
  )));
}

/** What every answer to a write says of the object. */
export function storedHeaders(object: StoredObject): Record<string, string> {
  return {
    etag: object.etag,
    ...encryptionHeaders(object.encryption),
    ...object.expiry && { 'x-amz-expiration': expirationHeader(object.expiry) },
  };
}

export function encryptionHeaders(encryption: Encryption): Record<string, string> {
  return { [ENCRYPTION]: encryption.algorithm, ...encryption.algorithm === 'aws:kms' && { [KEY_ID]: encryption.keyArn } };
}

/** A checksum, with its type where it is that of an object. */
export function checksumHeaders({ algorithm, value, ...rest }: Checksum | ObjectChecksum): Record<string, string> {
  return { [`x-amz-checksum-${algorithm.toLowerCase()}`]: value, ...'type' in rest && { 'x-amz-checksum-type': rest.type } };
}

/** What GET and HEAD say of the object. */
export function objectHeaders(object: StoredObject): Record<string, string> {
  return {
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
    'last-modified': new Date(object.lastModified).toUTCString(),
    ...storedHeaders(object),
    ...object.headers,
    ...Object.fromEntries(Object.entries(object.metadata).map(([name, value]) => [METADATA + name, value])),
  };
}
