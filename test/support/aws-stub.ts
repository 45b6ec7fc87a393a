/** AWS as far as the wire goes, for the real SDK of a handler to talk to. */
import { once } from 'node:events';
import { createServer, IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request that reached the stub. */
export interface StubCall {
  /** For which it is signed, such as `sts`. */
  readonly service: string;
  readonly method: string;
  /** With the query, decoded. */
  readonly path: string;
  /** Name of the operation in protocols that have it in a header, else empty. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type StubAnswer = (call: StubCall, response: ServerResponse) => void;

export class AwsStub {
  static async start(answer: StubAnswer): Promise<AwsStub> {
    const stub = new AwsStub(answer);
    stub.server.listen(0, '127.0.0.1');
    await once(stub.server, 'listening');
    return stub;
  }

  readonly calls: StubCall[] = [];
  private readonly server: Server = createServer((request, response) => void this.handle(request, response));

  private constructor(public answer: StubAnswer) {}

  /** Variables that lead the SDK here. */
  get environment(): Record<string, string> {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('Not listening on a port');
    return {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'ASIAFUNCTION',
      AWS_SECRET_ACCESS_KEY: 'function-secret',
      AWS_SESSION_TOKEN: 'function-token',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const body = await text(request);
    const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '')?.[1];
    if (service === undefined) throw new Error('Not signed for any service');
    const call = { service, method, path: decodeURIComponent(url), target: String(headers['x-amz-target'] ?? ''), headers, body };
    this.calls.push(call);
    this.answer(call, response);
  }
}

/**
 * A stub for each test of the file, to which the environment leads; what a test changes in the environment is undone.
 *
 * @param answer until a test sets another one
 */
export function useAwsStub(answer: StubAnswer): () => AwsStub {
  const original = { ...process.env };
  let stub: AwsStub | undefined;
  beforeEach(async () => {
    stub = await AwsStub.start(answer);
    Object.assign(process.env, stub.environment);
  });
  afterEach(async () => {
    process.env = { ...original };
    await stub?.stop();
  });
  return () => {
    if (stub === undefined) throw new Error('The stub runs only while a test does');
    return stub;
  };
}

/** An answer that is an error of the service, in all the protocols that say it in a header or as JSON. */
export function refuse(response: ServerResponse, statusCode: number, code: string): void {
  response.statusCode = statusCode;
  response.setHeader('x-amzn-errortype', code);
  response.end(JSON.stringify({ __type: code, message: 'confidential' }));
}
