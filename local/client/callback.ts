import { Webhook } from 'standardwebhooks';
import { atVirtualTime } from './clock-shift';
import { ReceivedRequest } from '../network/receiver';

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
