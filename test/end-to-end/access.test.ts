/** Who comes in by each way of access, at each route: identity × route × outcome. A stranger is refused at the door, and nothing behind it is asked. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { ApiKey, Period, TokenAuthorizer, UsagePlan, UsagePlanProps } from 'aws-cdk-lib/aws-apigateway';
import { OAuthScope, ResourceServerScope, UserPool as NewUserPool } from 'aws-cdk-lib/aws-cognito';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CALLBACK_URL, DeployedApi } from './deployed-api';
import { DAY, said, SELECT } from './looked-at-queries';
import { Credentials } from '../../local/account/credentials';
import { Caller } from '../../local/aws/service';
import { ApiAnswer, sendUnsigned } from '../../local/client/api-client';
import { UserPool } from '../../local/cognito/user-pools';
import { JsonObject } from '../../local/json';
import { ApiEndpoint, AsyncAthenaQueryApi, SubmitAccess } from '../../src';

/** Sends a request to a path below `/queries`. */
type Send = (method: string, path: string, body?: JsonObject) => Promise<ApiAnswer>;

/** What somebody is answered at every route: to be let in, or to be refused with this status and code. */
type Outcome = 'owner' | 'another caller' | readonly [status: number, code: string];

const OTHER_ACCOUNT = '444455556666';
const STRANGE_ACCOUNT = '777788889999';
const UNKNOWN = '0b8f6d9e-4a57-4c1f-9d55-3f3c0d6a1e10';
const ALICE = '7d3c1f0e-2b6a-4c58-9d1e-5a0b3c2d1e4f';
const BOB = '1e4f7d3c-9d1e-4c58-8a0b-2b6a3c2d5a0f';
const UNAUTHORIZED = [401, 'InvalidToken'] as const;
/** In the way of no name, and of every quotation. */
const CAROL = "https://id.example.com/|carol'\\\"$x";
const VPC_ENDPOINT = 'vpce-0aaa1111bbb2222cc';
const OTHER_ENDPOINT = 'vpce-0ddd3333eee4444ff';

/** Knows callers by tokens `user:…`. */
const AUTHORIZER = `exports.handler = async ({ authorizationToken: token }) => {
  const [kind, name] = Buffer.from(token, 'base64url').toString().split(/ (.*)/s);
  if (kind === 'stranger') throw new Error('Unauthorized');
  if (kind === 'broken') throw new Error('Broken');
  const statement = { Effect: kind === 'denied' ? 'Deny' : 'Allow', Action: 'execute-api:Invoke', Resource: '*' };
  return { principalId: name, policyDocument: { Version: '2012-10-17', Statement: [statement] } };
};`;

const TYPE = { 'content-type': 'application/json' };

let deployed: DeployedApi;

/** Every way of access, as an instance of the construct with that id. */
const doors: Record<string, DeployedApi> = {};

beforeAll(async () => {
  deployed = await DeployedApi.start({
    queries: () => ({ submitAccess: SubmitAccess.iam({ accounts: [OTHER_ACCOUNT] }) }),
    customise: (stack) => {
      new Role(stack, 'Nobody', { assumedBy: new AccountPrincipal(stack.account) });
      const instance = (id: string, submitAccess: SubmitAccess, endpoint?: ApiEndpoint) => {
        const queries = new AsyncAthenaQueryApi(stack, id, { submitAccess, endpoint, removalPolicy: RemovalPolicy.DESTROY });
        stack.exportValue(queries.queriesUrl, { name: `${id}Url` });
        return queries;
      };
      const endpoint = InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', { vpcEndpointId: VPC_ENDPOINT, port: 443 });
      const inside = ApiEndpoint.privateEndpoint({ vpcEndpoints: [endpoint] });
      instance('Inside', SubmitAccess.iam({ accounts: [OTHER_ACCOUNT] }), inside).grantInvoke(stack.analysts);
      const handler = new LambdaFunction(stack, 'Asked', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(AUTHORIZER) });
      instance('Known', SubmitAccess.authorizer({ authorizer: new TokenAuthorizer(stack, 'Authorizer', { handler }) }), inside);
      const plan = (id: string, props: UsagePlanProps, ...keys: string[]) => {
        const made = new UsagePlan(stack, id, props);
        for (const key of keys) made.addApiKey(new ApiKey(stack, key));
        return made;
      };
      instance('Keyed', SubmitAccess.apiKey({
        plans: [
          plan('Partners', {}, 'PartnerKey', 'OtherKey'),
          plan('Trials', { throttle: { rateLimit: 1, burstLimit: 2 }, quota: { limit: 3, period: Period.DAY } }, 'TrialKey', 'SecondTrial'),
        ],
      }));
      const pool = (id: string) => {
        const users = new NewUserPool(stack, id);
        const [submit, other] = ['submit', 'other'].map((scopeName) => new ResourceServerScope({ scopeName, scopeDescription: scopeName }));
        const server = users.addResourceServer(`${id}Server`, { identifier: 'queries', scopes: [submit, other] });
        const scopes = [submit, other].map((scope) => OAuthScope.resourceServer(server, scope));
        users.addClient(`${id}Reports`, { generateSecret: true, oAuth: { flows: { clientCredentials: true }, scopes } });
        return users;
      };
      instance('Pooled', SubmitAccess.cognito({ userPools: [pool('People')] }));
      instance('Scoped', SubmitAccess.cognito({ userPools: [pool('Machines'), pool('Guests')], scopes: ['queries/submit'] }));
      plan('Elsewhere', {}, 'ElsewhereKey');
      new ApiKey(stack, 'LooseKey');
    },
  });
  doors.Queries = deployed;
  for (const id of ['Keyed', 'Pooled', 'Scoped', 'Inside', 'Known']) doors[id] = deployed.sibling(id, `Export${id}Url`);
});
beforeEach(() => deployed.receiver.answer([{ status: 204 }]));
afterEach(() => deployed.assertNoFaults());
afterAll(async () => deployed.close());

