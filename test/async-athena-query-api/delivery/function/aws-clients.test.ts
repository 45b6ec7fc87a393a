import { CONFIG, NOW, outcomeOf, releasedEvent, SECRET } from './harness';
import { DeliveryErrorName } from '../../../../src/async-athena-query-api/contracts/error-names';
import { QueryExecution } from '../../../../src/async-athena-query-api/contracts/workflow-state';
import { createLinkCloud } from '../../../../src/async-athena-query-api/delivery/function/aws-clients';
import { makeResultLink } from '../../../../src/async-athena-query-api/delivery/function/result-link';
import { SigningKeys } from '../../../../src/async-athena-query-api/delivery/function/signing-keys';
import { createSecretReader } from '../../../../src/private/runtime/secret-reader';
import { refuse, StubAnswer, useAwsStub } from '../../../support/aws-stub';

/** When the stub's session began: the clock of STS, not ours. */
const SESSION_START = Date.parse('2026-11-24T08:00:10.000Z');

/** The three services when all is well. */
const respond: StubAnswer = ({ service, body }, response) => {
  if (service === 'sts') {
    const seconds = Number(new URLSearchParams(body).get('DurationSeconds'));
    response.end(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
      <AccessKeyId>ASIALINKEXAMPLE</AccessKeyId><SecretAccessKey>link-secret</SecretAccessKey><SessionToken>link-token</SessionToken>
      <Expiration>${new Date(SESSION_START + seconds * 1000).toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`);
  } else if (service === 's3') {
    response.setHeader('x-amz-expiration', 'expiry-date="Fri, 27 Nov 2026 00:00:00 GMT", rule-id="results"');
    response.end();
  } else if (service === 'secretsmanager' && JSON.parse(body).VersionStage === 'AWSCURRENT') {
    response.end(JSON.stringify({ SecretString: SECRET }));
  } else {
    refuse(response, 400, 'ResourceNotFoundException');
  }
};

const stub = useAwsStub(respond);

function query(): QueryExecution {
  const { AthenaResult } = releasedEvent('succeeded').State;
  if (AthenaResult === undefined) throw new Error('The fixture has no result');
  return AthenaResult.QueryExecution;
}

const { QueryId } = releasedEvent('succeeded');

describe('a link by the real SDK', () => {
  test.each([[3600, 3600], [60, 900], [1200, 1200]])('for %d seconds, in a session of %d', async (asked, session) => {
    const { QueryExecutionId } = query();
    const result = await makeResultLink(QueryId, query(), { ...CONFIG, linkExpirySeconds: asked }, createLinkCloud(), NOW);
    const url = new URL(result.PresignedUrl);
    expect(result).toEqual({ PresignedUrl: url.href, ExpiredIn: asked, ExpiresAt: SESSION_START + asked * 1000 });
    expect(url.pathname).toBe(`/results-bucket/results/${QueryExecutionId}.csv`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD',
      'X-Amz-Credential': 'ASIALINKEXAMPLE/20261124/eu-west-1/s3/aws4_request',
      'X-Amz-Date': '20261124T080010Z',
      'X-Amz-Expires': String(asked),
      'X-Amz-Security-Token': 'link-token',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
      // No header beyond the host: any HTTP client can follow the link.
      'X-Amz-SignedHeaders': 'host',
      'response-cache-control': 'no-store',
      'response-content-disposition': `attachment; filename="${QueryExecutionId}.csv"`,
      'response-content-type': 'text/csv; charset=utf-8',
      'x-amz-expected-bucket-owner': CONFIG.resultBucketOwner,
      'x-id': 'GetObject',
    });

    expect(stub().calls.map(({ service, method, path }) => `${service} ${method} ${path}`)).toEqual([
      'sts POST /', `s3 HEAD /results-bucket/results/${QueryExecutionId}.csv`,
    ]);
    const [assumeRole, headObject] = stub().calls;
    expect(assumeRole.headers.authorization).toContain('Credential=ASIAFUNCTION/');
    expect(new URLSearchParams(assumeRole.body).get('DurationSeconds')).toBe(String(session));
    // The look at the object proves that the link's credentials can read it.
    expect(headObject.headers.authorization).toContain('Credential=ASIALINKEXAMPLE/');
    expect(headObject.headers['x-amz-expected-bucket-owner']).toBe(CONFIG.resultBucketOwner);
  });

  test('goes to the bucket in its region, when no endpoint is set', async () => {
    delete process.env.AWS_ENDPOINT_URL;
    const url = await createLinkCloud().signGetObject(
      { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' },
      { Bucket: 'results-bucket', Key: 'results/a b.csv' },
      { signingDate: new Date(SESSION_START), expiresIn: 60 },
    );
    expect(url.split('?')[0]).toBe('https://results-bucket.s3.eu-west-1.amazonaws.com/results/a%20b.csv');
  });

  test('is final when the object answers 404', async () => {
    stub().answer = (call, response) => (call.service === 's3' ? refuse(response, 404, '') : respond(call, response));
    expect((await outcomeOf(makeResultLink(QueryId, query(), CONFIG, createLinkCloud(), NOW))).name).toBe(DeliveryErrorName.RESULT_EXPIRED);
  });

  test('is retried by the SDK, then given up, when the service is too busy', async () => {
    stub().answer = (call, response) => (call.service === 's3' ? refuse(response, 503, 'SlowDown') : respond(call, response));
    const { name } = await outcomeOf(makeResultLink(QueryId, query(), CONFIG, createLinkCloud(), NOW));
    expect(name).toBe(DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED);
    expect(stub().calls.map(({ service }) => service)).toEqual(['sts', 's3', 's3', 's3']);
  });

  test('is given up when a service hangs', async () => {
    stub().answer = () => undefined;
    expect(await outcomeOf(makeResultLink(QueryId, query(), CONFIG, createLinkCloud(), NOW))).toEqual({
      name: DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED, message: 'STS AssumeRole failed (TimeoutError)',
    });
    expect(stub().calls).toHaveLength(3);
  });
});

describe('a listing and a part of an object by the real SDK', () => {
  const credentials = { accessKeyId: 'ASIALINKEXAMPLE', secretAccessKey: 'link-secret', sessionToken: 'link-token' };

  test('are asked for as S3 takes it', async () => {
    stub().answer = ({ path }, response) => response.end(path.includes('list-type') ? `<ListBucketResult><IsTruncated>true</IsTruncated>
      <Contents><Key>results/q/a &amp; b</Key><Size>12</Size><LastModified>2026-11-24T08:00:00.000Z</LastModified></Contents></ListBucketResult>` : 's3://b/k\n');
    const cloud = createLinkCloud();
    const listing = await cloud.listObjects(credentials, { Bucket: 'results-bucket', Prefix: 'results/q/', StartAfter: 'results/q/a', MaxKeys: 7, ExpectedBucketOwner: '111122223333' });
    expect(listing).toMatchObject({ IsTruncated: true, Contents: [{ Key: 'results/q/a & b', Size: 12, LastModified: new Date('2026-11-24T08:00:00.000Z') }] });
    expect(Buffer.from(await cloud.readRange(credentials, { Bucket: 'results-bucket', Key: 'k', Range: 'bytes=3-9' })).toString()).toBe('s3://b/k\n');
    const [list, get] = stub().calls;
    expect(Object.fromEntries(new URL(list.path, 'http://s3').searchParams)).toEqual({ 'list-type': '2', 'prefix': 'results/q/', 'start-after': 'results/q/a', 'max-keys': '7' });
    expect([get.headers.range, list.headers['x-amz-expected-bucket-owner']]).toEqual(['bytes=3-9', '111122223333']);
  });

  test('have no byte beyond the end of the object', async () => {
    stub().answer = (_call, response) => {
      response.statusCode = 416;
      response.end('<Error><Code>InvalidRange</Code></Error>');
    };
    expect(await createLinkCloud().readRange(credentials, { Bucket: 'results-bucket', Key: 'k', Range: 'bytes=3-9' })).toHaveLength(0);
  });
});

describe('the secret by the real SDK', () => {
  const keys = () => new SigningKeys(createSecretReader(CONFIG.signingSecretArn), Date.now).get();

  test('is read in both versions, and may have but one', async () => {
    expect(await keys()).toEqual([Buffer.from(SECRET, 'base64')]);
    expect(stub().calls.map(({ body }) => JSON.parse(body)).sort((a, b) => a.VersionStage.localeCompare(b.VersionStage))).toEqual([
      { SecretId: CONFIG.signingSecretArn, VersionStage: 'AWSCURRENT' }, { SecretId: CONFIG.signingSecretArn, VersionStage: 'AWSPREVIOUS' },
    ]);
  });

  test('that may not be read fails by name', async () => {
    stub().answer = (_call, response) => refuse(response, 400, 'AccessDeniedException');
    expect(await outcomeOf(keys())).toEqual({
      name: DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED, message: 'SecretsManager GetSecretValue failed (AccessDeniedException)',
    });
  });
});
