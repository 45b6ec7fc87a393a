import { createPrivateKey, createPublicKey, KeyObject, sign } from 'node:crypto';
import { decodeBase64, SignatureScheme } from './signature';

/** Length of a seed and of a public key in bytes. Source: RFC 8032, section 5.1.5. */
const KEY_BYTES = 32;

/** What stands before a seed in PKCS #8, the notation that `node:crypto` reads. Source: RFC 8410, section 7. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Ed25519, `v1a`: the secret is the seed of a private key, and receivers need the public key only. */
export const ED25519: SignatureScheme = {
  secretIs: '64 hexadecimal digits, or whsk_ and base64 text of 32 bytes, or of 64 bytes that end in the public key',
  decode: decodeSeed,
  sign: (seed, content) => `v1a,${sign(null, Buffer.from(content), privateKeyOf(seed)).toString('base64')}`,
};

/**
 * The seed in a secret: 64 hexadecimal digits, as Secrets Manager generates it, or the notation of Standard Webhooks for private keys: `whsk_` and the
 * base64 of the seed, with or without the public key after it. Undefined when it is none of these, or has another public key.
 */
export function decodeSeed(secret: string): Buffer | undefined {
  if (/^[\da-f]{64}$/i.test(secret)) return Buffer.from(secret, 'hex');
  const bytes = secret.startsWith('whsk_') ? decodeBase64(secret.slice('whsk_'.length)) : undefined;
  if (bytes === undefined || (bytes.length !== KEY_BYTES && bytes.length !== 2 * KEY_BYTES)) return undefined;
  const seed = bytes.subarray(0, KEY_BYTES);
  return bytes.length === KEY_BYTES || bytes.subarray(KEY_BYTES).equals(publicBytesOf(seed)) ? seed : undefined;
}

/** The public key of a seed, in the notation of Standard Webhooks. */
export function publicKeyOf(seed: Buffer): string {
  return `whpk_${publicBytesOf(seed).toString('base64')}`;
}

function publicBytesOf(seed: Buffer): Buffer {
  // The key itself is what comes last.
  return createPublicKey(privateKeyOf(seed)).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
}

function privateKeyOf(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}
