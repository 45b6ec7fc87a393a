import { ApiFixture, ENVIRONMENT, ROLE, URI } from './api-fixture';
import { ServedApi } from '../../../local/apigateway/server';

let fixture: ApiFixture;
let served: ServedApi | undefined;

beforeEach(() => {
  fixture = new ApiFixture();
  served = undefined;
});
afterEach(() => fixture.gateway.close());

async function request(path: string, init: RequestInit = {}): Promise<{ status: number; body: string; headers: Headers }> {
  served ??= await fixture.gateway.serve(fixture.gateway.apiIds()[0]);
  const response = await fetch(`${served.url}${path}`, init);
  return { status: response.status, body: await response.text(), headers: response.headers };
}

const JSON_TYPE = { 'content-type': 'application/json' };

function post(body: string, headers: Record<string, string> = JSON_TYPE): Promise<{ status: number; body: string; headers: Headers }> {
  return request('/prod/queries', { method: 'POST', body, headers });
}

describe('integration', () => {
  test('maps the request, calls the action with the role, maps the answer', async () => {
    await fixture.createApi();
    await fixture.deploy();
    fixture.answer = { statusCode: 200, headers: {}, body: '{"id":"x"}' };
    expect(await post('{"Query":"select 1"}')).toMatchObject({ status: 202, body: '{"Id":"x"}' });
    expect(fixture.calls).toEqual([{ service: 'states', action: 'StartExecution', roleArn: ROLE, headers: {}, body: '{"input":"select 1"}' }]);
  });

  test('the status of the service selects the response, whole matches only; the template may override the status', async () => {
    await fixture.createApi();
    await fixture.deploy();
    fixture.answer = { statusCode: 400, headers: {}, body: '{"__type":"X"}' };
    expect(await post('{}')).toMatchObject({ status: 429, body: '{"Code":"Busy"}' });
    fixture.answer = { statusCode: 503, headers: {}, body: '' };
    expect(await post('{}')).toMatchObject({ status: 500, body: '{"Code":"Broken"}' });
    fixture.answer = { statusCode: 201, headers: {}, body: '{"id":"x"}' };
    expect(await post('{}')).toMatchObject({ status: 500 });
  });

  test('without a matching or default response the configuration is wrong', async () => {
    await fixture.createApi({}, { IntegrationResponses: [{ StatusCode: '202', SelectionPattern: '200' }] });
    await fixture.deploy();
    fixture.answer = { statusCode: 400, headers: {}, body: '' };
    expect(await post('{}')).toMatchObject({ status: 500, body: '{"message":"Internal server error"}' });
  });

  test.each([
    ['NEVER', 'text/plain', 415],
    ['WHEN_NO_TEMPLATES', 'text/plain', 415],
    ['WHEN_NO_MATCH', 'text/plain', 202],
    ['NEVER', 'Application/JSON; charset=utf-8', 202],
  ])('passthrough %s and %s: %d', async (behavior, contentType, status) => {
    await fixture.createApi({}, { PassthroughBehavior: behavior });
    await fixture.deploy();
    fixture.answer = { statusCode: 200, headers: {}, body: '{"id":"x"}' };
    expect(await post('{"Query":"q"}', { 'content-type': contentType })).toMatchObject({ status });
    expect(fixture.calls.map(({ body }) => body)).toEqual(status === 415 ? [] : [contentType === 'text/plain' ? '{"Query":"q"}' : '{"input":"q"}']);
  });

  test('a body without a content type counts as JSON', async () => {
    await fixture.createApi();
    await fixture.deploy();
    served = await fixture.gateway.serve(fixture.gateway.apiIds()[0]);
    // fetch sends a type with a text, but none with bytes.
    await fetch(`${served.url}/prod/queries`, { method: 'POST', body: Buffer.from('{"Query":"q"}') });
    expect(fixture.calls.map(({ body }) => body)).toEqual(['{"input":"q"}']);
  });

  test('headers are mapped in both directions', async () => {
    await fixture.createApi(
      {
        RequestParameters: { 'method.request.header.User-Agent': false },
        MethodResponses: [{ StatusCode: '202', ResponseParameters: { 'method.response.header.X-Id': true, 'method.response.header.X-Stage': false } }],
      },
      {
        RequestParameters: { 'integration.request.header.X-From': 'method.request.header.User-Agent', 'integration.request.header.Content-Type': '\'application/x-amz-json-1.1\'' },
        IntegrationResponses: [{
          StatusCode: '202',
          ResponseParameters: { 'method.response.header.X-Id': 'integration.response.header.x-amzn-RequestId', 'method.response.header.X-Stage': 'context.stage' },
        }],
      },
    );
    await fixture.deploy();
    fixture.answer = { statusCode: 200, headers: { 'x-amzn-requestid': 'r1' }, body: 'as it is' };
    const answer = await post('{}', { ...JSON_TYPE, 'user-agent': 'test' });
    expect(answer).toMatchObject({ status: 202, body: 'as it is' });
    expect([answer.headers.get('x-id'), answer.headers.get('x-stage')]).toEqual(['r1', 'prod']);
    expect(fixture.calls[0].headers).toEqual({ 'x-from': 'test', 'content-type': 'application/x-amz-json-1.1' });
  });

  test('a mock answers with the status its template renders', async () => {
    await fixture.createApi({}, {
      Type: 'MOCK', Uri: undefined, Credentials: undefined, RequestTemplates: { 'application/json': '{"statusCode": $input.path(\'$.status\')}' },
    });
    await fixture.deploy();
    expect(await post('{"status":404}')).toMatchObject({ status: 429 });
    expect(await post('{"status":"x"}')).toMatchObject({ status: 500, body: '{"message":"Internal server error"}' });
    expect(fixture.calls).toEqual([]);
  });

  test('what a template does and the local cloud does not know is a fault and 501, which no AWS answer looks like', async () => {
    await fixture.createApi({}, { RequestTemplates: { 'application/json': '$input.path(\'$.Query\')' } });
    await fixture.deploy();
    const answer = await post('{"Query":{}}');
    expect(answer.status).toBe(501);
    expect(answer.body).toContain('prints a map');
    expect(fixture.faults).toMatchObject([{ message: expect.stringContaining('prints a map') }]);
  });
});

