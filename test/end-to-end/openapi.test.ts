/**
 * A client that knows nothing but the OpenAPI document drives every route, and whatever comes back, refusals and callbacks too, fits the document.
 */
import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ApiKey, Period, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { AxiosAdapter, AxiosResponse } from 'axios';
import OpenAPIClientAxios, { OpenAPIClient } from 'openapi-client-axios';
import { CALLBACK_URL, DeployedApi } from './deployed-api';
import { DAY, MINUTE, SELECT } from './looked-at-queries';
import { ENDLESS_QUERY } from './queries-stack';
import { Credentials } from '../../local/account/credentials';
import { exchange, IncomingWithHeaders, Outgoing } from '../../local/client/https';
import { signedExchange } from '../../local/client/signed-exchange';
import { expectObject, expectString, JsonObject } from '../../local/json';
import {
  AsyncAthenaQueryApi, NamedQuery, QueryableData, QueryAnnouncement, QueryParameter, ResultFormat, SigningKeys, SubmittedQueries, SubmitAccess,
} from '../../src';
import { DescribedApi } from '../support/described-api';

/** Who sends the requests of a client, and how they are sent. */
type Send = (url: string, request: Omit<Outgoing, 'ca'>) => Promise<IncomingWithHeaders>;

const UNKNOWN = '0b8f6d9e-4a57-4c1f-9d55-3f3c0d6a1e10';

let api: DeployedApi;
let named: DeployedApi;
let described: DescribedApi;
let describedNamed: DescribedApi;
let analyst: OpenAPIClient;
let operator: OpenAPIClient;
let stranger: OpenAPIClient;

/** Operations and statuses that were seen. */
const seen = new Set<string>();

beforeAll(async () => {
  api = await DeployedApi.start({
    queries: (stack) => ({
      signingKeys: SigningKeys.ed25519(),
      queryReaders: [new Role(stack, 'Operators', { assumedBy: new AccountPrincipal(stack.account) })],
      resultFormats: [ResultFormat.csv(), ResultFormat.json()],
    }),
    customise: (stack) => {
      const operators = stack.node.findChild('Operators');
      if (operators instanceof Role) stack.queries.grantInvoke(operators);
      tell(stack, 'Queries', stack.queries);
      const plan = new UsagePlan(stack, 'Partners', { quota: { limit: 6, period: Period.DAY } });
      plan.addApiKey(new ApiKey(stack, 'PartnerKey'));
      tell(stack, 'Named', new AsyncAthenaQueryApi(stack, 'Named', {
        database: stack.database.ref,
        databases: [stack.database.ref, 'default'],
        queryableData: [QueryableData.glueTables({ database: stack.database.ref, tables: ['trips'], bucket: stack.data, prefix: 'trips/' })],
        submittedQueries: SubmittedQueries.named({
          queries: {
            from: NamedQuery.of({ sql: 'SELECT * FROM trips WHERE origin = :airport', parameters: { airport: QueryParameter.text() } }),
            count: NamedQuery.of({ sql: 'SELECT count(*) AS n FROM trips' }),
          },
        }),
        announcements: [QueryAnnouncement.queue({ queue: new Queue(stack, 'Announced') })],
        submitAccess: SubmitAccess.apiKey({ plans: [plan] }),
        removalPolicy: RemovalPolicy.DESTROY,
      }));
    },
  });
  named = api.sibling('Named', 'NamedUrl');
  [described, describedNamed] = ['Queries', 'Named'].map((id) => new DescribedApi(api.deployment.stack.outputs[`${id}OpenApi`]));
  analyst = await clientOf(described, signedBy(async () => api.analyst));
  operator = await clientOf(described, signedBy(async () => api.deployment.assumeRole('Operators', 'on-call')));
  stranger = await clientOf(described, plainly());
}, 300_000);
beforeEach(() => api.receiver.answer([{ status: 204 }]));
afterEach(() => api.assertNoFaults());
afterAll(async () => api?.close());

function tell(stack: Stack, id: string, queries: AsyncAthenaQueryApi): void {
  new CfnOutput(stack, `${id}Url`, { value: queries.queriesUrl });
  new CfnOutput(stack, `${id}OpenApi`, { value: queries.openApi });
}

