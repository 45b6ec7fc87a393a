import { createHmac } from 'node:crypto';

/** Lengths of a shared secret that Standard Webhooks allows, in bytes. */
export const SECRET_BYTES = { least: 24, most: 64 };

/** A way to sign callbacks. */
export interface SignatureScheme {
  /** What the text of a secret must be, for the error that says it is not. */
  readonly secretIs: string;
  /** The key in the text of a secret; undefined when there is none in it. */
  readonly decode: (secret: string) => Buffer | undefined;
  /** The signature of a content, with its version before it. */
  readonly sign: (key: Buffer, content: string) => string;
}

/** HMAC-SHA256, `v1`: receivers have the secret too. */
export const SHARED_SECRET: SignatureScheme = {
  secretIs: `base64 text of ${SECRET_BYTES.least} to ${SECRET_BYTES.most} bytes`,
  decode: decodeSecret,
  sign: (key, content) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`,
};

/**
 * The bytes of a secret in the notation of Standard Webhooks, base64 with or without `whsec_` before it; undefined when it is not that, or
 * not 24 to 64 bytes.
 */
export function decodeSecret(secret: string): Buffer | undefined {
  const bytes = decodeBase64(secret.replace(/^whsec_/, ''));
  return bytes !== undefined && bytes.length >= SECRET_BYTES.least && bytes.length <= SECRET_BYTES.most ? bytes : undefined;
}

/** Undefined for what is not base64: Node skips it, and a receiver's library refuses it. Both must arrive at the same bytes. */
export function decodeBase64(encoded: string): Buffer | undefined {
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.toString('base64') === encoded ? bytes : undefined;
}

/**
 * The headers by which a receiver verifies a callback (Standard Webhooks 1.0).
 *
 * @param keys one signature each, newest first, so that a receiver knows us during a rotation
 * @param attemptedAt time of this attempt, epoch milliseconds: receivers refuse old ones
 */
export function signatureHeaders(
  keys: readonly Buffer[], queryId: string, attemptedAt: number, body: string, scheme: SignatureScheme = SHARED_SECRET,
): Record<string, string> {
  const timestamp = String(Math.floor(attemptedAt / 1000));
  return {
    'webhook-id': queryId,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys.map((key) => scheme.sign(key, `${queryId}.${timestamp}.${body}`)).join(' '),
  };
}