describe('what reaches a method', () => {
  test('an unknown stage, path or verb', async () => {
    await fixture.createApi();
    await fixture.deploy();
    expect(await request('/dev/queries', { method: 'POST' })).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
    expect(await request('/prod/nothing', { method: 'POST' })).toMatchObject({ status: 403, body: '{"message":"Missing Authentication Token"}' });
    expect(await request('/prod/queries')).toMatchObject({ status: 403, body: '{"message":"Missing Authentication Token"}' });
    expect(await request('/prod')).toMatchObject({ status: 403 });
  });

  test('a fixed path part goes before a parameter, a verb before ANY', async () => {
    await fixture.createApi();
    const mock = (answer: string) => ({
      AuthorizationType: 'NONE',
      MethodResponses: [{ StatusCode: '200' }],
      Integration: {
        Type: 'MOCK',
        RequestTemplates: { 'application/json': '{"statusCode": 200}' },
        IntegrationResponses: [{ StatusCode: '200', ResponseTemplates: { 'application/json': answer } }],
      },
    });
    const api = { RestApiId: { Ref: 'Api' } };
    await fixture.create('Query', 'AWS::ApiGateway::Resource', { ...api, ParentId: { Ref: 'Queries' }, PathPart: '{id}' });
    await fixture.create('Latest', 'AWS::ApiGateway::Resource', { ...api, ParentId: { Ref: 'Queries' }, PathPart: 'latest' });
    await fixture.create('AnyQuery', 'AWS::ApiGateway::Method', { ...api, ResourceId: { Ref: 'Query' }, HttpMethod: 'ANY', ...mock('any $input.params(\'id\')') });
    await fixture.create('GetQuery', 'AWS::ApiGateway::Method', { ...api, ResourceId: { Ref: 'Query' }, HttpMethod: 'GET', ...mock('get $input.params(\'id\') $context.resourcePath') });
    await fixture.create('GetLatest', 'AWS::ApiGateway::Method', { ...api, ResourceId: { Ref: 'Latest' }, HttpMethod: 'GET', ...mock('latest') });
    await fixture.deploy();
    expect((await request('/prod/queries/a%20b')).body).toBe('get a%20b /queries/{id}');
    expect((await request('/prod/queries/a', { method: 'DELETE' })).body).toBe('any a');
    expect((await request('/prod/queries/latest')).body).toBe('latest');
  });

  test('only what the deployment captured is served', async () => {
    await fixture.createApi();
    await fixture.deploy();
    const root = { RestApiId: { Ref: 'Api' }, ParentId: { Ref: 'Api.Root' } };
    await fixture.create('Late', 'AWS::ApiGateway::Resource', { ...root, PathPart: 'late' });
    await fixture.create('LateGet', 'AWS::ApiGateway::Method', {
      RestApiId: { Ref: 'Api' }, ResourceId: { Ref: 'Late' }, HttpMethod: 'GET', AuthorizationType: 'NONE', Integration: { Type: 'MOCK' },
    });
    await fixture.create('LateResponse', 'AWS::ApiGateway::GatewayResponse', { RestApiId: { Ref: 'Api' }, ResponseType: 'DEFAULT_4XX', ResponseTemplates: { 'application/json': 'late' } });
    expect(await request('/prod/late')).toMatchObject({ status: 403, body: '{"message":"Missing Authentication Token"}' });
  });

  test('AWS_IAM: who is allowed comes in, everyone else is told why not', async () => {
    await fixture.createApi({ AuthorizationType: 'AWS_IAM' });
    await fixture.deploy();
    fixture.answer = { statusCode: 200, headers: {}, body: '{"id":"x"}' };
    const as = (caller: string) => post('{}', { ...JSON_TYPE, 'x-caller': caller });
    expect(await post('{}')).toMatchObject({ status: 403, body: '{"message":"Missing Authentication Token"}' });
    expect(await as('forged')).toMatchObject({ status: 403, body: '{"message":"no match"}' });
    expect(await as('expired')).toMatchObject({ status: 403, body: '{"message":"The security token included in the request is expired"}' });
    const stranger = await as('arn:aws:iam::111122223333:user/stranger');
    expect([stranger.status, stranger.body]).toEqual([403, expect.stringContaining('is not authorized to perform: execute-api:Invoke')]);
    expect(fixture.calls).toEqual([]);
    expect(await as('arn:aws:iam::111122223333:user/friend')).toMatchObject({ status: 202 });
    const resource = `arn:aws:execute-api:eu-west-1:111122223333:${fixture.gateway.apiIds()[0]}/prod/POST/queries`;
    expect(fixture.authorized).toEqual(['stranger', 'friend'].map((name) => ({ action: 'execute-api:Invoke', resource, caller: `arn:aws:iam::111122223333:user/${name}` })));
  });

  test('throttling, in virtual time', async () => {
    await fixture.createApi();
    await fixture.deploy({ MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 2, ThrottlingBurstLimit: 3, DataTraceEnabled: false }] });
    fixture.answer = { statusCode: 200, headers: {}, body: '{"id":"x"}' };
    const statuses = async (count: number) => {
      const answers: number[] = [];
      for (let index = 0; index < count; index++) answers.push((await post('{}')).status);
      return answers;
    };
    expect(await statuses(5)).toEqual([202, 202, 202, 429, 429]);
    await fixture.clock.sleep(1_000);
    expect(await statuses(3)).toEqual([202, 202, 429]);
    await fixture.clock.sleep(60_000);
    expect(await statuses(4)).toEqual([202, 202, 202, 429]);
  });

  test('a payload above 10 MiB is refused', async () => {
    await fixture.createApi();
    await fixture.deploy();
    fixture.answer = { statusCode: 200, headers: {}, body: '{"id":"x"}' };
    const body = (size: number) => JSON.stringify({ Query: 'x'.repeat(size - '{"Query":""}'.length) });
    expect(await post(body(10_485_760))).toMatchObject({ status: 202 });
    expect(await post(body(10_485_761))).toMatchObject({ status: 413 });
  });
});

