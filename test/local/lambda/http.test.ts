import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { Fixture } from './fixtures';
import { FrontDoor } from '../../../local/http/front-door';
import { LambdaHttpService } from '../../../local/lambda/http';
import { MAX_PAYLOAD_BYTES } from '../../../local/lambda/limits';
import { until } from '../../support/until';
import { Account, createAccount, environment, openFrontDoor } from '../http/small-cloud';

const ARN = `arn:aws:lambda:${environment.region}:${environment.accountId}:function:echo`;
const SOURCE = `exports.handler = async (event) => {
  if (event.fail) throw new RangeError(event.fail);
  await new Promise((resolve) => setTimeout(resolve, event.wait ?? 0));
  return { event, now: Date.now() };
};`;

let account: Account;
let fixture: Fixture;
let door: FrontDoor;
let faults: Error[];
let clientOf: (resource: string) => LambdaClient;

beforeAll(async () => {
  account = createAccount();
  fixture = new Fixture({ environment, clock: account.clock, authorize: account.authorize });
  await fixture.create('echo', SOURCE);
  await fixture.create('busy', SOURCE, { reservedConcurrency: 0 });
  const opened = await openFrontDoor(account, { httpServices: [new LambdaHttpService(fixture.service)] });
  ({ door, faults } = opened);
  let count = 0;
  clientOf = (resource) => {
    const role = account.roles.create({
      name: `Role${count++}`,
      trustPolicy: { Statement: [] },
      inlinePolicies: [{
        name: 'p', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: resource }] },
      }],
    });
    const credentials = account.credentials.issueForRole({ role, sessionName: 's', durationSeconds: 43200 });
    return new LambdaClient({ ...opened.client, credentials });
  };
});
afterAll(async () => {
  await door.close();
  await fixture.close();
});
beforeEach(() => {
  faults.length = 0;
});

const text = (payload: Uint8Array | undefined) => Buffer.from(payload ?? []).toString();

test.each(['echo', ARN, `${ARN}:$LATEST`])('Invoke answers what the handler returns (%s)', async (FunctionName) => {
  const { StatusCode, ExecutedVersion, FunctionError, Payload } = await clientOf('*').send(new InvokeCommand({ FunctionName, Payload: '{"a":"ü"}' }));
  expect([StatusCode, ExecutedVersion, FunctionError]).toEqual([200, '$LATEST', undefined]);
  expect(JSON.parse(text(Payload))).toMatchObject({ event: { a: 'ü' } });
});

test('a handler that throws is an answer, not an error of the call', async () => {
  const { StatusCode, FunctionError, Payload } = await clientOf('*').send(new InvokeCommand({ FunctionName: 'echo', Payload: '{"fail":"no"}' }));
  expect([StatusCode, FunctionError]).toEqual([200, 'Unhandled']);
  expect(JSON.parse(text(Payload))).toMatchObject({ errorType: 'RangeError', errorMessage: 'no' });
});

test('virtual time goes on while the handler runs, so that a time-out can overtake it', async () => {
  const fired: string[] = [];
  const starts = () => fixture.messages().filter((message) => message.startsWith('START ')).length;
  const before = starts();
  const invocation = clientOf('*').send(new InvokeCommand({ FunctionName: 'echo', Payload: '{"wait":1000}' })).then(() => fired.push('answer'));
  await until(() => starts() > before);
  account.clock.after(50, () => fired.push('time-out'));
  await invocation;
  expect(fired).toEqual(['time-out', 'answer']);
});

test('an event is accepted without an answer', async () => {
  const { StatusCode, Payload } = await clientOf('*').send(new InvokeCommand({ FunctionName: 'echo', InvocationType: 'Event' }));
  expect(StatusCode).toBe(202);
  expect(text(Payload)).toBe('');
});

test.each([
  ['a function that there is not', { FunctionName: 'none' }, 'ResourceNotFoundException', 404],
  ['a version', { FunctionName: 'echo', Qualifier: '7' }, 'ResourceNotFoundException', 404],
  ['too much at once', { FunctionName: 'busy' }, 'TooManyRequestsException', 429],
  ['no JSON', { FunctionName: 'echo', Payload: '{' }, 'InvalidRequestContentException', 400],
  ['too large a payload', { FunctionName: 'echo', Payload: `"${'x'.repeat(MAX_PAYLOAD_BYTES)}"` }, 'RequestEntityTooLargeException', 413],
])('%s is an error that the SDK can tell by its name', async (_, input, name, httpStatusCode) => {
  await expect(clientOf('*').send(new InvokeCommand(input))).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
  expect(faults).toEqual([]);
});

test('who may not invoke the function is told so', async () => {
  await expect(clientOf(`${ARN}-other`).send(new InvokeCommand({ FunctionName: 'echo' }))).rejects.toMatchObject({
    name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 }, message: expect.stringContaining(`lambda:InvokeFunction on resource: ${ARN}`),
  });
  await expect(clientOf(ARN).send(new InvokeCommand({ FunctionName: 'echo' }))).resolves.toMatchObject({ StatusCode: 200 });
});

test.each([
  ['a dry run', new InvokeCommand({ FunctionName: 'echo', InvocationType: 'DryRun' }), 'InvocationType DryRun'],
  ['the tail of the log', new InvokeCommand({ FunctionName: 'echo', LogType: 'Tail' }), 'LogType Tail'],
  ['a client context', new InvokeCommand({ FunctionName: 'echo', ClientContext: 'e30=' }), 'x-amz-client-context'],
])('%s is a fault that names it', async (_, command, message) => {
  await expect(clientOf('*').send(command)).rejects.toThrow(message);
  expect(faults).toEqual([expect.objectContaining({ message: expect.stringContaining(message) })]);
});

test('another operation is a fault that names it', async () => {
  await expect(clientOf('*').send(new ListFunctionsCommand({}))).rejects.toThrow('GET /2015-03-31/functions');
});
