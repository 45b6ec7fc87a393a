import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { Clock } from '../../local/clock';
import { Credentials } from '../../local/sts/credentials';

export interface ApiClientOptions {
  /** URL of `POST /queries`. */
  readonly url: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly clock: Clock;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

/** Submits queries as any caller would: a POST, signed with Signature Version 4. */
export class ApiClient {
  constructor(private readonly options: ApiClientOptions) {}

  async submit(request: { readonly Query: string; readonly CallbackUrl: string }): Promise<ApiAnswer> {
    const url = new URL(this.options.url);
    const body = JSON.stringify(request);
    const signer = new SignatureV4({
      service: 'execute-api', region: this.options.region, credentials: this.options.credentials, sha256: Sha256,
    });
    const signed = await signer.sign(new HttpRequest({
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      headers: { 'host': url.host, 'content-type': 'application/json' },
      body,
    }), { signingDate: new Date(this.options.clock.now()) });
    const response = await fetch(url, { method: 'POST', headers: signed.headers, body });
    return { status: response.status, body: await response.json() as ApiAnswer['body'] };
  }
}
