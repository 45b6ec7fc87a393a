import { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** Ends what hangs: how long an answer takes is no verdict on it. */
const TIMEOUT_MS = 5 * 60_000;

export interface Outgoing {
  /** Default: GET. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Name that the request is sent to. Default: that of the URL, which is where it is sent. */
  readonly host?: string;
  /** Certificate authority to trust. */
  readonly ca: string;
}

export interface Incoming {
  readonly status: number;
  readonly body: string;
}

export interface IncomingWithHeaders extends Incoming {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a link to a file answers. */
export interface IncomingFile extends Omit<IncomingWithHeaders, 'body'> {
  readonly body: Buffer;
}

/** Sends a request as it is, on a connection of its own. */
export async function exchange(url: string | URL, outgoing: Outgoing): Promise<IncomingWithHeaders> {
  const { body, ...incoming } = await exchangeBytes(url, outgoing);
  return { ...incoming, body: body.toString() };
}

function exchangeBytes(url: string | URL, { method, headers, body, host, ca }: Outgoing): Promise<IncomingFile> {
  return new Promise((resolve, reject) => {
    // Node itself does not say that a GET or DELETE has a body.
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    // The certificate is that of the machine, and not of the name.
    const named = host === undefined ? { headers: { ...headers, ...length } } : { headers: { ...headers, ...length, host }, servername: '' };
    const request = httpsRequest(url, { method, ...named, ca, agent: false, timeout: TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: headersOf(response), body: Buffer.concat(chunks) }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error(`${String(url)} took more than ${TIMEOUT_MS / 1_000} seconds`)));
    request.end(body);
  });
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]));
}

/** Opens a link, as whoever was given it would. */
export async function download(url: string, ca: string): Promise<Incoming> {
  const { status, body } = await exchange(url, { ca });
  return { status, body };
}

/** The same, for a file that is no text. */
export async function downloadFile(url: string, ca: string): Promise<IncomingFile> {
  return exchangeBytes(url, { ca });
}
