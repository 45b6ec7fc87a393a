import { createHmac } from 'node:crypto';

/** Lengths of a secret that Standard Webhooks allows, in bytes. */
export const SECRET_BYTES = { least: 24, most: 64 };

/**
 * The bytes of a secret in the notation of Standard Webhooks, base64 with or without `whsec_` before it; undefined when it is not that, or
 * not 24 to 64 bytes.
 */
export function decodeSecret(secret: string): Buffer | undefined {
  const encoded = secret.replace(/^whsec_/, '');
  const bytes = Buffer.from(encoded, 'base64');
  // Node skips what is not base64; a receiver's library refuses it. Both must arrive at the same bytes.
  if (bytes.toString('base64') !== encoded) return undefined;
  return bytes.length >= SECRET_BYTES.least && bytes.length <= SECRET_BYTES.most ? bytes : undefined;
}

/**
 * The headers by which a receiver verifies a callback (Standard Webhooks 1.0).
 *
 * @param keys one signature each, newest first, so that a receiver knows us during a rotation
 * @param attemptedAt time of this attempt, epoch milliseconds: receivers refuse old ones
 */
export function signatureHeaders(keys: readonly Buffer[], queryId: string, attemptedAt: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(attemptedAt / 1000));
  const sign = (key: Buffer) => createHmac('sha256', key).update(`${queryId}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': queryId,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys.map((key) => `v1,${sign(key)}`).join(' '),
  };
}
