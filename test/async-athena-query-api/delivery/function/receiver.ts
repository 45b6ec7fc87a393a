import { once } from 'node:events';
import { request } from 'node:https';
import { AddressInfo, createServer as createTcpServer, LookupFunction, Socket } from 'node:net';
import { createServer as createTlsServer, TlsOptions } from 'node:tls';
import { createCA, createCert } from 'mkcert';
import { CallbackNetwork } from '../../../../src/async-athena-query-api/delivery/function/post-callback';

/** The host that the certificate of the receiver is for. */
export const HOST = 'receiver.example.com';

/** A public address that resolves to nothing real: the tests' network leads everything to the local receiver. */
export const PUBLIC_ADDRESS = '203.0.114.7';

export interface ReceivedRequest {
  readonly requestLine: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the receiver does with the connection once it has a whole request. */
export type Answer = (socket: Socket) => void;

/** Answers in the bytes given and closes. */
export const raw = (head: string, body: string | Buffer = ''): Answer => (socket) => {
  socket.write(head);
  socket.end(body);
};

export const status = (code: number, headers = '', body = ''): Answer => raw(
  `HTTP/1.1 ${code} Whatever\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n`, body,
);

/** A receiver that speaks TLS, and does to its caller whatever a test wants. */
export class Receiver {
  static async start(tls: TlsOptions = {}): Promise<Receiver> {
    const ca = await createCA({ organization: 'Test', countryCode: 'NZ', state: 'Test', locality: 'Test', validity: 30 });
    const certificate = await createCert({ domains: [HOST], validity: 30, ca });
    const receiver = new Receiver(ca.cert, createTlsServer({ ...tls, key: certificate.key, cert: certificate.cert }));
    receiver.server.listen(0, '127.0.0.1');
    await once(receiver.server, 'listening');
    return receiver;
  }

  answer: Answer = status(200);
  readonly requests: ReceivedRequest[] = [];
  readonly resolved: string[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(readonly ca: string, private readonly server: ReturnType<typeof createTlsServer>) {
    server.on('connection', (socket: Socket) => this.sockets.add(socket).size);
    server.on('tlsClientError', () => undefined);
    server.on('secureConnection', (socket) => {
      socket.on('error', () => undefined);
      let received = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        const whole = parseRequest(received);
        if (whole === undefined) return;
        received = Buffer.alloc(0);
        this.requests.push(whole);
        this.answer(socket);
      });
    });
  }

  /** A network on which every host has one public address, and that address is this receiver. */
  get network(): CallbackNetwork {
    return {
      resolve: async (host) => {
        this.resolved.push(host);
        return [PUBLIC_ADDRESS];
      },
      request: (options) => request({ ...options, port: this.port, lookup: toLoopback, ca: this.ca }),
    };
  }

  get port(): number {
    return portOf(this.server.address());
  }

  reset(): void {
    this.answer = status(200);
    this.requests.length = 0;
    this.resolved.length = 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** A port that accepts connections and closes them, or one that nobody listens on. */
export async function deadPort(kind: 'closes' | 'refuses'): Promise<{ readonly port: number; stop(): void }> {
  const server = createTcpServer((socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  if (kind === 'refuses') {
    server.close();
    await once(server, 'close');
  }
  return { port, stop: () => server.close() };
}

export const toLoopback: LookupFunction = (_host, options, callback) => {
  if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('Not listening on a port');
  return address.port;
}

function parseRequest(bytes: Buffer): ReceivedRequest | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [requestLine, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = Object.fromEntries(lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
  const length = Number(headers['content-length']);
  const body = bytes.subarray(end + 4, end + 4 + length);
  return body.length < length ? undefined : { requestLine, headers, body: body.toString('utf8') };
}
