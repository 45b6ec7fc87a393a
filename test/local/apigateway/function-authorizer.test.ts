/** Authorizers that are functions: when they are asked, with what, and what their answers do. Sources: API Gateway developer guide, on Lambda authorizers. */
import { ApiFixture, FUNCTION_ARN, FUNCTION_URI, ROLE } from './api-fixture';
import { ServiceError } from '../../../local/aws/service';
import { JsonObject, JsonValue } from '../../../local/json';

let fixture: ApiFixture;
/** What the authorizer answers; the method's function gets its own. */
let answer: JsonValue;

beforeEach(async () => {
  fixture = new ApiFixture();
  answer = allowing('*');
  fixture.invoke = async () => ({ failed: false, payload: JSON.stringify(answer) });
});
afterEach(() => fixture.gateway.close());

const statement = (Effect: string, Resource: JsonValue): JsonObject => ({ Effect, Action: 'execute-api:Invoke', Resource });
const saying = (...Statement: JsonObject[]): JsonObject => ({ principalId: 'alice', policyDocument: { Version: '2012-10-17', Statement } });
function allowing(Resource: JsonValue): JsonObject {
  return saying(statement('Allow', Resource));
}

const TOKEN = { Type: 'TOKEN', IdentitySource: 'method.request.header.Authorization' };
const TEMPLATE = '{"Owner":"$!context.authorizer.principalId","Plan":"$!context.authorizer.plan","Nobody":"$!context.authorizer.nobody"}';

/** POST /queries, which calls a service, and GET /queries/{QueryId}, which calls a function, both behind one authorizer. */
async function deploy(authorizer: object = TOKEN, api: object = {}, before: () => Promise<unknown> = async () => {}): Promise<string> {
  await fixture.create('Api', 'AWS::ApiGateway::RestApi', { Name: 'api', ...api });
  await before();
  await fixture.create('Authorizer', 'AWS::ApiGateway::Authorizer', { RestApiId: { Ref: 'Api' }, Name: 'authorizer', AuthorizerUri: FUNCTION_URI, ...authorizer });
  const guarded = { AuthorizationType: 'CUSTOM', AuthorizerId: { Ref: 'Authorizer' } };
  await fixture.createApi(guarded, { RequestTemplates: { 'application/json': TEMPLATE } });
  await fixture.create('Query', 'AWS::ApiGateway::Resource', { RestApiId: { Ref: 'Api' }, ParentId: { Ref: 'Queries' }, PathPart: '{QueryId}' });
  await fixture.create('Get', 'AWS::ApiGateway::Method', {
    RestApiId: { Ref: 'Api' },
    ResourceId: { Ref: 'Query' },
    HttpMethod: 'GET',
    ...guarded,
    MethodResponses: [{ StatusCode: '200' }],
    Integration: { Type: 'MOCK', RequestTemplates: { 'application/json': '{"statusCode":200}' }, IntegrationResponses: [{ StatusCode: '200' }] },
  });
  await fixture.deploy();
  const { url } = await fixture.gateway.serve(fixture.gateway.apiIds()[0]);
  return `${url}/prod/queries`;
}

async function post(url: string, headers: Record<string, string> = { authorization: 'letmein' }): Promise<{ status: number; body: string }> {
  const response = await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', ...headers } });
  return { status: response.status, body: await response.text() };
}

async function get(url: string, headers: Record<string, string> = { authorization: 'letmein' }): Promise<number> {
  return (await fetch(`${url}/17`, { headers })).status;
}

const arn = (path: string) => `arn:aws:execute-api:eu-west-1:111122223333:${fixture.gateway.apiIds()[0]}/${path}`;
const events = (): JsonObject[] => fixture.invocations.map(({ payload }) => JSON.parse(payload));

test('a TOKEN authorizer gets the token and the method, and is invoked for itself', async () => {
  const url = await deploy();
  answer = { ...allowing('*'), context: { plan: 'gold' } };
  expect(await post(url)).toMatchObject({ status: 202 });
  expect(events()).toEqual([{ type: 'TOKEN', methodArn: arn('prod/POST/queries'), authorizationToken: 'letmein' }]);
  expect(fixture.invocations).toEqual([expect.objectContaining({
    functionArn: FUNCTION_ARN, sourceArn: arn(`authorizers/${fixture.referenceTo('Authorizer')}`),
  })]);
  expect(fixture.invocations[0].roleArn).toBeUndefined();
  expect(fixture.calls.map(({ body }) => JSON.parse(body))).toEqual([{ Owner: 'alice', Plan: 'gold', Nobody: '' }]);
});

test('with credentials it is invoked by that role', async () => {
  await post(await deploy({ ...TOKEN, AuthorizerCredentials: ROLE }));
  expect(fixture.invocations).toEqual([expect.objectContaining({ roleArn: ROLE })]);
});

