import { exchange, Incoming } from './https';
import { Signing, signedPost } from './signed-post';
import { expectObject, JsonObject, JsonValue } from '../json';

export interface ApiClientOptions extends Omit<Signing, 'service'> {
  /** URL of the method. */
  readonly url: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Calls a method of a REST API as any caller would: with a signed POST. */
export class ApiClient {
  constructor(private readonly options: ApiClientOptions) {}

  async postJson(value: JsonValue): Promise<ApiAnswer> {
    return this.post(JSON.stringify(value));
  }

  /** Posts any body. */
  async post(body: string, contentType = 'application/json'): Promise<ApiAnswer> {
    return parsed(await signedPost(this.options.url, { 'content-type': contentType }, body, { ...this.options, service: 'execute-api' }));
  }
}

/** Posts to a REST API without a signature. */
export async function postUnsigned(url: string, value: JsonValue, ca: string): Promise<ApiAnswer> {
  return parsed(await exchange(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(value), ca }));
}

function parsed({ status, body }: Incoming): ApiAnswer {
  const value: JsonValue = JSON.parse(body);
  return { status, body: expectObject(value, 'the answer of the API') };
}
