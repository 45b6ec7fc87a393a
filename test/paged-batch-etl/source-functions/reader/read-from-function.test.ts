import { LambdaClient } from '@aws-sdk/client-lambda';
import { RETRIED_SOURCE_ERRORS } from '../../../../src/paged-batch-etl/contracts/error-names';
import { createSourceInvoker, readFromFunction } from '../../../../src/paged-batch-etl/source-functions/reader/read-from-function';
import { PageRequest } from '../../../../src/paged-batch-etl/source-functions/reader/read-page';
import { TimeLeft } from '../../../../src/paged-batch-etl/source-functions/time-left';
import { refuse, StubAnswer, useAwsStub } from '../../../support/aws-stub';
import { outcomeOf, pageRequest, RUN_ID, withTimeLeft } from '../harness';

const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:source:live';

const PAGE = { items: [{ itemIdentifier: 'ä', item: { größe: 1 } }], cursor: 'next', done: false };

const answerPage: StubAnswer = (_call, response) => void response.end(JSON.stringify(PAGE));

const stub = useAwsStub(answerPage);

const read = (changes: Partial<PageRequest> = {}) => readFromFunction(createSourceInvoker(FUNCTION_ARN)).read(pageRequest(changes));

const outcome = (changes: Partial<PageRequest> = {}) => outcomeOf(() => read(changes));

function failed(payload: unknown): StubAnswer {
  return (_call, response) => {
    response.setHeader('x-amz-function-error', 'Unhandled');
    response.end(typeof payload === 'string' ? payload : JSON.stringify(payload));
  };
}

test('the function is called with the declared parameters, the cursor, the batch size and the run, and nothing else', async () => {
  const request = { parameters: { given: { kind: 'täglich' }, typed: new Map() }, cursor: 'c', batchSize: 3, run: { id: RUN_ID, page: 4 } };
  await expect(read(request)).resolves.toEqual({
    page: { items: [{ itemIdentifier: 'ä', idempotencyKey: 'key of ä', item: { größe: 1 } }], cursor: 'next', done: false },
  });
  expect(stub().calls.map(({ path, body }) => ({ path, body: JSON.parse(body) }))).toEqual([{
    path: `/2015-03-31/functions/${FUNCTION_ARN}/invocations`,
    body: { parameters: { kind: 'täglich' }, cursor: 'c', batchSize: 3, run: { id: RUN_ID, page: 4 } },
  }]);
});

test('only connecting has a time-out of its own: a function may be silent for as long as the call may take', async () => {
  const send = jest.spyOn(LambdaClient.prototype, 'send');
  await read();
  const [{ config }] = send.mock.contexts;
  send.mockRestore();
  expect(await config.maxAttempts()).toBe(3);
  expect(config.requestHandler.httpHandlerConfigs()).toMatchObject({ connectionTimeout: 1_000, requestTimeout: 0, socketTimeout: 0 });
});

describe('a function that fails', () => {
  test('is named by the type of its error, and its words are its own', async () => {
    stub().answer = failed({ errorType: 'Sandbox.Timedout', errorMessage: 'confidential', trace: ['confidential'] });
    const { name, message } = await outcome();
    expect(name).toBe('SourceFunctionFailed');
    expect(RETRIED_SOURCE_ERRORS).toContain(name);
    expect(message).toBe('The source function failed (Sandbox.Timedout); its log says more');
  });

  test('may say by that name that its source is not available', async () => {
    stub().answer = failed({ errorType: 'SourceUnavailable', errorMessage: 'confidential' });
    expect(await outcome()).toEqual({ name: 'SourceUnavailable', message: 'The source function says that its source is not available; its log says more' });
  });

  test.each([[{ errorType: 'an error that speaks: confidential' }], [{}], [null], ['no JSON: confidential'], ['']])('whatever it answers: %j', async (payload) => {
    stub().answer = failed(payload);
    expect(await outcome()).toEqual({ name: 'SourceFunctionFailed', message: 'The source function failed; its log says more' });
  });

  test('is invoked once: retrying is the part of the workflow', async () => {
    stub().answer = failed({ errorType: 'Error' });
    await outcome();
    expect(stub().calls).toHaveLength(1);
  });
});

describe('an answer that is no page', () => {
  test.each(['', 'null', 'not JSON', '{"statusCode":200,"body":"{}"}'])('%j', async (payload) => {
    stub().answer = (_call, response) => void response.end(payload);
    expect((await outcome()).name).toBe('InvalidSourcePage');
  });
});

describe('numbers', () => {
  const answering = (item: string) => {
    stub().answer = (_call, response) => void response.end(`{"items":[{"itemIdentifier":"a","item":${item}}],"cursor":"c","done":false}`);
  };

  test.each(['9007199254740993', '[-9223372036854775807]', '{"n":1e400}', '{"9007199254740993":12345678901234567}'])('%s would be another one, so it is refused', async (item) => {
    answering(item);
    expect(await outcome()).toEqual({ name: 'InvalidSourcePage', message: expect.stringContaining('answer it as a string') });
  });

  test.each(['9007199254740991', '9007199254740992', '-1e300', '0.1234567890123456789', '"9007199254740993"', '"a\\"9007199254740993"', '{"9007199254740993":1}'])(
    '%s comes through', async (item) => {
      answering(item);
      expect((await read()).page.items.map((each) => each.item)).toEqual([JSON.parse(item)]);
    });
});

describe('an invocation that does not come about', () => {
  test.each([
    [429, 'TooManyRequestsException', 'SourceUnavailable', 3],
    [500, 'ServiceException', 'SourceUnavailable', 3],
    [502, 'ResourceNotReadyException', 'SourceUnavailable', undefined],
    [408, 'SnapStartTimeoutException', 'SourceUnavailable', undefined],
    [409, 'ResourceConflictException', 'SourceUnavailable', undefined],
    [403, 'AccessDeniedException', 'SourceRefused', 1],
    [404, 'ResourceNotFoundException', 'SourceRefused', 1],
    [413, 'RequestTooLargeException', 'SourceRefused', 1],
  ])('%d %s', async (statusCode, code, expected, attempts) => {
    stub().answer = (_call, response) => refuse(response, statusCode, code);
    expect(await outcome()).toEqual({ name: expected, message: `The source function could not be invoked (${code})` });
    if (attempts !== undefined) expect(stub().calls).toHaveLength(attempts);
  });

  test('is over before our own time is', async () => {
    stub().answer = () => undefined;
    expect((await outcome({ time: new TimeLeft(withTimeLeft(1_800)) })).name).toBe('SourceTimedOut');
  });

  test('is not begun when there is too little time', async () => {
    expect((await outcome({ time: new TimeLeft(withTimeLeft(1_000)) })).name).toBe('SourceTimedOut');
    expect(stub().calls).toEqual([]);
  });
});
