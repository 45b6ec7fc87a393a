import { Webhook } from 'standardwebhooks';
import { atVirtualTime } from './clock-shift';
import { ReceivedRequest } from '../../../local/network/receiver';
import type { CallbackBody } from '../../../src/async-athena-query-api/contracts/callback';

/** A callback as its receiver got it. */
export interface Callback {
  readonly body: CallbackBody;
  readonly rawBody: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function callbackOf(request: ReceivedRequest): Callback {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  const body: CallbackBody = JSON.parse(request.body);
  return { body, rawBody: request.body, headers: Object.fromEntries(headers) };
}

/** Whether a receiver who knows only the secret accepts the callback at this time, in epoch milliseconds. */
export function isGenuine({ rawBody, headers }: Callback, signingSecret: string, time: number): boolean {
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
