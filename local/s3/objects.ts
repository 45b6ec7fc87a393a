import { createHash } from 'node:crypto';
import { S3Errors } from './errors';
import { Expiry } from './lifecycle';
import { Checksum } from '../http/checksums';

/** How objects are encrypted at rest. */
export type Encryption = { readonly algorithm: 'AES256' } | { readonly algorithm: 'aws:kms'; readonly keyArn: string };

/** Encryption that a write asks for, if it does. */
export function readEncryption(algorithm: string | undefined, keyId: string | undefined): Encryption | undefined {
  if (algorithm === undefined) return undefined;
  if (algorithm === 'AES256') return { algorithm };
  if (algorithm !== 'aws:kms' || keyId === undefined) throw S3Errors.notImplemented(`the encryption ${algorithm} without a key of one's own`);
  if (!keyId.startsWith('arn:')) throw S3Errors.notImplemented('a KMS key that is not named by its ARN');
  return { algorithm, keyArn: keyId };
}

/** What an object carries beside its bytes. */
export interface ObjectAttributes {
  readonly encryption: Encryption;
  /** Standard headers stored with it, names in lower case: `content-type`, `cache-control`, … */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata, names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Of all bytes, or composed of the checksums of the parts: then their number follows after a dash. */
export interface ObjectChecksum extends Checksum {
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

export interface StoredObject extends ObjectAttributes {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  /** Epoch milliseconds; S3 keeps whole seconds. */
  readonly lastModified: number;
  /** The file that holds the bytes; a version of an object is never changed in place. */
  readonly file: string;
  /** Absent where none was given: then it is the CRC64NVME of all bytes, computed when somebody asks. */
  readonly checksum?: ObjectChecksum;
  readonly expiry?: Expiry;
}

/** ETags are the same with and without their quotes. */
export function sameEtag(one: string, other: string): boolean {
  return one.replaceAll('"', '') === other.replaceAll('"', '');
}

export function md5(body: Uint8Array): Buffer {
  return createHash('md5').update(body).digest();
}
