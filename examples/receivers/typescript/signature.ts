import { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { PublicKeys } from './public-keys';

// One of the two, or both while the API changes from one kind of key to the other.
const { SIGNING_SECRET, SIGNING_KEYS_URL } = process.env;
if (!SIGNING_SECRET && !SIGNING_KEYS_URL) throw new Error('Set SIGNING_SECRET or SIGNING_KEYS_URL');
const webhook = SIGNING_SECRET ? new Webhook(`whsec_${SIGNING_SECRET.replace(/^whsec_/, '')}`) : undefined;
const publicKeys = SIGNING_KEYS_URL ? new PublicKeys(SIGNING_KEYS_URL) : undefined;

/** Whether our API has signed this, less than five minutes ago. */
export async function isGenuine(headers: IncomingHttpHeaders, rawBody: Buffer): Promise<boolean> {
  const signed = Object.fromEntries(['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name] ?? '')]));
  if (webhook !== undefined) {
    try {
      webhook.verify(rawBody, signed);
      return true;
    } catch {
      // Not by the secret.
    }
  }
  return await publicKeys?.verify(signed, rawBody) ?? false;
}
