import { exchange, IncomingWithHeaders, Outgoing } from './https';
import { signedExchange, Signing } from './signed-exchange';
import { Credentials } from '../account/credentials';
import { expectObject, JsonObject, JsonValue } from '../json';

export interface ApiClientOptions extends Omit<Signing, 'service'> {
  /** URL of the method, or of the resource above it. */
  readonly url: string;
  /** Name of the API that requests are sent to, such as that of a private API at a VPC endpoint. Default: that of the URL. */
  readonly host?: string;
}

/** Headers and body, if there are any. */
type Message = Pick<Parameters<typeof signedExchange>[1], 'headers' | 'body'>;

export interface ApiAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** Calls methods of a REST API as any caller would: with signed requests. */
export class ApiClient {
  constructor(private readonly options: ApiClientOptions) {}

  /** The same API, called by somebody else. */
  as(credentials: Credentials): ApiClient {
    return new ApiClient({ ...this.options, credentials });
  }

  /** The same API, by another name of it. */
  at(host: string): ApiClient {
    return new ApiClient({ ...this.options, host });
  }

  async postJson(value: JsonValue): Promise<ApiAnswer> {
    return this.post(JSON.stringify(value));
  }

  /** Posts any body. Virtual time stands still until the answer is there. */
  async post(body: string, contentType = 'application/json'): Promise<ApiAnswer> {
    const { clock } = this.options;
    return clock.hold(async () => this.exchange('POST', '', { headers: { 'content-type': contentType }, body }));
  }

  /** @param path What comes after the URL, percent-encoded, with the query: `/abc/result?NextToken=x`. */
  async get(path: string): Promise<ApiAnswer> {
    return this.send('GET', path);
  }

  /** @param path As of `get`. */
  async delete(path: string): Promise<ApiAnswer> {
    return this.send('DELETE', path);
  }

  /** Virtual time follows real time until the answer is there, for a function may have to wait for what others do. */
  async send(method: string, path: string, message: Message = {}): Promise<ApiAnswer> {
    return this.options.clock.pace(1, async () => this.exchange(method, path, message));
  }

  private async exchange(method: string, path: string, message: Message): Promise<ApiAnswer> {
    return parsed(await signedExchange(this.options.url + path, { ...message, method, host: this.options.host }, { ...this.options, service: 'execute-api' }));
  }
}

/** Sends a request to a REST API as it is, without a signature. Whoever sends lets virtual time go on where a function has to answer. */
export async function sendUnsigned(url: string, message: Outgoing): Promise<ApiAnswer> {
  return parsed(await exchange(url, message));
}

/** Posts to a REST API without a signature. */
export async function postUnsigned(url: string, value: JsonValue, ca: string): Promise<ApiAnswer> {
  return sendUnsigned(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(value), ca });
}

function parsed({ status, headers, body }: IncomingWithHeaders): ApiAnswer {
  const value: JsonValue = JSON.parse(body);
  return { status, headers, body: expectObject(value, 'the answer of the API') };
}