test('a REQUEST authorizer gets all but the body', async () => {
  const url = await deploy({ Type: 'REQUEST', IdentitySource: 'method.request.header.X-Key, method.request.querystring.user,context.stage' });
  expect((await fetch(`${url}/17?user=bob&user=eve`, { headers: { 'X-Key': 'k' } })).status).toBe(200);
  expect(events()).toEqual([expect.objectContaining({
    type: 'REQUEST',
    methodArn: arn('prod/GET/queries/17'),
    resource: '/queries/{QueryId}',
    path: '/queries/17',
    httpMethod: 'GET',
    headers: expect.objectContaining({ 'X-Key': 'k' }),
    queryStringParameters: { user: 'eve' },
    multiValueQueryStringParameters: { user: ['bob', 'eve'] },
    pathParameters: { QueryId: '17' },
    stageVariables: {},
    requestContext: expect.objectContaining({ stage: 'prod', path: '/prod/queries/17', apiId: fixture.gateway.apiIds()[0] }),
  })]);
});

const REQUEST = { Type: 'REQUEST', IdentitySource: 'method.request.header.X-Key,method.request.querystring.user' };
test.each<[string, object, string, Record<string, string>]>([
  ['no token', TOKEN, '', {}],
  ['an empty token', TOKEN, '', { authorization: '' }],
  ['a token that does not fit', { ...TOKEN, IdentityValidationExpression: 'Bearer [a-z]+' }, '', { authorization: 'Basic eHl6' }],
  ['one of two sources', REQUEST, '', { 'x-key': 'k' }],
  ['an empty source', REQUEST, '?user=', { 'x-key': 'k' }],
  ['one of two sources, without a cache', { ...REQUEST, AuthorizerResultTtlInSeconds: 0 }, '?user=bob', {}],
])('%s is 401, and nobody is asked', async (_name, authorizer, query, headers) => {
  const url = await deploy(authorizer);
  expect(await post(url + query, headers)).toEqual({ status: 401, body: '{"message":"Unauthorized"}' });
  expect([fixture.invocations, fixture.calls]).toEqual([[], []]);
});

test('a token that fits is let to the function', async () => {
  const url = await deploy({ ...TOKEN, IdentityValidationExpression: 'Bearer [a-z]+' });
  expect(await post(url, { authorization: 'Bearer xyz' })).toMatchObject({ status: 202 });
  expect(await post(url, { authorization: 'Bearer xyz!' })).toMatchObject({ status: 501, body: expect.stringContaining('only a part') });
});

const DENIED = '{"Message":"User is not authorized to access this resource"}';
const LET_IN = '{"Id":""}';
const EXPLICITLY = '{"Message":"User is not authorized to access this resource with an explicit deny"}';
test.each<[string, (to: typeof arn) => JsonObject, number, string]>([
  ['all', () => allowing('*'), 202, LET_IN],
  ['the method', (to) => allowing(to('prod/POST/queries')), 202, LET_IN],
  ['a list with it', (to) => allowing([to('prod/GET/*'), to('*/POST/*')]), 202, LET_IN],
  ['another method', (to) => allowing(to('prod/GET/queries')), 403, DENIED],
  ['another stage', (to) => allowing(to('dev/*')), 403, DENIED],
  ['another API', () => allowing('arn:aws:execute-api:eu-west-1:111122223333:another/*'), 403, DENIED],
  ['nothing it may do', () => saying({ ...statement('Allow', '*'), Action: 's3:GetObject' }), 403, DENIED],
  ['all, and denies the method', (to) => saying(statement('Allow', '*'), statement('Deny', to('*/POST/*'))), 403, EXPLICITLY],
])('the policy decides: it allows %s', async (_name, says, status, body) => {
  const url = await deploy();
  answer = says(arn);
  expect(await post(url)).toEqual({ status, body });
  expect(fixture.calls).toHaveLength(status === 202 ? 1 : 0);
});

test.each<[string, JsonValue]>([
  ['nothing', null],
  ['a text', 'yes'],
  ['no policy', { principalId: 'alice' }],
  ['a policy without statements', { principalId: 'alice', policyDocument: { Version: '2012-10-17' } }],
  ['a statement without resources', { principalId: 'alice', policyDocument: { Statement: [{ Effect: 'Allow', Action: '*' }] } }],
  ['a misspelt effect', saying({ ...statement('Permit', '*') })],
  ['an object in the context', { ...allowing('*'), context: { plan: { name: 'gold' } } }],
  ['a principal that is no text', { ...allowing('*'), principalId: 17 }],
])('an answer that is none is 500: %s', async (_name, value) => {
  const url = await deploy();
  answer = value;
  expect(await post(url)).toEqual({ status: 500, body: '{"message":null}' });
  expect(fixture.calls).toEqual([]);
});

test('without a principal the request is let in, and has none', async () => {
  const url = await deploy();
  answer = { policyDocument: allowing('*').policyDocument };
  expect(await post(url)).toMatchObject({ status: 202 });
  expect(fixture.calls.map(({ body }) => JSON.parse(body).Owner)).toEqual(['']);
});

