/** APIs that only VPC endpoints reach. Sources: API Gateway developer guide, "Private REST APIs" and "Invoke a private API". */
import { request } from 'node:http';
import { ApiFixture } from './api-fixture';
import { apiGatewayResources } from '../../../local/apigateway/resources';
import { JsonObject } from '../../../local/json';
import { StrictProperties } from '../../../local/template/strict-properties';
import { createAccount } from '../http/small-cloud';

const OURS = 'vpce-0aaa1111bbb2222cc';
const THEIRS = 'vpce-0ddd3333eee4444ff';

const rule = (Effect: string, more: JsonObject = {}): JsonObject => ({ Effect, Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*', ...more });
const policyOf = (...Statement: JsonObject[]): JsonObject => ({ Version: '2012-10-17', Statement });
const ONLY_OURS = policyOf(rule('Allow'), rule('Deny', { Condition: { StringNotEquals: { 'aws:SourceVpce': [OURS] } } }));
const PRIVATE = { Types: ['PRIVATE'], VpcEndpointIds: [OURS] };

let fixture: ApiFixture;
afterEach(async () => fixture?.gateway.close());

async function deploy(EndpointConfiguration: object, Policy?: JsonObject): Promise<{ id: string; url: string }> {
  fixture = new ApiFixture(undefined, createAccount().authorize);
  fixture.answer = { statusCode: 200, headers: {}, body: '{"id":"x"}' };
  await fixture.create('Api', 'AWS::ApiGateway::RestApi', { Name: 'api', EndpointConfiguration, ...Policy && { Policy } });
  await fixture.createApi();
  await fixture.deploy();
  const [id] = fixture.gateway.apiIds();
  return { id, url: (await fixture.gateway.serve(id)).url };
}

/** `fetch` sends no host but that of the URL. */
async function statusAt(url: string, host: string, headers: object = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const message = request(`${url}/prod/queries`, { method: 'POST', headers: { 'host': host, 'content-type': 'application/json', ...headers } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    message.on('error', reject).end('{}');
  });
}

const DOMAIN = 'execute-api.eu-west-1.amazonaws.com';
const ENDPOINT_DOMAIN = 'execute-api.eu-west-1.vpce.amazonaws.com';
const withId = (id: string) => ({ 'x-apigw-api-id': id });

test.each<[string, number, (id: string) => [host: string, headers?: object]]>([
  ['its own name at an associated endpoint', 202, (id) => [`${id}-${OURS}.${DOMAIN}`]],
  ['that name, with a port', 202, (id) => [`${id}-${OURS}.${DOMAIN}:443`]],
  ['the name of the endpoint, with the id of the API', 202, (id) => [`${OURS}-abcd1234.${ENDPOINT_DOMAIN}`, withId(id)]],
  ['the name of the endpoint, without an id', 403, () => [`${OURS}.${ENDPOINT_DOMAIN}`]],
  ['the name of the endpoint, with another id', 403, () => [`${OURS}.${ENDPOINT_DOMAIN}`, withId('another')]],
  ['the name of another endpoint', 403, (id) => [`${THEIRS}.${ENDPOINT_DOMAIN}`, withId(id)]],
  ['a name at an endpoint that is not associated', 403, (id) => [`${id}-${THEIRS}.${DOMAIN}`]],
  ['a name in another Region', 403, (id) => [`${id}-${OURS}.execute-api.us-east-1.amazonaws.com`]],
  ['the name that a public API would have', 403, (id) => [`${id}.${DOMAIN}`]],
  ['the address of this machine', 403, () => ['127.0.0.1']],
])('a private API is reached by %s: %i', async (_name, status, at) => {
  const { id, url } = await deploy(PRIVATE, ONLY_OURS);
  expect(await statusAt(url, ...at(id))).toBe(status);
  expect([fixture.calls.length, fixture.faults]).toEqual([status === 202 ? 1 : 0, []]);
});

test('a public API is not reached through a VPC endpoint', async () => {
  const { id, url } = await deploy({ Types: ['REGIONAL'] });
  expect([await statusAt(url, `${OURS}.${ENDPOINT_DOMAIN}`, withId(id)), await statusAt(url, '127.0.0.1')]).toEqual([403, 202]);
});

test('to ask for the VPC of an endpoint is not modelled, and no reason to let a request in', async () => {
  const { id, url } = await deploy(PRIVATE, policyOf(rule('Allow', { Condition: { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } } })));
  expect(await statusAt(url, `${id}-${OURS}.${DOMAIN}`)).toBe(501);
  expect(fixture.faults).toEqual([expect.objectContaining({ message: expect.stringContaining('aws:SourceVpc') })]);
});

test('a URL of the API at an endpoint leads to it', async () => {
  const { id, url } = await deploy(PRIVATE, ONLY_OURS);
  expect(fixture.gateway.localUrl(`https://${id}-${OURS}.${DOMAIN}/prod/queries`)).toBe(`${url}/prod/queries`);
});

test.each<[string, object, JsonObject?]>([
  ["Private REST API doesn't have a resource policy attached to it", PRIVATE, undefined],
  ['VPCEndpoints can only be specified with PRIVATE apis', { Types: ['REGIONAL'], VpcEndpointIds: [OURS] }, ONLY_OURS],
  ['Invalid VPC endpoint: vpc-1', { Types: ['PRIVATE'], VpcEndpointIds: ['vpc-1'] }, ONLY_OURS],
])('at deployment: %s', async (message, configuration, policy) => {
  await expect(deploy(configuration, policy)).rejects.toThrow(message);
});

const SERVICE = 'com.amazonaws.eu-west-1.execute-api';
test.each([
  [{ serviceName: 'com.amazonaws.eu-west-1.s3', type: 'Interface', hasPolicy: false }, 'no interface endpoint of execute-api'],
  [{ serviceName: SERVICE, type: 'Gateway', hasPolicy: false }, 'no interface endpoint of execute-api'],
  [{ serviceName: SERVICE, type: 'Interface', hasPolicy: true }, 'the local cloud does not implement the policy of a VPC endpoint'],
])('an endpoint of the template is looked at: %j', async (endpoint, message) => {
  fixture = new ApiFixture();
  const values = { Name: 'api', EndpointConfiguration: PRIVATE, Policy: ONLY_OURS };
  const providers = apiGatewayResources(fixture.gateway, { findVpcEndpoint: (id) => ({ ...endpoint, id }) });
  await expect(Promise.resolve(providers['AWS::ApiGateway::RestApi']({
    logicalId: 'Api',
    identity: 'Api',
    type: 'AWS::ApiGateway::RestApi',
    properties: new StrictProperties(values, 'Api'),
    stackName: 'Test',
    physicalName: () => 'Api',
    asset: () => '',
    environment: { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' },
  }))).rejects.toThrow(message);
});