/** Signs each request, at the virtual time of sending. */
function signedBy(credentials: () => Promise<Credentials>): Send {
  const { clock, environment: { region }, certificates: { caPem } } = api.cloud;
  return async (url, request) => signedExchange(url, request, { service: 'execute-api', region, credentials: await credentials(), clock, caPem });
}

function plainly(headers: Readonly<Record<string, string>> = {}): Send {
  return async (url, request) => exchange(url, { ...request, headers: { ...request.headers, ...headers }, ca: api.cloud.certificates.caPem });
}

/** A client made from the document alone; only the address of its server is that of this machine. */
async function clientOf({ document }: DescribedApi, send: Send): Promise<OpenAPIClient> {
  const adapter: AxiosAdapter = async (config) => {
    const { clock } = api.cloud;
    const headers = Object.fromEntries(Object.entries(config.headers.toJSON()).map(([name, value]) => [name.toLowerCase(), String(value)]));
    const query = new URLSearchParams(config.params).toString();
    const url = `${api.cloud.localUrl(String(config.baseURL))}${String(config.url)}${query === '' ? '' : `?${query}`}`;
    const method = String(config.method).toUpperCase();
    const body = config.data === undefined ? undefined : String(config.data);
    const sent = async () => send(url, { method, headers, ...body !== undefined && { body } });
    const answer = method === 'POST' ? await clock.hold(sent) : await clock.pace(1, sent);
    return { config, data: answer.body, status: answer.status, statusText: '', headers: answer.headers };
  };
  const definition = JSON.parse(JSON.stringify(document));
  return new OpenAPIClientAxios({ definition, quick: true, axiosConfigDefaults: { adapter, validateStatus: () => true } }).init();
}

interface Told {
  readonly status: number;
  readonly code: string;
  readonly body: JsonObject;
}

/** Calls an operation, and holds the answer against the document. */
async function call(
  client: OpenAPIClient, operationId: string, { parameters = {}, body, headers = {}, by = described }: {
    readonly parameters?: Readonly<Record<string, string>>;
    readonly body?: JsonObject | string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly by?: DescribedApi;
  } = {},
): Promise<Told> {
  const response: AxiosResponse = await client[operationId]({ ...parameters }, body, { headers });
  const answer = expectObject(response.data, 'the answer');
  const told = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  expect(by.answerFaults(operationId, { status: response.status, headers: told, body: answer })).toEqual([]);
  seen.add(`${operationId} ${response.status} ${String(answer.Code ?? '')}`.trim());
  return { status: response.status, code: String(answer.Code ?? ''), body: answer };
}

const look = async (client: OpenAPIClient, operationId: string, QueryId: string) => call(client, operationId, { parameters: { QueryId } });

async function submit(body: JsonObject): Promise<string> {
  expect(described.requestFaults('SubmitQuery', body)).toEqual([]);
  const { status, body: { QueryId } } = await call(analyst, 'SubmitQuery', { body });
  expect(status).toBe(202);
  return expectString(QueryId, 'QueryId');
}

/** Follows a query to its end, and holds its callbacks against the document. */
async function ended(queryId: string, of = api, by = described) {
  const run = await of.ended(queryId);
  expect(run.callbacks.flatMap((callback) => by.callbackFaults('SubmitQuery', callback))).toEqual([]);
  return run;
}

test('the document is where it says that the API is', () => {
  const url = api.deployment.stack.outputs.QueriesUrl;
  expect(described.document.servers).toEqual([{ url: url.replace(/\/queries$/, '') }]);
});

test('a query, from its submission to a fresh link', async () => {
  const queryId = await submit({ Query: SELECT, CallbackUrl: CALLBACK_URL, ClientReference: 'order 17' });
  const { callbacks: [{ body }] } = await ended(queryId);
  expect([body.State.State, body.ResultKind, body.ClientReference]).toEqual(['SUCCEEDED', 'OBJECT', 'order 17']);
  expect((await look(analyst, 'GetQuery', queryId)).body).toMatchObject({ State: 'SUCCEEDED', Delivery: 'DELIVERED' });
  expect((await look(analyst, 'GetQueryResult', queryId)).status).toBe(200);
  expect((await look(analyst, 'CancelQuery', queryId)).code).toBe('QueryEnded');
  expect((await look(operator, 'GetQuery', queryId)).status).toBe(200);
  expect((await call(analyst, 'GetSigningKeys')).body.Keys).toHaveLength(1);
});

