import { once } from 'node:events';
import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { createStartRun } from '../../../src/paged-batch-etl/start-run.lambda-shared';

const ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Etl';
const VARIABLES = { AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'ASIAPLANNER', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };

interface Answer {
  readonly statusCode: number;
  readonly code?: string;
}

const ACCEPTED: Answer = { statusCode: 200 };

/** Step Functions as far as the wire goes, for the real SDK to talk to: one answer after another, the last one for ever. */
class Stub {
  readonly calls: { readonly target: string | undefined; readonly body: unknown }[] = [];
  answers: readonly Answer[] = [ACCEPTED];
  private readonly server: Server = createServer((request, response) => void this.handle(request, response));

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
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
    const target = request.headers['x-amz-target'];
    this.calls.push({ target: Array.isArray(target) ? target.join() : target, body: JSON.parse(await text(request)) });
    const { statusCode, code } = this.answers[Math.min(this.calls.length, this.answers.length) - 1];
    response.statusCode = statusCode;
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end(JSON.stringify(code === undefined ? { executionArn: `${ARN}:x`, startDate: 1_764_000_000 } : { __type: code, message: 'Told by the service' }));
  }
}

const original = { ...process.env };
let stub: Stub;
beforeEach(async () => {
  stub = new Stub();
  Object.assign(process.env, VARIABLES, { AWS_ENDPOINT_URL: await stub.start() });
});
afterEach(async () => {
  process.env = { ...original };
  await stub.stop();
});

test('starts an execution of that name with exactly that input', async () => {
  expect(await createStartRun(ARN)('name', '{"a":1}')).toBe('Started');
  expect(stub.calls).toEqual([{ target: 'AWSStepFunctions.StartExecution', body: { stateMachineArn: ARN, name: 'name', input: '{"a":1}' } }]);
});

test('a name that is taken was started before', async () => {
  stub.answers = [{ statusCode: 400, code: 'ExecutionAlreadyExists' }];
  expect(await createStartRun(ARN)('name', '{}')).toBe('StartedBefore');
  expect(stub.calls).toHaveLength(1);
});

test('a service that is not available is called three times', async () => {
  stub.answers = [{ statusCode: 503, code: 'ServiceUnavailable' }];
  await expect(createStartRun(ARN)('name', '{}')).rejects.toMatchObject({ name: 'ServiceUnavailable' });
  expect(stub.calls).toHaveLength(3);
});

test('a throttled call is made again', async () => {
  stub.answers = [{ statusCode: 400, code: 'ThrottlingException' }, ACCEPTED];
  expect(await createStartRun(ARN)('name', '{}')).toBe('Started');
  expect(stub.calls).toHaveLength(2);
});

test.each(['StateMachineDoesNotExist', 'AccessDeniedException'])('%s is final', async (code) => {
  stub.answers = [{ statusCode: 400, code }];
  await expect(createStartRun(ARN)('name', '{}')).rejects.toMatchObject({ name: code });
  expect(stub.calls).toHaveLength(1);
});
