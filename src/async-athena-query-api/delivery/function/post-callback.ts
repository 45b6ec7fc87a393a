import { lookup } from 'node:dns/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request, RequestOptions } from 'node:https';
import { isIPv6, LookupFunction } from 'node:net';
import { finished } from 'node:stream';
import { checkAddresses } from './callback-guard';
import { DeliveryError } from './delivery-error';
import { memberOf } from '../../../private/runtime/member-of';
import { DeliveryErrorName } from '../../contracts/error-names';

/** So much of an answer is taken, so that the receiver need not see its connection cut. Nothing of it is used. */
const MAX_ANSWER_BYTES = 4096;

const TRY_LATER: readonly number[] = [408, 429];

export interface Callback {
  /** A URL that `checkCallbackUrl` has let pass. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the resolution of the name to the head of the answer. */
  readonly timeoutSeconds: number;
}

/** What stands between the function and the receiver. */
export interface CallbackNetwork {
  /** All addresses of a host. */
  resolve(host: string): Promise<readonly string[]>;
  request(options: RequestOptions): ClientRequest;
}

export const INTERNET: CallbackNetwork = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  request: (options) => request(options),
};

/** POSTs a callback once and answers the receiver's 2xx status; everything else is one of the errors of the contract. */
export async function postCallback(callback: Callback, network: CallbackNetwork): Promise<number> {
  const deadline = AbortSignal.timeout(callback.timeoutSeconds * 1000);
  const statusCode = await reach(callback, network, deadline).catch((error: unknown) => {
    throw error instanceof DeliveryError ? error : unreachable(deadline.aborted ? 'TIMEOUT' : systemCode(error));
  });
  checkStatus(statusCode);
  return statusCode;
}

async function reach(callback: Callback, network: CallbackNetwork, deadline: AbortSignal): Promise<number> {
  const addresses = await within(deadline, network.resolve(callback.url.hostname));
  if (addresses.length === 0) throw unreachable('ENODATA');
  checkAddresses(addresses);
  return send(network.request({
    method: 'POST',
    hostname: callback.url.hostname,
    port: 443,
    path: callback.url.pathname + callback.url.search,
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(callback.body),
      'User-Agent': 'cdk-data-workflows',
      ...callback.headers,
    },
    // The name is not resolved again: what connects is what has been checked.
    lookup: pinned(addresses),
    agent: false,
    // Said outright, because the environment could turn it off.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    signal: deadline,
  }), callback.body);
}

/** Sends the body and answers the status; what happens to the connection after the head of the answer changes nothing. */
function send(post: ClientRequest, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    post.on('response', (answer) => resolve(drain(answer).then(() => answer.statusCode ?? 0)));
    post.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve(answer.statusCode ?? 0);
    });
    post.on('error', reject);
    post.end(body);
  });
}

function drain(answer: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) answer.destroy();
    });
    finished(answer, () => resolve());
  });
}

function pinned(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  // Later, as a real look-up answers: a connection that fails at once (ENETUNREACH) would otherwise do so before anybody listens for its error.
  return (_host, options, callback) => setImmediate(() => {
    if (options.all === true) callback(null, entries);
    else callback(null, entries[0].address, entries[0].family);
  });
}

/** Waits no longer than the deadline for work that cannot be cut short, such as the resolution of a name. */
function within<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    deadline.addEventListener('abort', () => reject(deadline.reason), { once: true });
    work.then(resolve, reject);
  });
}

function checkStatus(statusCode: number): void {
  if (statusCode >= 200 && statusCode <= 299) return;
  const later = TRY_LATER.includes(statusCode) || (statusCode >= 500 && statusCode <= 599);
  const name = later ? DeliveryErrorName.CALLBACK_UNAVAILABLE : DeliveryErrorName.CALLBACK_REFUSED;
  throw new DeliveryError(name, `The receiver answered ${statusCode}`, statusCode);
}

function unreachable(code: string): DeliveryError {
  return new DeliveryError(DeliveryErrorName.CALLBACK_UNREACHABLE, `The receiver could not be reached (${code})`);
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED`, …: the code of an error of Node, which says nothing of the host. */
function systemCode(error: unknown): string {
  const code = String(memberOf(error, 'code'));
  return /^[A-Z][A-Z0-9_]+$/.test(code) ? code : 'NO_ANSWER';
}
