import { request as httpsRequest } from 'node:https';
import { Duration } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DeployedApi } from './deployed-api';
import { ENDLESS_QUERY, QueriesStack } from './queries-stack';
import { AccessLogs } from '../../src';

/** A virtual second has 50 real milliseconds, so that an endless query meets its time-out soon. */
const ENGINE_PACE = 20;
const QUERY_TIMEOUT = Duration.seconds(30);
const SELECT = 'SELECT origin, delay, \'a "b" \'\'c\'\'\' AS note, CAST(NULL AS varchar) AS nothing FROM trips ORDER BY delay';
const CSV = '"origin","delay","note","nothing"\n"JFK","-3","a ""b"" \'c\'",\n"SFO","0","a ""b"" \'c\'",\n"LAX","17","a ""b"" \'c\'",\n';

describe('a delivered callback', () => {
  let api: DeployedApi;

  beforeAll(async () => {
    api = await DeployedApi.start({
      cloud: { enginePace: ENGINE_PACE },
      queries: () => ({ queryTimeout: QUERY_TIMEOUT, linkExpiry: Duration.minutes(20), accessLogs: AccessLogs.logGroup() }),
      customise: addApiGatewayLogRole,
    });
  });
  afterEach(() => api.assertNoFaults());
  afterAll(async () => api.close());

  test('says that the query succeeded, with exactly the members of the README', async () => {
    const before = api.now();
    const { queryId, callbacks: [callback, ...others], end } = await api.run(SELECT);
    expect(end.type).toBe('ExecutionSucceeded');
    expect(others).toEqual([]);
    const { State, QueryResult } = callback.body;
    expect(callback.body).toEqual({
      State: { CompletionDateTime: expect.any(Number), State: 'SUCCEEDED', SubmissionDateTime: expect.any(Number) },
      QueryResult: { PresignedUrl: expect.stringMatching(/^https:\/\//), ExpiredIn: 1200, ExpiresAt: expect.any(Number) },
      QueryId: queryId,
      QueryExecutionId: expect.stringMatching(/^[\da-f-]{36}$/),
      ResultKind: 'OBJECT',
      Statistics: expect.objectContaining({ DataScannedInBytes: 32 }),
    });
    expect([before, State.SubmissionDateTime, State.CompletionDateTime, api.now()]).toEqual(
      [before, State.SubmissionDateTime, State.CompletionDateTime, api.now()].sort((a, b) => a - b),
    );
    expect(QueryResult?.ExpiresAt).toBeLessThanOrEqual(api.now() + 1_200_000);
    expect(await api.deployment.queryState(callback.body.QueryExecutionId ?? '')).toBe('SUCCEEDED');
  });

  test('has the headers of Standard Webhooks and a signature that an independent library accepts, for five minutes', async () => {
    const { queryId, callbacks: [callback] } = await api.run(SELECT);
    const attemptedAt = api.now();
    expect(callback.headers).toEqual(expect.objectContaining({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(callback.rawBody)),
      'webhook-id': queryId,
      'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z\d+/]{43}=$/),
    }));
    expect(Math.abs(Number(callback.headers['webhook-timestamp']) * 1000 - attemptedAt)).toBeLessThan(2_000);
    expect(await api.verifies(callback)).toBe(true);

    for (const forged of [
      { ...callback, rawBody: callback.rawBody.replace('SUCCEEDED', 'CANCELLED') },
      { ...callback, headers: { ...callback.headers, 'webhook-id': 'another' } },
      { ...callback, headers: { ...callback.headers, 'webhook-timestamp': String(Number(callback.headers['webhook-timestamp']) + 1) } },
    ]) expect(await api.verifies(forged)).toBe(false);

    await api.sleepUntil(attemptedAt + 10 * 60_000);
    expect(await api.verifies(callback)).toBe(false);
  });

  test('has a link to exactly the rows, which works until ExpiresAt and not longer', async () => {
    const { callbacks: [callback] } = await api.run(SELECT);
    const link = api.linkOf(callback);
    const { ExpiresAt: expiresAt = 0, ExpiredIn: expiredIn = 0 } = callback.body.QueryResult ?? {};
    expect(await api.download(link)).toEqual({ status: 200, body: CSV });

    const signedAt = Date.parse(new URL(link).searchParams.get('X-Amz-Date')?.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:') ?? '');
    expect(expiresAt).toBe(signedAt + expiredIn * 1000);
    await api.sleepUntil(expiresAt - 1_000);
    expect((await api.download(link)).status).toBe(200);
    await api.sleepUntil(expiresAt + 1_000);
    expect((await api.download(link)).status).toBe(403);
  });

  test('has a link that is good for nothing but reading that one object', async () => {
    const [{ callbacks: [first] }, { callbacks: [second] }] = [await api.run(SELECT), await api.run('SELECT 1 AS other')];
    const link = new URL(api.linkOf(first));
    const otherKey = new URL(link);
    otherKey.pathname = new URL(api.linkOf(second)).pathname;
    const otherName = new URL(link);
    otherName.searchParams.set('response-content-disposition', 'inline');
    const longer = new URL(link);
    longer.searchParams.set('X-Amz-Expires', '3600');
    for (const url of [otherKey, otherName, longer]) expect((await api.download(url.href)).status).toBe(403);
    for (const method of ['PUT', 'DELETE']) expect(await statusOf(method, link, api.cloud.certificates.caPem)).toBe(403);
    expect(await api.download(link.href)).toEqual({ status: 200, body: CSV });
  });

  test('says that the query failed and why', async () => {
    const { queryId, callbacks: [callback], end } = await api.run('SELECT no_such_column FROM trips');
    expect(end.type).toBe('ExecutionSucceeded');
    expect(callback.body).toEqual({
      State: { CompletionDateTime: expect.any(Number), State: 'FAILED', SubmissionDateTime: expect.any(Number) },
      QueryId: queryId,
      QueryExecutionId: expect.any(String),
      ResultKind: 'NONE',
      Reason: expect.stringContaining("Column 'no_such_column' cannot be resolved"),
      AthenaError: { ErrorCategory: 2, ErrorType: 1004, Retryable: false, ErrorMessage: expect.stringContaining('no_such_column') },
      Statistics: expect.any(Object),
    });
    expect(await api.verifies(callback)).toBe(true);
  });

  test('says that somebody cancelled the query', async () => {
    const queryId = await api.submit(ENDLESS_QUERY);
    await api.next(({ type, details }) => type === 'TaskSucceeded' && details.resource === 'getQueryExecution');
    const workGroup = api.physicalId('AWS::Athena::WorkGroup', 'WorkGroup');
    const { QueryExecutionIds } = await api.cloud.athena.call('ListQueryExecutions', { WorkGroup: workGroup }, api.deployment.administrator);
    const [newest] = Array.isArray(QueryExecutionIds) ? QueryExecutionIds : [];
    await api.cloud.athena.call('StopQueryExecution', { QueryExecutionId: newest }, api.deployment.administrator);
    const { callbacks: [callback] } = await api.ended(queryId);
    expect(callback.body).toMatchObject({ State: { State: 'CANCELLED' }, ResultKind: 'NONE', Reason: 'Query cancelled by user' });
    expect(callback.body.QueryResult).toBeUndefined();
  });

  test('says that the query took too long, and Athena has stopped it', async () => {
    const { callbacks: [callback], end } = await api.run(ENDLESS_QUERY);
    const { State, QueryExecutionId = '' } = callback.body;
    expect(end.type).toBe('ExecutionSucceeded');
    expect(callback.body).toMatchObject({ State: { State: 'CANCELLED' }, ResultKind: 'NONE', Reason: 'QueryTimeout' });
    expect(callback.body.QueryResult).toBeUndefined();
    const seconds = (State.CompletionDateTime - State.SubmissionDateTime) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(QUERY_TIMEOUT.toSeconds());
    expect(seconds).toBeLessThan(QUERY_TIMEOUT.toSeconds() + 60);
    expect(await api.deployment.queryState(QueryExecutionId)).toBe('CANCELLED');
  });

  test('has a link to the text that a catalog statement gives', async () => {
    const { callbacks: [callback] } = await api.run('DESCRIBE trips');
    expect(callback.body).toMatchObject({ State: { State: 'SUCCEEDED' }, ResultKind: 'OBJECT' });
    const { status, body } = await api.download(api.linkOf(callback));
    expect(status).toBe(200);
    expect(body.split('\n').map((line) => line.trim().replace(/\s+/g, ' '))).toEqual(['origin string', 'destination string', 'delay bigint', '']);
  });

  test('leaves neither link nor secret in the history, and neither of them nor SQL nor URL in any log', async () => {
    const marked = "SELECT 'dJ4kPq' AS mark FROM trips";
    const { queryId, callbacks: [callback] } = await api.run(marked, 'https://hooks.example.com/athena?token=Zx81Lm');
    const secret = await api.signingSecret();
    const link = new URL(api.linkOf(callback));
    const signature = link.searchParams.get('X-Amz-Signature') ?? '';
    const [, webhookSignature] = callback.headers['webhook-signature'].split(',');
    const history = await api.historyText(queryId);
    const logs = api.logText();
    // Both do say something about this query.
    expect(history).toContain('dJ4kPq');
    expect(logs).toContain(queryId);
    for (const hidden of [secret, signature, webhookSignature, 'X-Amz-']) {
      expect(hidden.length).toBeGreaterThan(5);
      expect(history).not.toContain(hidden);
      expect(logs).not.toContain(hidden);
    }
    for (const hidden of ['dJ4kPq', 'Zx81Lm', 'hooks.example.com', link.pathname, 'trips']) expect(logs).not.toContain(hidden);
  });
});

/** The role for access logs that the README shows. */
function addApiGatewayLogRole(stack: QueriesStack): void {
  const role = new Role(stack, 'ApiGatewayLogs', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
  });
  stack.queries.node.addDependency(new CfnAccount(stack, 'ApiGatewayAccount', { cloudWatchRoleArn: role.roleArn }));
}

function statusOf(method: string, url: URL, ca: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, { method, ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(method === 'PUT' ? 'mine' : undefined);
  });
}
