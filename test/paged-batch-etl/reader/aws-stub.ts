import { once } from 'node:events';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request that reached the stub. */
export interface StubCall {
  readonly path: string;
  readonly target: string;
  readonly body: unknown;
}

export type StubAnswer = (call: StubCall, response: ServerResponse) => void;

/** AWS as far as the wire goes, for the real SDK to talk to. */
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

  get endpoint(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('Not listening on a port');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const call = {
      path: decodeURIComponent(request.url ?? ''), target: String(request.headers['x-amz-target'] ?? ''), body: body === '' ? undefined : JSON.parse(body),
    };
    this.calls.push(call);
    this.answer(call, response);
  }
}

/** Answers as Lambda does when it did not run the function. */
export function refuse(response: ServerResponse, statusCode: number, code: string): void {
  response.statusCode = statusCode;
  response.setHeader('x-amzn-errortype', code);
  response.end(JSON.stringify({ message: 'confidential' }));
}

/** Variables that lead the SDK to the stub. */
export function stubEnvironment(stub: AwsStub): Record<string, string> {
  return { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'ASIAREADER', AWS_SECRET_ACCESS_KEY: 'secret', AWS_ENDPOINT_URL: stub.endpoint };
}