const RESPONSE = { ResponseTemplates: { 'application/json': '{"Code":"$context.error.responseType"}' } };
test.each<[string, number, string, () => Promise<{ failed: boolean; payload: string }>]>([
  ['the error Unauthorized', 401, 'UNAUTHORIZED', async () => ({ failed: true, payload: '{"errorMessage":"Unauthorized"}' })],
  ['another error', 500, 'AUTHORIZER_CONFIGURATION_ERROR', async () => ({ failed: true, payload: '{"errorMessage":"unauthorized"}' })],
  ['a function that may not be invoked', 500, 'AUTHORIZER_CONFIGURATION_ERROR', async () => Promise.reject(new ServiceError('AccessDeniedException', 'no'))],
  ['a function without free concurrency', 500, 'AUTHORIZER_FAILURE', async () => Promise.reject(new ServiceError('TooManyRequestsException', 'no'))],
])('%s is %i, and nothing of it is remembered', async (_name, status, type, invoke) => {
  const responses = async () => {
    for (const [id, ResponseType] of [['R4', 'DEFAULT_4XX'], ['R5', 'DEFAULT_5XX']]) {
      await fixture.create(id, 'AWS::ApiGateway::GatewayResponse', { RestApiId: { Ref: 'Api' }, ResponseType, ...RESPONSE });
    }
  };
  const url = await deploy(TOKEN, {}, responses);
  const { invoke: good } = fixture;
  fixture.invoke = invoke;
  expect(await post(url)).toEqual({ status, body: `{"Code":"${type}"}` });
  fixture.invoke = good;
  expect(await post(url)).toMatchObject({ status: 202 });
});

describe('what is remembered', () => {
  test('an answer is, for 300 seconds, and decides about every method', async () => {
    const url = await deploy();
    answer = allowing(arn('prod/POST/queries'));
    expect([(await post(url)).status, await get(url), (await post(url)).status]).toEqual([202, 403, 202]);
    expect(fixture.invocations).toHaveLength(1);
    await fixture.clock.sleep(299_000);
    expect([(await post(url)).status, fixture.invocations.length]).toEqual([202, 1]);
    await fixture.clock.sleep(2_000);
    answer = allowing(arn('prod/GET/*'));
    expect([(await post(url)).status, await get(url), fixture.invocations.length]).toEqual([403, 200, 2]);
  });

  test('by each token on its own', async () => {
    const url = await deploy();
    await post(url, { authorization: 'alice' });
    answer = saying(statement('Deny', '*'));
    expect([(await post(url, { authorization: 'bob' })).status, (await post(url, { authorization: 'alice' })).status]).toEqual([403, 202]);
  });

  test('as long as the authorizer says', async () => {
    const url = await deploy({ ...TOKEN, AuthorizerResultTtlInSeconds: 0 });
    await post(url);
    await post(url);
    expect(fixture.invocations).toHaveLength(2);
  });
});

test.each<[string, JsonObject, number, number]>([
  ['denies', saying(statement('Allow', '*')), 403, 0],
  ['allows, and the authorizer nothing', saying({ ...statement('Allow', '*'), Action: 's3:*' }), 202, 1],
  ['allows, and the authorizer denies', saying(statement('Deny', '*')), 403, 1],
])('the API has a policy too, which %s', async (name, says, status, asked) => {
  const Effect = name === 'denies' ? 'Deny' : 'Allow';
  const url = await deploy(TOKEN, { Policy: { Version: '2012-10-17', Statement: [{ ...statement(Effect, 'execute-api:/*'), Principal: '*' }] } });
  answer = says;
  expect([(await post(url)).status, fixture.invocations.length]).toEqual([status, asked]);
});

test.each<[string, object]>([
  ['does not implement', { ...TOKEN, Type: 'JWT' }],
  ['does not implement', { ...TOKEN, AuthorizerUri: 'arn:aws:apigateway:eu-west-1:states:action/StartExecution' }],
  ['of another account', { ...TOKEN, AuthorizerUri: FUNCTION_URI.replace('111122223333', '444455556666') }],
  ['must be 0 to 3600, got 3601', { ...TOKEN, AuthorizerResultTtlInSeconds: 3601 }],
  ['needs one header', { Type: 'TOKEN' }],
  ['Invalid mapping expression specified: method.request.querystring.user', { Type: 'TOKEN', IdentitySource: 'method.request.querystring.user' }],
  ['Invalid mapping expression specified: method.request.path.QueryId', { Type: 'REQUEST', IdentitySource: 'method.request.path.QueryId' }],
  ['with a cache needs IdentitySource', { Type: 'REQUEST' }],
  ['is for TOKEN authorizers', { ...REQUEST, IdentityValidationExpression: '.*' }],
])('at deployment, an authorizer is refused: %s', async (message, authorizer) => {
  await expect(deploy(authorizer)).rejects.toThrow(message);
});

test('a method names an authorizer that is there', async () => {
  await expect(fixture.createApi({ AuthorizationType: 'CUSTOM', AuthorizerId: 'nobody' })).rejects.toThrow('Invalid authorizer ID specified: nobody');
});

test('an answer with a key for usage plans is not implemented', async () => {
  const url = await deploy();
  answer = { ...allowing('*'), usageIdentifierKey: 'key' };
  expect(await post(url)).toMatchObject({ status: 501, body: expect.stringContaining('usageIdentifierKey') });
});
