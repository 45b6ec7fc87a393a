import { request } from 'node:https';

export interface RawRequest {
  readonly port: number;
  readonly ca: string;
  readonly method: string;
  /** Path and query, sent as they are. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Sends a request exactly as given, as an attacker would. */
export function send(raw: RawRequest): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { port, ca, method, target, headers, body } = raw;
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const options = { host: '127.0.0.1', servername: 'localhost', port, ca, method, path: target, headers: { ...headers, ...length }, agent: false };
    const sending = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
    });
    sending.on('error', reject).end(body);
  });
}
