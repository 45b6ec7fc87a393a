import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { exchange } from './https';
import { Clock } from '../clock';
import { expectObject, JsonObject, JsonValue } from '../json';
import { Credentials } from '../sts/credentials';

export interface ApiClientOptions {
  /** URL of the method. */
  readonly url: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Certificate authority to trust. */
  readonly caPem: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Calls a method of a REST API as any caller would: with a POST, signed with Signature Version 4. */
export class ApiClient {
  constructor(private readonly options: ApiClientOptions) {}

  async postJson(value: JsonValue): Promise<ApiAnswer> {
    return this.post(JSON.stringify(value));
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

/** Posts a request as it is, signed or not. */
export async function send(url: URL, headers: Readonly<Record<string, string>>, body: string, ca: string): Promise<ApiAnswer> {
  const answer = await exchange(url, { method: 'POST', headers, body, ca });
  const parsed: JsonValue = JSON.parse(answer.body);
  return { status: answer.status, body: expectObject(parsed, `the answer of ${url.href}`) };
}
