import { request as httpsRequest } from 'node:https';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { Clock } from '../../../local/clock';
import { Credentials } from '../../../local/sts/credentials';

export interface ApiClientOptions {
  /** URL of `POST /queries`. */
  readonly url: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Certificate authority to trust. */
  readonly caPem: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

/** Submits queries as any caller would: a POST, signed with Signature Version 4. */
export class ApiClient {
  constructor(private readonly options: ApiClientOptions) {}

  async submit(request: { readonly Query: string; readonly CallbackUrl: string }): Promise<ApiAnswer> {
    return this.post(JSON.stringify(request));
  }

  /** Posts any body. Virtual time stands still until the answer is there: it could leap away from the signature's date otherwise. */
  async post(body: string, contentType = 'application/json'): Promise<ApiAnswer> {
    return this.options.clock.hold(() => this.signAndSend(body, contentType));
  }

  private async signAndSend(body: string, contentType: string): Promise<ApiAnswer> {
    const url = new URL(this.options.url);
    const signer = new SignatureV4({
      service: 'execute-api', region: this.options.region, credentials: this.options.credentials, sha256: Sha256,
    });
    const signed = await signer.sign(new HttpRequest({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      headers: { 'host': url.host, 'content-type': contentType },
      body,
    }), { signingDate: new Date(this.options.clock.now()) });
    return send(url, signed.headers, body, this.options.caPem);
  }
}

/** Sends a request as it is. */
export function send(url: URL, headers: Record<string, string>, body: string, ca: string): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, { method: 'POST', headers, ca, agent: false, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('The API took more than 10 seconds')));
    request.end(body);
  });
}
