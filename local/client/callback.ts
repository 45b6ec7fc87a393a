import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { atVirtualTime } from './clock-shift';
import { ReceivedRequest } from '../network/receiver';

/** How old a callback may be, or how far ahead, for the receivers that Standard Webhooks describes. */
const TOLERANCE_SECONDS = 300;

/** A callback by the rules of Standard Webhooks, as its receiver got it. */
export interface Callback<Body> {
  readonly body: Body;
  readonly rawBody: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Takes the sender's word for it that the body is what it should be: whoever reads it checks what is in it. */
export function callbackOf<Body>(request: ReceivedRequest): Callback<Body> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  const body: Body = JSON.parse(request.body);
  return { body, rawBody: request.body, headers: Object.fromEntries(headers) };
}

/** Whether a receiver who knows only the secret accepts the callback at this time, in epoch milliseconds. */
export function isGenuine({ rawBody, headers }: Callback<unknown>, signingSecret: string, time: number): boolean {
  const webhook = new Webhook(`whsec_${signingSecret}`);
  return atVirtualTime(time, () => {
    try {
      webhook.verify(rawBody, headers);
      return true;
    } catch {
      return false;
    }
  });
}

/** The same for a receiver who knows only a public key, `whpk_…`: the library does not know `v1a`, so this does as the specification says. */
export function isGenuineByKey({ rawBody, headers }: Callback<unknown>, publicKey: string, time: number): boolean {
  const seconds = Number(headers['webhook-timestamp']);
  if (!/^\d+$/.test(headers['webhook-timestamp']) || Math.abs(time / 1000 - seconds) > TOLERANCE_SECONDS) return false;
  const x = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64').toString('base64url');
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
  const signed = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${rawBody}`);
  return headers['webhook-signature'].split(' ').some((signature) => {
    const [version, value] = signature.split(',');
    return version === 'v1a' && verify(null, signed, key, Buffer.from(value, 'base64'));
  });
}