test('a query whose result is files', async () => {
  const queryId = await submit({ Query: SELECT, CallbackUrl: CALLBACK_URL, ResultFormat: 'JSON' });
  const { callbacks: [{ body }] } = await ended(queryId);
  expect([body.ResultKind, body.QueryResult]).toEqual(['FILES', expect.objectContaining({ FileCount: 1 })]);
  expect((await look(analyst, 'GetQueryResult', queryId)).body.QueryResult).toMatchObject({ FileCount: 1 });
  expect((await call(analyst, 'GetQueryResult', { parameters: { QueryId: queryId, NextToken: 'x' } })).code).toBe('InvalidNextToken');
});

test('a query that runs, and is cancelled by its owner only', async () => {
  const queryId = await submit({ Query: ENDLESS_QUERY, CallbackUrl: CALLBACK_URL });
  await api.next(({ type, details }) => type === 'TaskStateExited' && details.state === 'Start Query');
  expect((await look(analyst, 'GetQuery', queryId)).body.State).toMatch(/QUEUED|RUNNING/);
  expect((await look(analyst, 'GetQueryResult', queryId)).code).toBe('NotFinished');
  expect((await look(operator, 'CancelQuery', queryId)).code).toBe('NotOwner');
  expect((await look(analyst, 'CancelQuery', queryId)).status).toBe(202);
  const { callbacks: [{ body }] } = await ended(queryId);
  expect(body.State.State).toBe('CANCELLED');
  expect((await look(analyst, 'GetQueryResult', queryId)).code).toBe('NoResult');
});

test.each([
  ['fails', "SELECT CAST('x' AS integer) AS n"],
  ['is not started', 'SELEC 1'],
])('a query that %s', async (_, Query) => {
  const queryId = await submit({ Query, CallbackUrl: CALLBACK_URL });
  const { callbacks: [{ body }] } = await ended(queryId);
  expect(body.State.State).toBe('FAILED');
  expect((await look(analyst, 'GetQuery', queryId)).body.State).toBe('FAILED');
});

test('a query that was submitted before is answered with its id', async () => {
  const body = { Query: SELECT, CallbackUrl: CALLBACK_URL, IdempotencyKey: 'order-17' };
  const queryId = await submit(body);
  await ended(queryId);
  const again = await call(analyst, 'SubmitQuery', { body: { ...body, Query: 'SELECT 2' } });
  expect([again.code, again.body.QueryId]).toEqual(['DuplicateRequest', queryId]);
});

test('a result that was deleted', async () => {
  const queryId = await submit({ Query: SELECT, CallbackUrl: CALLBACK_URL });
  await ended(queryId);
  await api.cloud.clock.sleep(31 * DAY);
  expect((await look(analyst, 'GetQueryResult', queryId)).code).toBe('ResultExpired');
});

test.each<[string, () => Promise<Told>, number, string]>([
  ['without a signature', async () => call(stranger, 'SubmitQuery', { body: { Query: SELECT, CallbackUrl: CALLBACK_URL } }), 403, 'Refused'],
  ['without a signature, to look', async () => look(stranger, 'GetQuery', UNKNOWN), 403, 'Refused'],
  ['without a signature, for the keys', async () => call(stranger, 'GetSigningKeys'), 403, 'Refused'],
  ['with another member', async () => call(analyst, 'SubmitQuery', { body: { Query: SELECT, CallbackUrl: CALLBACK_URL, More: 1 } }), 400, 'BadRequestBody'],
  ['with another content type', async () => call(analyst, 'SubmitQuery', { body: '<q/>', headers: { 'content-type': 'application/xml' } }), 415, 'UnsupportedMediaType'],
  ['with too much SQL', async () => call(analyst, 'SubmitQuery', { body: { Query: '€'.repeat(90_000), CallbackUrl: CALLBACK_URL } }), 413, 'QueryTooLarge'],
])('a request %s', async (_, request, status, code) => {
  await api.cloud.clock.sleep(MINUTE);
  const told = await request();
  expect([told.status, told.code]).toEqual([status, code]);
});