describe('request validation', () => {
  const SCHEMA = {
    $schema: 'http://json-schema.org/draft-04/schema#',
    type: 'object',
    required: ['Query'],
    additionalProperties: false,
    properties: { Query: { type: 'string', minLength: 1, maxLength: 5, pattern: '^s' } },
  };

  async function createValidatedApi(integration: object = {}): Promise<void> {
    await fixture.create('Api', 'AWS::ApiGateway::RestApi', { Name: 'api', EndpointConfiguration: { Types: ['REGIONAL'] } });
    await fixture.create('Model', 'AWS::ApiGateway::Model', { RestApiId: { Ref: 'Api' }, ContentType: 'application/json', Schema: SCHEMA });
    await fixture.create('Validator', 'AWS::ApiGateway::RequestValidator', { RestApiId: { Ref: 'Api' }, ValidateRequestBody: true, ValidateRequestParameters: true });
    fixture.answer = { statusCode: 200, headers: {}, body: '{"id":"x"}' };
    await fixture.createApi({
      RequestModels: { 'application/json': { Ref: 'Model' } },
      RequestValidatorId: { Ref: 'Validator' },
      RequestParameters: { 'method.request.querystring.page': true, 'method.request.header.X-Optional': false },
    }, integration);
    await fixture.deploy();
  }

  const submit = (body: string, contentType: string = 'application/json') => request('/prod/queries?page=1', { method: 'POST', body, headers: { 'content-type': contentType } });

  test.each(['', 'x', 'null', '[]', '{}', '{"Query":""}', '{"Query":1}', '{"Query":"select"}', '{"Query":"x"}', '{"Query":"s","name":"x"}', '{"Query":"s","Query":""}'])('refuses %s', async (body) => {
    await createValidatedApi();
    expect(await submit(body)).toMatchObject({ status: 400, body: '{"message":"Invalid request body"}' });
    expect(fixture.calls).toEqual([]);
  });

  test('lets a valid body through, counting characters, not UTF-16 units', async () => {
    await createValidatedApi();
    expect(await submit('{"Query":"s\u{1f600}\u{1f600}\u{1f600}\u{1f600}"}')).toMatchObject({ status: 202 });
    expect(await submit('{"Query":"s\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}"}')).toMatchObject({ status: 400 });
  });

  test('a content type without a model is not validated: only passthrough NEVER stops it', async () => {
    await createValidatedApi();
    expect(await submit('{"stateMachineArn":"mine"}', 'text/plain')).toMatchObject({ status: 415 });
    expect(fixture.calls).toEqual([]);
  });

  test('a content type without a model reaches the service where passthrough allows it', async () => {
    await createValidatedApi({ PassthroughBehavior: 'WHEN_NO_MATCH' });
    expect(await submit('{"stateMachineArn":"mine"}', 'text/plain')).toMatchObject({ status: 202 });
    expect(fixture.calls.map(({ body }) => body)).toEqual(['{"stateMachineArn":"mine"}']);
  });

  test('required parameters must be there', async () => {
    await createValidatedApi();
    expect(await post('{"Query":"s"}')).toMatchObject({ status: 400, body: '{"message":"Missing required request parameters: [page]"}' });
  });

  test.each([
    [{ required: [] }, 'required must not be empty'],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, 'must be draft 4'],
    [{ const: 1 }, 'schema keyword const'],
    [{ properties: { a: { exclusiveMinimum: true, minimum: 1 } } }, 'schema keyword exclusiveMinimum'],
    [{ anyOf: [{ id: 'x' }] }, 'schema keyword id'],
    [{ $ref: 'https://apigateway.amazonaws.com/restapis/x/models/y' }, 'reference https://'],
    [{ properties: { a: { type: 'string', pattern: '(' } } }, 'Invalid regular expression'],
  ])('model %j is refused', async (schema, message) => {
    await fixture.createApi();
    await expect(fixture.create('Model', 'AWS::ApiGateway::Model', { RestApiId: { Ref: 'Api' }, Schema: schema })).rejects.toThrow(message);
  });
});