const { stringMatching } = expect;

const signedBy = (credentials: () => Promise<Credentials>, door = 'Queries'): Send => async (method, path, body) => (
  doors[door].clientOf(await credentials()).send(method, path, body && { headers: TYPE, body: JSON.stringify(body) })
);
const as = (create: () => Caller) => {
  let credentials: Credentials | undefined;
  return signedBy(async () => credentials ??= deployed.cloud.credentials.issueForUser(create()));
};
const policy = (Action: string) => [{ name: 'Own', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] } }];
const userOf = (account: string, name: string, action = 'execute-api:Invoke') => as(() => deployed.cloud.users.create(name, policy(action), account));

/** A session of a role of another account; all sessions have the same role. */
const sessionOf = async (accountId: string, sessionName: string, durationSeconds = 3600): Promise<Credentials> => {
  const { roles, credentials } = deployed.cloud;
  const arn = `arn:aws:iam::${accountId}:role/Partner`;
  const trustPolicy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: accountId }, Action: 'sts:AssumeRole' }] };
  const role = roles.find(arn) ?? roles.create({ name: 'Partner', accountId, trustPolicy, inlinePolicies: policy('execute-api:Invoke') });
  return credentials.issueForRole({ role, sessionName, durationSeconds });
};
const roleOf = (accountId: string, sessionName: string, durationSeconds?: number) => (
  signedBy(async () => sessionOf(accountId, sessionName, durationSeconds))
);

type Headers = () => Promise<Record<string, string>>;

/** A request without a signature, with these headers. */
const plainly = (door: string, headers: Headers = async () => ({}), host?: string): Send => async (method, path, body) => {
  const { url, cloud: { clock, certificates: { caPem: ca } } } = doors[door];
  const message = { method, headers: { ...TYPE, ...await headers() }, ...body && { body: JSON.stringify(body) }, host, ca };
  return clock.pace(1, async () => sendUnsigned(url + path, message));
};

const keyOf = (name: string) => async () => ({
  'x-api-key': deployed.cloud.apiGateway.usagePlans.key(deployed.deployment.physicalId('AWS::ApiGateway::ApiKey', name)).value,
});

