import { Sha256 } from '@aws-crypto/sha256-js';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';

/** The function behind the route has 30 seconds. */
const TIMEOUT_MS = 35_000;

const signer = new SignatureV4({ service: 'execute-api', region: process.env.AWS_REGION ?? '', credentials: defaultProvider(), sha256: Sha256 });

/** The API refuses, with this status. */
export class Refused extends Error {
  constructor(readonly status: number, code: string) {
    super(`the API answered ${status} ${code}`);
  }
}

/** Asks the API with our AWS credentials. */
export async function get<Answer>(address: string): Promise<Answer> {
  const url = new URL(address);
  const { hostname, host, pathname: path, searchParams } = url;
  const { headers } = await signer.sign(new HttpRequest({ method: 'GET', hostname, path, query: Object.fromEntries(searchParams), headers: { host } }));
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const answer = await response.json();
  if (!response.ok) throw new Refused(response.status, answer.Code ?? answer.message);
  return answer;
}
