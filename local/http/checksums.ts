import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { ServiceError } from '../aws/service';

/** Algorithms of the `x-amz-checksum-…` headers that can be computed here. */
export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

export type ChecksumAlgorithm = typeof CHECKSUM_ALGORITHMS[number];

/** A checksum as it travels. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64. */
  readonly value: string;
}

interface Digester {
  update(data: Uint8Array): void;
  digest(): Promise<Uint8Array>;
}

const DIGESTS: Readonly<Record<ChecksumAlgorithm, (body: Uint8Array) => Promise<Uint8Array>>> = {
  CRC32: async (body) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes;
  },
  CRC32C: async (body) => digestBy(new Crc32c(), body),
  CRC64NVME: async (body) => digestBy(new Crc64Nvme(), body),
  SHA1: async (body) => createHash('sha1').update(body).digest(),
  SHA256: async (body) => createHash('sha256').update(body).digest(),
};

/** Headers that say something of a checksum without being one. */
const NOT_A_VALUE = new Set(['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type']);

const PREFIX = 'x-amz-checksum-';

export async function checksumOf(algorithm: ChecksumAlgorithm, body: Uint8Array): Promise<Checksum> {
  return { algorithm, value: Buffer.from(await DIGESTS[algorithm](body)).toString('base64') };
}

/** The checksum that the headers give, if they do. A plain error for an algorithm that cannot be computed here. */
export function statedChecksum(headers: Readonly<Record<string, string>>): Checksum | undefined {
  const [given, second] = Object.entries(headers).filter(([name]) => name.startsWith(PREFIX) && !NOT_A_VALUE.has(name));
  if (second !== undefined) {
    throw new ServiceError('InvalidRequest', 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  if (given === undefined) return undefined;
  const [name, value] = given;
  return { algorithm: checksumAlgorithm(name.slice(PREFIX.length)), value };
}

/** Reads the name of an algorithm. */
export function checksumAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name.toUpperCase());
  if (algorithm === undefined) throw new Error(`The local cloud does not implement the checksum ${name}`);
  return algorithm;
}

/** Compares the body with the checksums that the headers give. Throws `BadDigest`. */
export async function assertChecksums(headers: Readonly<Record<string, string>>, body: Buffer): Promise<void> {
  const stated = statedChecksum(headers);
  if (stated !== undefined && (await checksumOf(stated.algorithm, body)).value !== stated.value) {
    throw new ServiceError('BadDigest', `The ${stated.algorithm} you specified did not match the calculated checksum.`);
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && createHash('md5').update(body).digest('base64') !== md5) {
    throw new ServiceError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}

async function digestBy(digester: Digester, body: Uint8Array): Promise<Uint8Array> {
  digester.update(body);
  return digester.digest();
}