/** A token of a pool, for a user or, without one, for a client. */
const tokenOf = (pool: string, sign: (from: UserPool, clientId: string) => Promise<string>) => async () => {
  const clientId = deployed.deployment.physicalId('AWS::Cognito::UserPoolClient', `${pool}${pool}Reports`);
  return { authorization: await sign(deployed.cloud.userPools.pool(deployed.deployment.physicalId('AWS::Cognito::UserPool', pool)), clientId) };
};
const identityOf = (pool: string, sub: string, lifetimeSeconds?: number) => (
  tokenOf(pool, async (from, clientId) => from.idToken({ sub, clientId, lifetimeSeconds }))
);
const accessTo = (pool: string, scopes: string[]) => tokenOf(pool, async (from, clientId) => from.accessToken({ clientId }, scopes));
/** The token with another user in it, still signed as before. */
const forged = (headers: () => Promise<{ authorization: string }>) => async () => {
  const [header, payload, signature] = (await headers()).authorization.split('.');
  const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: ALICE };
  return { authorization: [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.') };
};

/** Name of a private API at its VPC endpoint, and at any. */
const nameOf = (door: string) => {
  const { region } = deployed.cloud.environment;
  const id = doors[door].physicalId('AWS::ApiGateway::RestApi', 'Api');
  return { id, associated: `${id}-${VPC_ENDPOINT}.execute-api.${region}.amazonaws.com`, other: `${OTHER_ENDPOINT}.execute-api.${region}.vpce.amazonaws.com` };
};
/** A signed request through the VPC endpoint. */
const inside = (credentials: () => Promise<Credentials>): Send => async (method, path, body) => (
  doors.Inside.clientOf(await credentials()).at(nameOf('Inside').associated).send(method, path, body && { headers: TYPE, body: JSON.stringify(body) })
);
const throughAnother: Send = async (method, path, body) => {
  const { id, other } = nameOf('Inside');
  const headers = { ...TYPE, 'x-apigw-api-id': id };
  return doors.Inside.clientOf(deployed.analyst).at(other).send(method, path, { headers, ...body && { body: JSON.stringify(body) } });
};

/** A request through the VPC endpoint, with a token for the authorizer. */
const known = (door: string, token?: string): Send => async (method, path, body) => {
  const authorization = token && { authorization: Buffer.from(token).toString('base64url') };
  return plainly(door, async () => ({ ...authorization }), nameOf(door).associated)(method, path, body);
};

interface Row {
  readonly door: string;
  readonly identity: string;
  readonly send: Send;
  readonly outcome: Outcome;
}

const rows: Row[] = [
  ...([
    ['a user of the account', signedBy(async () => deployed.analyst), 'another caller'],
    ['a user of another account that may come in', userOf(OTHER_ACCOUNT, 'partner'), 'owner'],
    ['a session of a role there', roleOf(OTHER_ACCOUNT, 'one'), 'another caller'],
    ['a user of the account without the right', signedBy(async () => deployed.deployment.assumeRole('Nobody', 'me')), [403, 'AccessDenied']],
    ['a user of that other account without the right', userOf(OTHER_ACCOUNT, 'clerk', 's3:*'), [403, 'AccessDenied']],
    ['a user of a third account with every right there', userOf(STRANGE_ACCOUNT, 'stranger', '*'), [403, 'AccessDenied']],
    ['a session there that has ended', roleOf(OTHER_ACCOUNT, 'yesterday', 0), [403, 'ExpiredCredentials']],
    ['nobody', plainly('Queries'), [403, 'NotSigned']],
    ['a wrong secret key', signedBy(async () => ({ ...deployed.analyst, secretAccessKey: 'x'.repeat(40) })), [403, 'InvalidSignature']],
  ] as const).map(([identity, send, outcome]) => ({ door: 'Queries', identity, send, outcome })),
  ...([
    ['a key of the plan', plainly('Keyed', keyOf('PartnerKey')), 'owner'],
    ['another key of the plan', plainly('Keyed', keyOf('OtherKey')), 'another caller'],
    ['a key of a plan for nothing', plainly('Keyed', keyOf('ElsewhereKey')), [403, 'InvalidApiKey']],
    ['a key without a plan', plainly('Keyed', keyOf('LooseKey')), [403, 'InvalidApiKey']],
    ['a key that nobody made', plainly('Keyed', async () => ({ 'x-api-key': 'x'.repeat(40) })), [403, 'InvalidApiKey']],
    ['nobody', plainly('Keyed'), [403, 'InvalidApiKey']],
    ['a signature', signedBy(async () => deployed.analyst, 'Keyed'), [403, 'InvalidApiKey']],
  ] as const).map(([identity, send, outcome]) => ({ door: 'Keyed', identity, send, outcome })),
  ...([
    ['an identity token', identityOf('People', ALICE), 'owner'],
    ['an identity token of somebody else', identityOf('People', BOB), 'another caller'],
    ['an access token', accessTo('People', ['queries/submit']), UNAUTHORIZED],
    ['an identity token of another pool', identityOf('Guests', ALICE), UNAUTHORIZED],
    ['an identity token that has expired', identityOf('People', ALICE, -1), UNAUTHORIZED],
    ['an identity token with another user written into it', forged(identityOf('People', BOB)), UNAUTHORIZED],
    ['no token', async () => ({ authorization: 'secret' }), UNAUTHORIZED],
    ['nobody', undefined, UNAUTHORIZED],
  ] as const).map(([name, headers, outcome]) => ({ door: 'Pooled', identity: name, send: plainly('Pooled', headers), outcome })),
  ...([
    ['an access token with the scope', accessTo('Machines', ['queries/submit']), 'owner'],
    ['an access token of another client, of the other pool, with more scopes', accessTo('Guests', ['queries/other', 'queries/submit']), 'another caller'],
    ['an access token with another scope', accessTo('Machines', ['queries/other']), UNAUTHORIZED],
    ['an access token of a pool that is not named', accessTo('People', ['queries/submit']), UNAUTHORIZED],
    ['an identity token', identityOf('Machines', ALICE), UNAUTHORIZED],
    ['nobody', undefined, UNAUTHORIZED],
  ] as const).map(([name, headers, outcome]) => ({ door: 'Scoped', identity: name, send: plainly('Scoped', headers), outcome })),
  ...([
    ['a user of the account', inside(async () => deployed.analyst), 'owner'],
    ['a session of a role of another account that may come in', inside(async () => sessionOf(OTHER_ACCOUNT, 'one')), 'another caller'],
    ['a user of the account without the right', inside(async () => deployed.deployment.assumeRole('Nobody', 'me')), [403, 'AccessDenied']],
    ['a user through another endpoint', throughAnother, [403, 'AccessDenied']],
    ['a user over the internet', signedBy(async () => deployed.analyst, 'Inside'), [403, '']],
    ['nobody', known('Inside'), [403, 'NotSigned']],
  ] as const).map(([identity, send, outcome]) => ({ door: 'Inside', identity, send, outcome })),
  ...([
    ['whom the authorizer knows', known('Known', `user ${CAROL}`), 'owner'],
    ['somebody else whom it knows', known('Known', `user ${ALICE}`), 'another caller'],
    ['whom it denies', known('Known', `denied ${ALICE}`), [403, 'AccessDenied']],
    ['whom it does not know', known('Known', 'stranger'), [401, 'Unauthorized']],
    ['whom it fails at', known('Known', 'broken'), [500, 'Failed']],
    ['nobody', known('Known'), [401, 'Unauthorized']],
    ['a token over the internet', plainly('Known', async () => ({ authorization: 'user' })), [403, '']],
  ] as const).map(([identity, send, outcome]) => ({ door: 'Known', identity, send, outcome })),
];

const SUBMISSION = { Query: SELECT, CallbackUrl: CALLBACK_URL };

/** Status and code of the answer at each route: submit, look, fetch, cancel. */
async function goThrough(send: Send, queryId: string, submission: JsonObject = SUBMISSION): Promise<unknown[][]> {
  const posted = await send('POST', '', submission);
  // At once, because what does not exist is looked for during some seconds.
  const others = [send('GET', `/${queryId}`), send('GET', `/${queryId}/result`), send('DELETE', `/${queryId}`)];
  return [posted, ...await Promise.all(others)].map(said);
}

async function submitted(send: Send, submission: JsonObject = SUBMISSION): Promise<string> {
  const { status, body } = await send('POST', '', submission);
  expect([status, body]).toEqual([202, { QueryId: expect.any(String) }]);
  return String(body.QueryId);
}

/** A query of the owner that has ended. */
const ended = new Map<string, Promise<string>>();
async function queryAt(door: string): Promise<string> {
  const owner = rows.find((row) => row.door === door && row.outcome === 'owner');
  if (owner === undefined) throw new Error(`Nobody owns a query at ${door}`);
  const query = ended.get(door) ?? submitted(owner.send).then(async (queryId) => (await doors[door].ended(queryId)).queryId);
  ended.set(door, query);
  return query;
}

test.each(rows)('$door: $identity', async ({ door, send, outcome }) => {
  const queryId = await queryAt(door);
  const asked = () => doors[door].cloud.logs.lines(doors[door].physicalId('AWS::Logs::LogGroup', 'ManagementLogs')).length;
  const before = await doors[door].executions();
  const askedBefore = asked();
  const answers = await goThrough(send, queryId);
  if (outcome === 'owner') expect(answers).toEqual([[202, ''], [200, ''], [200, ''], [409, 'QueryEnded']]);
  else if (outcome === 'another caller') expect(answers).toEqual([[202, ''], [404, 'NoSuchQuery'], [404, 'NoSuchQuery'], [404, 'NoSuchQuery']]);
  else expect(answers).toEqual(Array(4).fill(outcome));
  expect(await doors[door].executions() - before).toBe(typeof outcome === 'string' ? 1 : 0);
  // What does not exist is answered alike: the door tells nobody what is behind it.
  if (typeof outcome !== 'string') {
    expect(await goThrough(send, UNKNOWN)).toEqual(Array(4).fill(outcome));
    expect(asked()).toBe(askedBefore);
  } else {
    expect(asked()).toBeGreaterThan(askedBefore);
  }
});

/** Whose a query is, as its execution has it. */
async function ownerOf(door: string, queryId: string): Promise<string> {
  const request = { executionArn: doors[door].executionArn(queryId) };
  const { input } = await deployed.cloud.stepFunctions.call('DescribeExecution', request, deployed.deployment.administrator);
  return JSON.parse(String(input)).Caller.Id;
}

test.each([
  ['Queries', stringMatching(/^AIDA[A-Z2-7]{17}$/)],
  ['Keyed', stringMatching(/^[a-z0-9]{10}$/)],
  ['Pooled', ALICE],
  ['Scoped', stringMatching(/^[a-z0-9]{26}$/)],
  ['Inside', stringMatching(/^AIDA[A-Z2-7]{17}$/)],
  ['Known', CAROL],
])('%s: whose a query is', async (door, id) => {
  expect(await ownerOf(door, await queryAt(door))).toEqual(id);
});

test('Queries: all sessions of a role of another account are one owner, and an idempotency key is theirs', async () => {
  const queryId = await submitted(roleOf(OTHER_ACCOUNT, 'one'), { ...SUBMISSION, IdempotencyKey: 'order-17' });
  expect(queryId).toMatch(/^AROA[A-Z2-7]{17}_order-17$/);
  await deployed.ended(queryId);
  expect(said(await roleOf(OTHER_ACCOUNT, 'two')('GET', `/${queryId}`))).toEqual([200, '']);
  expect(await roleOf(OTHER_ACCOUNT, 'two')('POST', '', { ...SUBMISSION, IdempotencyKey: 'order-17' }))
    .toMatchObject({ status: 409, body: { Code: 'DuplicateRequest', QueryId: queryId } });
});

test('Keyed: the key is the owner by its id, which can be part of an idempotency key', async () => {
  const queryId = await submitted(plainly('Keyed', keyOf('PartnerKey')), { ...SUBMISSION, IdempotencyKey: 'order-17' });
  expect(queryId).toBe(`${deployed.deployment.physicalId('AWS::ApiGateway::ApiKey', 'PartnerKey')}_order-17`);
  await doors.Keyed.ended(queryId);
});

test('Keyed: a plan limits what each of its keys may do, at once and in a day', async () => {
  const { clock } = deployed.cloud;
  const look = async (name: string) => said(await plainly('Keyed', keyOf(name))('GET', `/${UNKNOWN}`));
  // In virtual time, so that none of the requests falls into another second or day than it is meant for.
  await clock.sleep(Math.ceil(clock.now() / DAY) * DAY - clock.now());
  const met = async (name: string, times: number) => (await Promise.all(Array.from({ length: times }, async () => look(name)))).sort();
  expect(await met('TrialKey', 3)).toEqual([[404, 'NoSuchQuery'], [404, 'NoSuchQuery'], [429, 'Throttled']]);
  await clock.sleep(2_000);
  expect(await met('TrialKey', 2)).toEqual([[404, 'NoSuchQuery'], [429, 'QuotaExceeded']]);
  expect(await look('SecondTrial')).toEqual([404, 'NoSuchQuery']);
  await clock.sleep(DAY);
  expect(await look('TrialKey')).toEqual([404, 'NoSuchQuery']);
});

test('Known: whom the authorizer gives no id is refused everywhere, and owns nothing', async () => {
  const before = await doors.Known.executions();
  for (const token of ['user', 'user  ']) expect(await goThrough(known('Known', token), await queryAt('Known'))).toEqual(Array(4).fill([500, 'InternalError']));
  expect(await doors.Known.executions()).toBe(before);
});

test('Known: an idempotency key needs an id that it can be joined to', async () => {
  const submission = { ...SUBMISSION, IdempotencyKey: 'order-17' };
  expect(said(await known('Known', `user ${CAROL}`)('POST', '', submission))).toEqual([400, 'IdempotencyNotAvailable']);
  await doors.Known.ended(await submitted(known('Known', `user ${ALICE}`), submission));
  expect(said(await known('Known', `user ${ALICE}`)('POST', '', submission))).toEqual([409, 'DuplicateRequest']);
});
