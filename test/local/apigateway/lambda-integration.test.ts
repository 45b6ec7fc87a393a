import { ApiFixture, FUNCTION_ARN, FUNCTION_URI, ROLE } from './api-fixture';
import { ServedApi } from '../../../local/apigateway/server';
import { ServiceError } from '../../../local/aws/service';

let fixture: ApiFixture;
let served: ServedApi | undefined;

beforeEach(async () => {
  fixture = new ApiFixture();
  served = undefined;
  await fixture.createApi();
});
afterEach(() => fixture.gateway.close());

async function get(path: string, init: RequestInit = {}): Promise<{ status: number; body: string; headers: Headers }> {
  served ??= await fixture.gateway.serve(fixture.gateway.apiIds()[0]);
  const response = await fetch(`${served.url}${path}`, init);
  return { status: response.status, body: await response.text(), headers: response.headers };
}

const failing = (errorMessage: string) => async () => ({ failed: true, payload: JSON.stringify({ errorMessage, errorType: 'Error' }) });

test('the function gets what the template renders, with the role, and its result is the answer', async () => {
  await fixture.addGet();
  await fixture.deploy({ StageName: 'dev' });
  fixture.invoke = async () => ({ failed: false, payload: '{"State":"RUNNING"}' });
  expect(await get('/dev/queries/abc')).toMatchObject({ status: 200, body: '{"State":"RUNNING"}' });
  const sourceArn = `arn:aws:execute-api:eu-west-1:111122223333:${fixture.gateway.apiIds()[0]}/dev/GET/queries/{QueryId}`;
  expect(fixture.invocations).toEqual([expect.objectContaining({ functionArn: FUNCTION_ARN, roleArn: ROLE, payload: '{"QueryId":"abc"}', sourceArn })]);
});

test.each([
  ['NoSuchQuery', 404, '{"Code":"NoSuchQuery"}'],
  ['NoSuchQuery: it is gone', 404, '{"Code":"NoSuchQuery: it is gone"}'],
  ['Boom\nat line 1', 500, '{"Code":"Broken"}'],
  // No pattern fits: the default response.
  ['Nothing', 200, '{"errorMessage":"Nothing","errorType":"Error"}'],
  ['', 200, '{"errorMessage":"","errorType":"Error"}'],
])('the error message %j of a function selects the response', async (message, status, body) => {
  await fixture.addGet();
  await fixture.deploy();
  fixture.invoke = failing(message);
  expect(await get('/prod/queries/abc')).toMatchObject({ status, body });
});

test('the status of the invocation selects nothing', async () => {
  await fixture.addGet({}, { IntegrationResponses: [{ StatusCode: '404', SelectionPattern: '200' }, { StatusCode: '200' }] });
  await fixture.deploy();
  expect(await get('/prod/queries/abc')).toMatchObject({ status: 200 });
});

test('without a default response a result that is no error is a wrong configuration', async () => {
  await fixture.addGet({}, { IntegrationResponses: [{ StatusCode: '404', SelectionPattern: 'No.*' }] });
  await fixture.deploy();
  expect(await get('/prod/queries/abc')).toMatchObject({ status: 500, body: '{"message":"Internal server error"}' });
});

test.each([
  ['AccessDeniedException', 'API_CONFIGURATION_ERROR'],
  ['ResourceNotFoundException', 'API_CONFIGURATION_ERROR'],
  ['TooManyRequestsException', 'INTEGRATION_FAILURE'],
])('%s of Lambda is answered by API Gateway itself, with 500', async (code, type) => {
  await fixture.addGet();
  await fixture.create('Response', 'AWS::ApiGateway::GatewayResponse', {
    RestApiId: { Ref: 'Api' }, ResponseType: 'DEFAULT_5XX', ResponseTemplates: { 'application/json': '{"Code":"$context.error.responseType"}' },
  });
  await fixture.deploy();
  fixture.invoke = async () => {
    throw new ServiceError(code, 'no');
  };
  expect(await get('/prod/queries/abc')).toMatchObject({ status: 500, body: `{"Code":"${type}"}` });
});

test('what is not known of Lambda and API Gateway is a fault', async () => {
  await fixture.addGet();
  await fixture.deploy();
  fixture.invoke = async () => ({ failed: false, payload: '{"errorMessage":"x"}' });
  expect(await get('/prod/queries/abc')).toMatchObject({ status: 501 });
  fixture.invoke = async () => {
    throw new ServiceError('InvalidRequestContentException', 'no JSON');
  };
  expect(await get('/prod/queries/abc')).toMatchObject({ status: 501 });
  expect(fixture.faults).toMatchObject([{ message: expect.stringContaining('errorMessage') }, { message: expect.stringContaining('InvalidRequestContentException') }]);
});

test('a function that takes longer than the time-out, in virtual time', async () => {
  await fixture.addGet();
  await fixture.deploy();
  const started = fixture.clock.now();
  let release = () => {};
  fixture.invoke = async () => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return { failed: false, payload: '{}' };
  };
  expect(await get('/prod/queries/abc')).toMatchObject({ status: 504, body: '{"message":"Endpoint request timed out"}' });
  expect(fixture.clock.now() - started).toBe(29_000);
  release();
  fixture.invoke = async () => {
    await fixture.clock.sleep(28_999);
    return { failed: false, payload: '{}' };
  };
  expect(await get('/prod/queries/abc')).toMatchObject({ status: 200 });
});

