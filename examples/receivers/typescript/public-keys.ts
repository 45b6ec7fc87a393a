import { createPublicKey, verify } from 'node:crypto';
import { get } from './queries';

const TOLERANCE_SECONDS = 300;
/** A stranger's requests must not make us ask for the keys all the time. */
const LEAST_AGE_MS = 60_000;

/** Verifies signatures by ed25519 keys (`v1a`). Libraries of Standard Webhooks for JavaScript do not know them yet. */
export class PublicKeys {
  private keys: readonly string[] = [];
  private askedAt = -Infinity;

  /** @param url `GET /signing-keys` of our own API. Never take a key, or an address of one, from a callback. */
  constructor(private readonly url: string) {}

  async verify(headers: Record<string, string>, rawBody: Buffer): Promise<boolean> {
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
    if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
    const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), rawBody]);
    const fits = () => this.keys.some((key) => signatures.split(' ').some((signature) => isBy(key, signature, content)));
    if (fits()) return true;
    // The key may be new: after a rotation, or at our start.
    if (Date.now() - this.askedAt < LEAST_AGE_MS) return false;
    this.askedAt = Date.now();
    const answer: { Keys: { PublicKey: string }[] } = await get(this.url);
    this.keys = answer.Keys.map(({ PublicKey }) => PublicKey);
    return fits();
  }
}

function isBy(publicKey: string, signature: string, content: Buffer): boolean {
  const [version, value = ''] = signature.split(',');
  if (version !== 'v1a') return false;
  const x = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64').toString('base64url');
  return verify(null, content, createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } }), Buffer.from(value, 'base64'));
}