test('a query that does not exist', async () => {
  await api.cloud.clock.sleep(MINUTE);
  // At once, because each is looked for during some seconds.
  const told = await Promise.all(['GetQuery', 'GetQueryResult', 'CancelQuery'].map(async (operation) => look(analyst, operation, UNKNOWN)));
  expect(told.map(({ status, code }) => [status, code])).toEqual(Array(3).fill([404, 'NoSuchQuery']));
});

test('requests that are too many', async () => {
  await api.cloud.clock.sleep(MINUTE);
  const body = { Query: '', CallbackUrl: CALLBACK_URL };
  const told = await api.cloud.clock.hold(async () => Promise.all(Array.from({ length: 21 }, async () => call(analyst, 'SubmitQuery', { body }))));
  expect(told.filter(({ status }) => status === 429).map(({ code }) => code)).toContain('Throttled');
});

describe('named queries, for API keys, with an optional callback', () => {
  let partner: OpenAPIClient;

  beforeAll(async () => {
    const key = api.cloud.apiGateway.usagePlans.key(api.deployment.physicalId('AWS::ApiGateway::ApiKey', 'PartnerKey')).value;
    const schemes = expectObject(expectObject(describedNamed.document.components, 'components').securitySchemes, 'securitySchemes');
    const { in: place, name } = expectObject(Object.values(schemes)[0], 'scheme');
    expect(place).toBe('header');
    partner = await clientOf(describedNamed, plainly({ [expectString(name, 'name')]: key }));
  });

  const request = async (body: JsonObject) => {
    const told = await call(partner, 'SubmitQuery', { body, by: describedNamed });
    // A request that fits the document is not refused for its body, and the other way round.
    if (told.status !== 429) expect(told.code === 'BadRequestBody').toBe(describedNamed.requestFaults('SubmitQuery', body).length > 0);
    return told;
  };

  test('is submitted by name, or refused, until the quota is used up', async () => {
    const { body: { QueryId } } = await request({ QueryName: 'from', Parameters: { airport: 'LAX' }, Database: 'travel', CallbackUrl: CALLBACK_URL });
    const { callbacks } = await ended(expectString(QueryId, 'QueryId'), named, describedNamed);
    expect(callbacks).toHaveLength(1);
    const quiet = await request({ QueryName: 'count' });
    await ended(expectString(quiet.body.QueryId, 'QueryId'), named, describedNamed);
    const status = await call(partner, 'GetQuery', { parameters: { QueryId: expectString(quiet.body.QueryId, 'QueryId') }, by: describedNamed });
    expect(status.body).toMatchObject({ State: 'SUCCEEDED', Delivery: 'NONE' });
    expect((await request({ QueryName: 'from', Parameters: { airport: 1 } })).code).toBe('BadRequestBody');
    expect((await request({ QueryName: 'other' })).code).toBe('BadRequestBody');
    expect((await request({ Query: SELECT, CallbackUrl: CALLBACK_URL })).code).toBe('BadRequestBody');
    expect((await request({ QueryName: 'count' })).code).toBe('QuotaExceeded');
  });

  test('is refused without a key', async () => {
    const nobody = await clientOf(describedNamed, plainly());
    expect((await call(nobody, 'SubmitQuery', { body: { QueryName: 'count' }, by: describedNamed })).code).toBe('InvalidApiKey');
  });
});

test('every operation of the document was seen, done and refused', () => {
  const outcomes = [...described.operations.keys()].map((operationId) => [
    operationId, [2, 4].map((kind) => [...seen].some((one) => one.startsWith(`${operationId} ${kind}`))),
  ]);
  expect(outcomes).toEqual([...described.operations.keys()].map((operationId) => [operationId, [true, true]]));
});
