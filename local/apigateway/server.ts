import { createServer as createHttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { RequestHandler } from './request-handler';
import { receive } from '../http/received-request';

export interface ServerOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** Key and certificate, PEM; default: plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** An API that is being served; a request goes to `{url}/{stage}/{path}`. */
export interface ServedApi {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves one API. What the local cloud does not implement is answered with 501 and the reason, which no AWS answer looks like. */
export async function serve(handler: RequestHandler, { host = '127.0.0.1', port = 0, tls }: ServerOptions = {}): Promise<ServedApi> {
  const listener = (message: IncomingMessage, response: ServerResponse) => {
    void respond(handler, message, response);
  };
  const server = tls === undefined ? createHttpServer(listener) : createHttpsServer({ ...tls }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}:${address.port}`,
    close: () => new Promise((resolve, reject) => {
      server.close((error) => (error === undefined ? resolve() : reject(error)));
      server.closeAllConnections();
    }),
  };
}

/** A query that is not well encoded reaches no API. */
function asBadRequest(error: unknown): undefined {
  if (error instanceof URIError) return undefined;
  throw error;
}

async function respond(handler: RequestHandler, message: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const request = await receive(message).catch(asBadRequest);
    if (request === undefined) {
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"message":"Bad Request"}');
      return;
    }
    const { statusCode, headers, body } = await handler.handle(request, message.socket.remoteAddress ?? '');
    response.writeHead(statusCode, headers).end(body);
  } catch (error) {
    response.writeHead(501, { 'content-type': 'text/plain' }).end(`The local API Gateway cannot answer: ${String(error)}`);
  }
}
