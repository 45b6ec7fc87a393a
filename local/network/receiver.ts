import { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, Server } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';

/** How a receiver answers one request. */
export type Answer =
  /** A response. */
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string; readonly delayMilliseconds?: number }
  /** The request is read, and never answered. */
  | 'hang'
  /** The connection is cut instead of an answer. */
  | 'close';

/** A request as the receiver got it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Host name that the client asked for in TLS, the one its certificate check was about. */
  readonly serverName?: string;
  /** Real epoch milliseconds. */
  readonly receivedAt: number;
}

/** Answers in the order of the requests (the last one repeats), or by looking at the request. */
export type Script = readonly Answer[] | ((request: ReceivedRequest) => Answer | Promise<Answer>);

export interface ReceiverOptions {
  /** Certificate, valid for the host names that clients use, and its key. */
  readonly certPem: string;
  readonly keyPem: string;
  /** Default: 204 always. */
  readonly script?: Script;
}

/** An HTTPS server on loopback that records what it gets and answers as told: the party that is called back. */
export class Receiver {
  /** Starts a receiver on a free port. */
  static async start(options: ReceiverOptions): Promise<Receiver> {
    const receiver = new Receiver(options);
    await new Promise<void>((resolve, reject) => {
      receiver.server.once('error', reject);
      receiver.server.listen(0, '127.0.0.1', resolve);
    });
    return receiver;
  }

  /** Everything received so far, oldest first. */
  readonly requests: ReceivedRequest[] = [];
  private readonly server: Server;
  private readonly aborted = new AbortController();
  private script: Script;
  private answered = 0;

  private constructor(options: ReceiverOptions) {
    this.script = options.script ?? [{ status: 204 }];
    this.server = createServer({ cert: options.certPem, key: options.keyPem }, (request, response) => {
      this.handle(request, response).catch(() => response.destroy());
    });
  }

  /** Where a `LocalHost` is to connect to. */
  get connectTo(): { host: string; port: number } {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The receiver is closed');
    return { host: '127.0.0.1', port: address.port };
  }

  /** Answers differently from the next request on. */
  answer(script: Script): void {
    this.script = script;
    this.answered = 0;
  }

  /** Stops listening and cuts every connection. */
  async close(): Promise<void> {
    this.aborted.abort();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const received = recordOf(request, Buffer.concat(chunks).toString());
    this.requests.push(received);
    const answer = await this.nextAnswer(received);
    if (answer === 'hang') return;
    if (answer === 'close') {
      request.socket.destroy();
      return;
    }
    if (answer.delayMilliseconds !== undefined) await delay(answer.delayMilliseconds, undefined, { signal: this.aborted.signal });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  private nextAnswer(request: ReceivedRequest): Answer | Promise<Answer> {
    if (typeof this.script === 'function') return this.script(request);
    const answer = this.script.at(Math.min(this.answered++, this.script.length - 1));
    if (answer === undefined) throw new Error('The receiver was given no answer');
    return answer;
  }
}

function recordOf(request: IncomingMessage, body: string): ReceivedRequest {
  const serverName = 'servername' in request.socket && typeof request.socket.servername === 'string' ? request.socket.servername : undefined;
  return { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body, serverName, receivedAt: Date.now() };
}