describe('gateway responses', () => {
  test('have the shape the API gives them; a class of status stands in for the types without one', async () => {
    await fixture.createApi();
    const response = (id: string, properties: object) => fixture.create(id, 'AWS::ApiGateway::GatewayResponse', { RestApiId: { Ref: 'Api' }, ...properties });
    await response('Type', {
      ResponseType: 'UNSUPPORTED_MEDIA_TYPE',
      StatusCode: '400',
      ResponseTemplates: { 'application/json': '{"Code":"Type","Message":$context.error.messageString,"Id":"$context.stage-$stageVariables.table","#if":"$context.error.responseType"}' },
      ResponseParameters: { 'gatewayresponse.header.Cache-Control': '\'no-store\'' },
    });
    await response('Other', { ResponseType: 'DEFAULT_4XX', ResponseTemplates: { 'application/json': '{"Code":"Other"}' } });
    await fixture.deploy({ Variables: { table: 't' } });
    const wrongType = await post('x', { 'content-type': 'text/plain' });
    expect(wrongType).toMatchObject({ status: 400, body: '{"Code":"Type","Message":"Unsupported Media Type","Id":"prod-t","#if":"UNSUPPORTED_MEDIA_TYPE"}' });
    expect(wrongType.headers.get('cache-control')).toBe('no-store');
    expect(await request('/prod/none')).toMatchObject({ status: 403, body: '{"Code":"Other"}' });
  });

  test('templates are no VTL: what is not a known variable is refused', async () => {
    await fixture.createApi();
    const properties = { RestApiId: { Ref: 'Api' }, ResponseType: 'THROTTLED', ResponseTemplates: { 'application/json': '$input.body' } };
    await expect(fixture.create('Wrong', 'AWS::ApiGateway::GatewayResponse', properties)).rejects.toThrow('the variables input.body');
  });
});

