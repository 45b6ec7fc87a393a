/** Who comes in where an API has a policy. Source of the table: API Gateway developer guide, "How API Gateway resource policies affect authorization workflow". */
import { ApiFixture } from './api-fixture';
import { JsonObject } from '../../../local/json';
import { createAccount } from '../http/small-cloud';

const OURS = '111122223333';
const THEIRS = '444455556666';

type Say = 'Allow' | 'Deny' | undefined;

const rule = (Effect: string, more: JsonObject = {}): JsonObject => ({ Effect, Action: 'execute-api:Invoke', Resource: '*', ...more });
const policyOf = (...Statement: JsonObject[]) => ({ Version: '2012-10-17', Statement });

let fixture: ApiFixture;
afterEach(() => fixture.gateway.close());

async function statusOf(policy: JsonObject | undefined, caller: string | undefined, account = createAccount(), method: object = {}): Promise<number> {
  fixture = new ApiFixture(undefined, account.authorize);
  fixture.answer = { statusCode: 200, headers: {}, body: '{"id":"x"}' };
  await fixture.create('Api', 'AWS::ApiGateway::RestApi', { Name: 'api', ...policy !== undefined && { Policy: policy } });
  await fixture.createApi({ AuthorizationType: 'AWS_IAM', ...method });
  await fixture.deploy();
  const { url } = await fixture.gateway.serve(fixture.gateway.apiIds()[0]);
  const headers = { 'content-type': 'application/json', ...caller !== undefined && { 'x-caller': caller } };
  const { status } = await fetch(`${url}/prod/queries`, { method: 'POST', body: '{}', headers });
  expect([fixture.calls.length, fixture.faults]).toEqual([status === 202 ? 1 : 0, []]);
  return status;
}

const cells: [account: string, identity: Say, resource: Say, status: number][] = [
  [OURS, 'Allow', 'Allow', 202], [OURS, 'Allow', undefined, 202], [OURS, 'Allow', 'Deny', 403],
  [OURS, undefined, 'Allow', 202], [OURS, undefined, undefined, 403], [OURS, undefined, 'Deny', 403],
  [OURS, 'Deny', 'Allow', 403], [OURS, 'Deny', undefined, 403], [OURS, 'Deny', 'Deny', 403],
  [THEIRS, 'Allow', 'Allow', 202], [THEIRS, 'Allow', undefined, 403], [THEIRS, 'Allow', 'Deny', 403],
  [THEIRS, undefined, 'Allow', 403], [THEIRS, undefined, undefined, 403], [THEIRS, undefined, 'Deny', 403],
  [THEIRS, 'Deny', 'Allow', 403], [THEIRS, 'Deny', undefined, 403], [THEIRS, 'Deny', 'Deny', 403],
];

test.each(cells)('a user of %s, whose policies say %s and the API %s: %i', async (accountId, identity, resource, status) => {
  const account = createAccount();
  const policies = identity === undefined ? [] : [{ name: 'Own', document: policyOf(rule(identity)) }];
  const { arn } = account.users.create('caller', policies, accountId);
  const other = rule('Allow', { Principal: { AWS: `arn:aws:iam::${OURS}:user/somebody-else` } });
  const policy = policyOf(other, ...resource === undefined ? [] : [rule(resource, { Principal: { AWS: String(arn) } })]);
  expect(await statusOf(policy, arn, account)).toBe(status);
});

test.each([
  ['the whole account lets in whoever may leave it', THEIRS, true, 202],
  ['the whole account does not let out', THEIRS, false, 403],
  ['another account', '777788889999', true, 403],
])('an account as principal: %s', async (_name, accountId, mayLeave, status) => {
  const account = createAccount();
  const { arn } = account.users.create('caller', mayLeave ? [{ name: 'Own', document: policyOf(rule('Allow')) }] : [], accountId);
  expect(await statusOf(policyOf(rule('Allow', { Principal: { AWS: `arn:aws:iam::${THEIRS}:root` } })), arn, account)).toBe(status);
});

test.each([
  ['execute-api:/prod/POST/queries', 202],
  ['execute-api:/*/POST/queries', 202],
  ['execute-api:/*', 202],
  ['execute-api:/prod/GET/queries', 403],
  ['execute-api:/dev/POST/queries', 403],
  ['arn:aws:execute-api:eu-west-1:111122223333:another/*', 403],
])('a resource in the short form is one of this API: %s', async (Resource, status) => {
  const account = createAccount();
  const { arn } = account.users.create('caller', [], OURS);
  expect(await statusOf(policyOf(rule('Allow', { Principal: { AWS: String(arn) }, Resource })), arn, account)).toBe(status);
});

test.each([
  ['nobody', undefined, 202],
  ['everybody', rule('Allow', { Principal: '*' }), 202],
  ['a user', rule('Allow', { Principal: { AWS: 'arn:aws:iam::111122223333:user/caller' } }), 403],
  ['everybody, by a deny', rule('Deny', { Principal: '*' }), 403],
])('without authorization, a policy must let the request in: it names %s', async (_name, statement, status) => {
  expect(await statusOf(statement && policyOf(statement), undefined, createAccount(), { AuthorizationType: 'NONE' })).toBe(status);
});

test.each([
  ['no principal', policyOf(rule('Allow')), 'a statement lacks Principal'],
  ['no resource', policyOf({ Effect: 'Allow', Action: 'execute-api:Invoke', Principal: '*' }), 'lacks Resource'],
  ['a path that is no ARN', policyOf(rule('Allow', { Principal: '*', Resource: '/prod/*' })), 'must be in ARN format'],
  ['too much', policyOf(...Array.from({ length: 80 }, (_, n) => rule('Allow', { Principal: '*', Resource: `execute-api:/prod/GET/${n}/queries` }))), 'more than 8192 bytes'],
])('a policy with %s is refused', async (_name, Policy, message) => {
  fixture = new ApiFixture();
  await expect(fixture.create('Api', 'AWS::ApiGateway::RestApi', { Name: 'api', Policy })).rejects.toThrow(message);
});
