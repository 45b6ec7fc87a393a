import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ServiceError } from '../aws/service';

type Digest = (body: Buffer) => Buffer;

/** Checksums of the `x-amz-checksum-…` headers that can be computed with what Node has. */
const DIGESTS: Readonly<Record<string, Digest>> = {
  crc32: (body) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes;
  },
  sha1: (body) => createHash('sha1').update(body).digest(),
  sha256: (body) => createHash('sha256').update(body).digest(),
};

/** Headers that say something of a checksum without being one. */
const NOT_A_VALUE = new Set(['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type']);

/** Compares the body with every checksum that the headers give. Throws `BadDigest`, or a plain error for an algorithm it cannot compute. */
export function assertChecksums(headers: Readonly<Record<string, string>>, body: Buffer): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('x-amz-checksum-') || NOT_A_VALUE.has(name)) continue;
    const algorithm = name.slice('x-amz-checksum-'.length);
    const digest = DIGESTS[algorithm];
    if (digest === undefined) throw new Error(`The local cloud does not implement the checksum ${algorithm}`);
    if (digest(body).toString('base64') !== value) {
      throw new ServiceError('BadDigest', `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`);
    }
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && createHash('md5').update(body).digest('base64') !== md5) {
    throw new ServiceError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
}
