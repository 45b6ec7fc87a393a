import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { exchange, IncomingWithHeaders, Outgoing } from './https';
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

/** Sends a request signed with Signature Version 4. Whoever sends keeps virtual time from leaping away from the signature's date. */
export async function signedExchange(to: string, { method = 'GET', headers, body, host }: Omit<Outgoing, 'ca'>, signing: Signing): Promise<IncomingWithHeaders> {
  const { service, region, credentials, clock, caPem } = signing;
  const url = new URL(to);
  const signed = await new SignatureV4({ service, region, credentials, sha256: Sha256 }).sign(new HttpRequest({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query: queryOf(url),
    headers: { ...headers, host: host ?? url.host },
    body,
  }), { signingDate: new Date(clock.now()) });
  return exchange(url, { method, headers: signed.headers, body, host, ca: caPem });
}

/** Posts a signed body. Virtual time stands still until the answer is there. */
export async function signedPost(
  to: string, headers: Readonly<Record<string, string>>, body: string, signing: Signing,
): Promise<IncomingWithHeaders> {
  return signing.clock.hold(async () => signedExchange(to, { method: 'POST', headers, body }, signing));
}

function queryOf({ searchParams }: URL): Record<string, string[]> {
  return Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]));
}
