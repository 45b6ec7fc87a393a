import { lookup } from 'node:dns/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request, RequestOptions } from 'node:https';
import { isIPv6, LookupFunction, TcpSocketConnectOpts } from 'node:net';
import { performance } from 'node:perf_hooks';
import { finished } from 'node:stream';
import { checkAddresses } from './callback-guard';
import { DeliveryError } from './delivery-error';
import { memberOf } from '../../../private/runtime/member-of';
import { FINAL_STATUSES } from '../../contracts/callback';
import { CallbackRules } from '../../contracts/deliver';
import { DeliveryErrorName } from '../../contracts/error-names';

/** So much of an answer is taken, so that the receiver need not see its connection cut. Nothing of it is used. */
const MAX_ANSWER_BYTES = 4096;

export interface Callback {
  /** A URL that `checkCallbackUrl` has let pass. */
  readonly url: URL;
  /** Which addresses its host may have. */
  readonly rules: CallbackRules;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the resolution of the name to the head of the answer. */
  readonly timeoutSeconds: number;
}

/** Options that Node.js hands on to the socket. */
export type CallbackRequest = RequestOptions & Pick<TcpSocketConnectOpts, 'autoSelectFamily' | 'autoSelectFamilyAttemptTimeout'>;

/** What stands between the function and the receiver. */
export interface CallbackNetwork {
  /** All addresses of a host. */
  resolve(host: string): Promise<readonly string[]>;
  request(options: CallbackRequest): ClientRequest;
}

export const INTERNET: CallbackNetwork = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  request: (options) => request(options),
};

/** POSTs a callback once and answers the receiver's 2xx status; everything else is one of the errors of the contract. */
export async function postCallback(callback: Callback, network: CallbackNetwork): Promise<number> {
  const deadline = startDeadline(callback.timeoutSeconds * 1000);
  const statusCode = await reach(callback, network, deadline).catch((error: unknown) => {
    throw error instanceof DeliveryError ? error : unreachable(deadline.signal.aborted ? 'TIMEOUT' : systemCode(error));
  });
  checkStatus(statusCode);
  return statusCode;
}

/** The one time-out of a callback: every shorter one of Node.js is set from it. */
interface Deadline {
  readonly signal: AbortSignal;
  remainingMilliseconds(): number;
}

function startDeadline(milliseconds: number): Deadline {
  const end = performance.now() + milliseconds;
  return { signal: AbortSignal.timeout(milliseconds), remainingMilliseconds: () => end - performance.now() };
}

async function reach(callback: Callback, network: CallbackNetwork, deadline: Deadline): Promise<number> {
  const addresses = await within(deadline.signal, network.resolve(callback.url.hostname));
  if (addresses.length === 0) throw unreachable('ENODATA');
  checkAddresses(addresses, callback.rules);
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
    // Node.js tries one address after the other and gives each but the last 250 ms, in which a slow receiver is never reached (nodejs/node #54359).
    // Both are said outright, because the environment could turn off that more than one address is tried.
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: fairShare(deadline.remainingMilliseconds(), addresses.length),
    // An agent of its own: the global one has a time-out of 5 seconds.
    agent: false,
    // Said outright, because the environment could turn it off.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    signal: deadline.signal,
  }), callback.body);
}

/** What each address may take to connect: whole milliseconds, and no less than the one that Node.js asks for. */
function fairShare(remainingMilliseconds: number, addresses: number): number {
  return Math.max(1, Math.floor(remainingMilliseconds / addresses));
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
  const final = FINAL_STATUSES.includes(statusCode) || (statusCode >= 300 && statusCode <= 399);
  const name = final ? DeliveryErrorName.CALLBACK_REFUSED : DeliveryErrorName.CALLBACK_UNAVAILABLE;
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