describe('access logs', () => {
  const AccessLogSetting = { DestinationArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:x', Format: '$context.requestId $context.status $context.resourcePath $context.identity.userAgent' };

  test('need the role of the account', async () => {
    await fixture.createApi();
    await expect(fixture.deploy({ AccessLogSetting })).rejects.toThrow('CloudWatch Logs role ARN must be set in account settings to enable logging');
    await expect(fixture.deploy({ MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', LoggingLevel: 'INFO' }] })).rejects.toThrow('CloudWatch Logs role ARN');
  });

  test('are written for every request', async () => {
    await fixture.create('Account', 'AWS::ApiGateway::Account', { CloudWatchRoleArn: ROLE });
    await fixture.createApi();
    await fixture.deploy({ AccessLogSetting });
    fixture.answer = { statusCode: 200, headers: {}, body: '{"id":"x"}' };
    await post('{}', { ...JSON_TYPE, 'user-agent': 'test' });
    expect(fixture.logLines).toEqual([expect.stringMatching(/^[0-9a-f-]{36} 202 \/queries test$/)]);
  });

  test('say who called, and a hyphen where nobody is known', async () => {
    await fixture.create('Account', 'AWS::ApiGateway::Account', { CloudWatchRoleArn: ROLE });
    await fixture.createApi({ AuthorizationType: 'AWS_IAM' });
    await fixture.deploy({ AccessLogSetting: { ...AccessLogSetting, Format: '$context.identity.caller $context.identity.userArn $context.status $context.requestId' } });
    await post('{}');
    await post('{}', { ...JSON_TYPE, 'x-caller': 'arn:aws:iam::111122223333:user/stranger' });
    await post('{}', { ...JSON_TYPE, 'x-caller': 'arn:aws:iam::111122223333:user/friend' });
    expect(fixture.logLines.map((line) => line.replace(/ [^ ]+$/, ''))).toEqual(['- - 403', '- - 403', 'AIDAFRIEND arn:aws:iam::111122223333:user/friend 202']);
  });
});

describe('refused by name', () => {
  test.each([
    ['RestApi', { Body: {} }, 'does not implement Body'],
    ['RestApi', { ApiKeySourceType: 'HEADER' }, 'does not implement ApiKeySourceType'],
    ['RestApi', { BinaryMediaTypes: ['*/*'] }, 'does not implement BinaryMediaTypes'],
    ['RestApi', { DisableExecuteApiEndpoint: true }, 'DisableExecuteApiEndpoint'],
    ['RestApi', { Name: undefined }, 'required property Name is missing'],
    ['RestApi', { EndpointConfiguration: { Types: ['REGIONAL', 'EDGE'] } }, 'more than one type of endpoint'],
  ])('%s with %j', async (type, properties, message) => {
    await expect(fixture.create('X', `AWS::ApiGateway::${type}`, { Name: 'x', ...properties })).rejects.toThrow(message);
  });

  test('an edge endpoint, which is the default, outside the standard partition', async () => {
    const china = new ApiFixture({ ...ENVIRONMENT, partition: 'aws-cn', region: 'cn-north-1', urlSuffix: 'amazonaws.com.cn' });
    await expect(china.create('Api', 'AWS::ApiGateway::RestApi', { Name: 'a' })).rejects.toThrow('EDGE is not supported in this region: cn-north-1');
    await expect(china.create('Api', 'AWS::ApiGateway::RestApi', { Name: 'a', EndpointConfiguration: { Types: ['REGIONAL'] } })).resolves.toMatch(/^[a-z0-9]{10}$/);
  });

  test.each([
    [{ AuthorizationType: 'COGNITO_USER_POOLS' }, {}, 'Invalid authorizer ID specified'],
    [{ AuthorizationType: 'JWT' }, {}, 'this kind of authorization'],
    [{ AuthorizationScopes: ['x'] }, {}, 'scopes of a method whose authorization is NONE'],
    [{ RequestValidatorId: 'nope' }, {}, 'Invalid Request Validator identifier specified: nope'],
    [{ RequestModels: { 'application/json': 'nope' } }, {}, 'Invalid model name specified: nope'],
    [{ MethodResponses: [] }, {}, 'No method response exists for status 202'],
    [{}, { Type: 'AWS_PROXY' }, 'this kind of integration'],
    [{}, { Type: 'HTTP' }, 'this kind of integration'],
    [{}, { Uri: 'arn:aws:apigateway:eu-west-1:s3:path/bucket/key' }, 'not of the form'],
    [{}, { Uri: URI.replace('eu-west-1', 'us-east-1') }, 'another region'],
    [{}, { Credentials: undefined }, 'without a role'],
    [{}, { Credentials: 'arn:aws:iam::*:user/*' }, 'anything but a role'],
    [{}, { ContentHandling: 'CONVERT_TO_TEXT' }, 'does not implement ContentHandling'],
    [{}, { TimeoutInMillis: 30_000 }, 'between 50 ms and 29000 ms'],
    [{}, { RequestTemplates: { 'application/json': '#stop' } }, '#stop is not implemented'],
    [{}, { RequestParameters: { 'integration.request.querystring.x': '\'1\'' } }, 'integration.request.querystring.x'],
    [{}, { IntegrationResponses: [{ StatusCode: '202', SelectionPattern: '(?i)2' }] }, 'the group (?i'],
    [{}, { IntegrationResponses: [{ StatusCode: '202', ResponseParameters: { 'method.response.header.X': '\'1\'' } }] }, 'Invalid mapping expression parameter specified: method.response.header.X'],
    [{}, { RequestParameters: { 'integration.request.header.X': 'method.request.header.Y' } }, 'Invalid mapping expression parameter specified: method.request.header.Y'],
    [{}, { RequestParameters: { 'integration.request.header.X': 'integration.response.header.Y' } }, 'parameter specified: integration.response.header.Y'],
    [{}, { IntegrationResponses: [{ StatusCode: '202', ResponseTemplates: { 'text/xml': 'x' } }] }, 'a response template for text/xml'],
    [{}, { IntegrationResponses: [{ StatusCode: '202', ContentHandling: 'CONVERT_TO_TEXT' }] }, 'does not implement ContentHandling'],
  ])('method %j, integration %j', async (method, integration, message) => {
    await expect(fixture.createApi(method, integration)).rejects.toThrow(message);
  });

  test('a deployment of an API without methods', async () => {
    await fixture.create('Api', 'AWS::ApiGateway::RestApi', { Name: 'a' });
    await expect(fixture.create('Deployment', 'AWS::ApiGateway::Deployment', { RestApiId: { Ref: 'Api' } })).rejects.toThrow('doesn\'t contain any methods');
  });

  test.each([
    [{ MethodSettings: [{ ResourcePath: '/*', HttpMethod: '*', CachingEnabled: true }] }, 'caching'],
    [{ MethodSettings: [{ ResourcePath: '/~1querys', HttpMethod: 'POST' }] }, 'a method that the deployment does not have (POST /querys)'],
    [{ MethodSettings: [{ ResourcePath: '/~1queries', HttpMethod: 'GET' }] }, 'a method that the deployment does not have (GET /queries)'],
    [{ CacheClusterEnabled: true }, 'does not implement CacheClusterEnabled'],
    [{ CanarySetting: {} }, 'does not implement CanarySetting'],
    [{ StageName: 'with-hyphen' }, 'Stage name only allows'],
  ])('stage %j', async (stage, message) => {
    await fixture.createApi();
    await expect(fixture.deploy(stage)).rejects.toThrow(message);
  });
});
