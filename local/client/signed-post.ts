import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { exchange, Incoming } from './https';
import { Credentials } from '../account/credentials';
import { Clock } from '../clock';

export interface Signing {
  /** Name of the service in the signature: `execute-api`. */
  readonly service: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Certificate authority to trust. */
  readonly caPem: string;
}

/**
 * Posts a body, signed with Signature Version 4. Virtual time stands still until the answer is there: it could leap away from the signature's
 * date otherwise.
 */
export async function signedPost(to: string, headers: Readonly<Record<string, string>>, body: string, signing: Signing): Promise<Incoming> {
  const { service, region, credentials, clock, caPem } = signing;
  const url = new URL(to);
  return clock.hold(async () => {
    const signed = await new SignatureV4({ service, region, credentials, sha256: Sha256 }).sign(new HttpRequest({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      headers: { ...headers, host: url.host },
      body,
    }), { signingDate: new Date(clock.now()) });
    return exchange(url, { method: 'POST', headers: signed.headers, body, ca: caPem });
  });
}