describe('path parameters', () => {
  test.each([
    ['a%20b', 'a%20b'],
    ['a%2Fb', 'a%2Fb'],
    ['%C3%A9', '%C3%A9'],
    ['%', '%'],
    ['%zz', '%zz'],
    ['a+b', 'a+b'],
  ])('%s reaches the template as it was sent', async (sent, got) => {
    await fixture.addGet({}, { RequestTemplates: { 'application/json': '$input.params().path.QueryId $input.params(\'QueryId\')' } });
    await fixture.deploy();
    expect(await get(`/prod/queries/${sent}`)).toMatchObject({ status: 200 });
    expect(fixture.invocations).toMatchObject([{ payload: `${got} ${got}` }]);
  });

  test('cannot be mapped into the headers of a response', async () => {
    const response = { StatusCode: '200', ResponseParameters: { 'method.response.header.X-Id': 'method.request.path.QueryId' } };
    const adding = fixture.addGet(
      { MethodResponses: [{ StatusCode: '200', ResponseParameters: { 'method.response.header.X-Id': true } }] }, { IntegrationResponses: [response] },
    );
    await expect(adding).rejects.toThrow('Invalid mapping expression parameter specified: method.request.path.QueryId');
  });

  test('an empty one is another path', async () => {
    await fixture.addGet();
    await fixture.deploy();
    expect(await get('/prod/queries/')).toMatchObject({ status: 403, body: '{"message":"Missing Authentication Token"}' });
  });

  test('a query that is not well encoded is a bad request', async () => {
    await fixture.addGet();
    await fixture.deploy();
    served = await fixture.gateway.serve(fixture.gateway.apiIds()[0]);
    expect(await get('/prod/queries/abc?x=%zz')).toMatchObject({ status: 400 });
    expect(await get('/prod/queries/abc?x=1')).toMatchObject({ status: 200 });
  });
});

test('a request without a body and a type has the template for JSON; another type has none', async () => {
  await fixture.addGet();
  await fixture.deploy();
  expect(await get('/prod/queries/abc')).toMatchObject({ status: 200 });
  expect(await get('/prod/queries/abc', { headers: { 'content-type': 'text/plain' } })).toMatchObject({ status: 415 });
});

test('a response template sets headers', async () => {
  await fixture.addGet({}, {
    IntegrationResponses: [{
      StatusCode: '200',
      ResponseTemplates: {
        'application/json': '#set($context.responseOverride.header.Location = "$context.path/result")#set($context.responseOverride.header["Retry-After"] = "1"){}',
      },
    }],
  });
  await fixture.deploy({ StageName: 'dev_2' });
  const { headers } = await get('/dev_2/queries/abc');
  expect([headers.get('location'), headers.get('retry-after')]).toEqual(['/dev_2/queries/abc/result', '1']);
});

test('a method has its own throttle beside that of the stage; a refused request is told when to come again', async () => {
  await fixture.addGet();
  await fixture.create('Throttled', 'AWS::ApiGateway::GatewayResponse', {
    RestApiId: { Ref: 'Api' }, ResponseType: 'THROTTLED', ResponseParameters: { 'gatewayresponse.header.Retry-After': '\'1\'' },
  });
  const throttle = (path: string, verb: string, rate: number, burst: number) => (
    { ResourcePath: path, HttpMethod: verb, ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst }
  );
  await fixture.deploy({ MethodSettings: [throttle('/*', '*', 1, 3), throttle('/*', 'GET', 1, 9), throttle('/~1queries~1{QueryId}', 'GET', 1, 2)] });
  fixture.answer = { statusCode: 200, headers: {}, body: '{"id":"x"}' };
  const gets = [await get('/prod/queries/a'), await get('/prod/queries/b'), await get('/prod/queries/a')];
  expect(gets.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(gets.map(({ headers }) => headers.get('retry-after'))).toEqual([null, null, '1']);
  const post = async () => (await get('/prod/queries', { method: 'POST', body: '{"Query":"q"}', headers: { 'content-type': 'application/json' } })).status;
  expect([await post(), await post(), await post(), await post()]).toEqual([202, 202, 202, 429]);
});

describe('refused by name', () => {
  test.each([
    [{ RequestParameters: { 'integration.request.header.X-Amz-Invocation-Type': '\'Event\'' } }, 'headers of the invocation of a function'],
    [{ IntegrationResponses: [{ StatusCode: '500', SelectionPattern: '.*' }] }, 'also matches no error message'],
    [{ Uri: FUNCTION_URI.replace('111122223333', '444455556666') }, 'a function of another account'],
    [{ Uri: FUNCTION_URI.replace('/invocations', ':alias/invocations') }, 'anything but a function'],
    [{ Uri: FUNCTION_URI.replace('gateway:eu-west-1', 'gateway:us-east-1') }, 'another region'],
    [{ IntegrationHttpMethod: 'GET' }, 'not called with POST'],
    [{ Credentials: 'arn:aws:iam::*:user/*' }, 'anything but a role'],
  ])('integration %j', async (integration, message) => {
    await expect(fixture.addGet({}, integration)).rejects.toThrow(message);
  });
});
