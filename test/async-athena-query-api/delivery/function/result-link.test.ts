import * as fc from 'fast-check';
import { CONFIG, NOW, outcomeOf, releasedEvent, serviceError, workingCloud } from './harness';
import { DeliveryErrorName } from '../../../../src/async-athena-query-api/contracts/error-names';
import { QueryExecution } from '../../../../src/async-athena-query-api/contracts/workflow-state';
import { LinkConfig } from '../../../../src/async-athena-query-api/delivery/function/link-config';
import { LinkCloud } from '../../../../src/async-athena-query-api/delivery/function/link-session';
import { makeResultLink } from '../../../../src/async-athena-query-api/delivery/function/result-link';

const { QueryId, State } = releasedEvent('succeeded');

function query(outputLocation: string | undefined): QueryExecution {
  if (State.AthenaResult === undefined) throw new Error('The fixture has no result');
  return { ...State.AthenaResult.QueryExecution, ResultConfiguration: { OutputLocation: outputLocation } };
}

const ID = query('').QueryExecutionId;
const LOCATION = `s3://results-bucket/results/${ID}.csv`;

interface Calls {
  readonly assumed: Parameters<LinkCloud['assumeRole']>[0][];
  readonly headed: Parameters<LinkCloud['headObject']>[];
  readonly signed: Parameters<LinkCloud['signGetObject']>[];
}

/** A cloud that remembers what it was asked. */
function recordingCloud(expiration?: string, now = NOW): LinkCloud & Calls {
  const cloud = workingCloud(now);
  const calls: Calls = { assumed: [], headed: [], signed: [] };
  return {
    ...cloud,
    ...calls,
    assumeRole: async (request) => {
      calls.assumed.push(request);
      return cloud.assumeRole(request);
    },
    headObject: async (...request) => {
      calls.headed.push(request);
      return expiration;
    },
    signGetObject: async (...request) => {
      calls.signed.push(request);
      return cloud.signGetObject(...request);
    },
  };
}

const make = (cloud: LinkCloud, config: Partial<LinkConfig> = {}, location: string | undefined = LOCATION) =>
  makeResultLink(QueryId, query(location), { ...CONFIG, ...config }, cloud, NOW);

describe('the session', () => {
  test('may read exactly the one object', async () => {
    const cloud = recordingCloud();
    await make(cloud);
    expect(cloud.assumed).toEqual([{
      RoleArn: CONFIG.linkRoleArn, RoleSessionName: `query-${QueryId}`, DurationSeconds: 3600, Policy: expect.any(String),
    }]);
    expect(JSON.parse(cloud.assumed[0].Policy ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::results-bucket/results/${ID}.csv` }],
    });
  });

  test('may use the customer key, and no other', async () => {
    const cloud = recordingCloud();
    const resultKeyArn = 'arn:aws-cn:kms:cn-north-1:111122223333:key/abc';
    await make(cloud, { resultKeyArn, linkRoleArn: 'arn:aws-cn:iam::111122223333:role/link' });
    expect(JSON.parse(cloud.assumed[0].Policy ?? '').Statement).toEqual([
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws-cn:s3:::results-bucket/results/${ID}.csv` },
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: resultKeyArn },
    ]);
  });

  test('may use the customer key whose alias is known, and no other', async () => {
    const cloud = recordingCloud();
    const resultKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/*';
    await make(cloud, { resultKeyArn, resultKeyAlias: 'alias/ours' });
    expect(JSON.parse(cloud.assumed[0].Policy ?? '').Statement[1]).toEqual({
      Effect: 'Allow', Action: 'kms:Decrypt', Resource: resultKeyArn, Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/ours' } },
    });
  });

  test('takes characters of a prefix that have a meaning in policies as themselves', async () => {
    const cloud = recordingCloud();
    await make(cloud, { resultLocation: 's3://results-bucket/a*b?c$d/' }, `s3://results-bucket/a*b?c$d/${ID}.csv`);
    expect(JSON.parse(cloud.assumed[0].Policy ?? '').Statement[0].Resource).toBe(`arn:aws:s3:::results-bucket/a\${*}b\${?}c\${$}d/${ID}.csv`);
  });

  test('has a name that AssumeRole takes, for the longest query id', async () => {
    const cloud = recordingCloud();
    await makeResultLink('i'.repeat(80), query(LOCATION), CONFIG, cloud, NOW);
    expect(cloud.assumed[0].RoleSessionName).toMatch(/^[\w+=,.@-]{2,64}$/);
  });
});

describe('the link', () => {
  test('is for the object, the owner and a fixed file name, signed by the session after a look at the object', async () => {
    const cloud = recordingCloud();
    const credentials = { accessKeyId: 'ASIALINK', secretAccessKey: 'link-secret-key', sessionToken: 'link-session-token' };
    const object = { Bucket: 'results-bucket', Key: `results/${ID}.csv`, ExpectedBucketOwner: '111122223333' };
    await make(cloud);
    expect(cloud.headed).toEqual([[credentials, object]]);
    expect(cloud.signed).toEqual([[
      credentials,
      { ...object, ResponseContentDisposition: `attachment; filename="${ID}.csv"`, ResponseContentType: 'text/csv; charset=utf-8', ResponseCacheControl: 'no-store' },
      { signingDate: new Date(NOW), expiresIn: 3600 },
    ]]);
  });

  test('of a reused result is to the older object, under the name of this query', async () => {
    const cloud = recordingCloud();
    await make(cloud, {}, 's3://results-bucket/results/00000000-1111-2222-3333-444444444444.csv');
    expect(cloud.signed[0][1]).toMatchObject({
      Key: 'results/00000000-1111-2222-3333-444444444444.csv', ResponseContentDisposition: `attachment; filename="${ID}.csv"`,
    });
  });

  test('goes to a place where results lay before', async () => {
    const cloud = recordingCloud();
    const formerResultLocations = ['s3://results-bucket/old/', 's3://results-bucket/older/'];
    await make(cloud, { formerResultLocations }, `s3://results-bucket/older/${ID}.csv`);
    expect(cloud.signed[0][1]).toMatchObject({ Bucket: 'results-bucket', Key: `older/${ID}.csv` });
    expect(JSON.parse(cloud.assumed[0].Policy ?? '').Statement[0].Resource).toBe(`arn:aws:s3:::results-bucket/older/${ID}.csv`);
    await expect(make(cloud, { formerResultLocations }, `s3://results-bucket/oldest/${ID}.csv`)).rejects.toMatchObject({ name: 'ResultNotDeliverable' });
  });

  test('goes to a bucket whose prefix is empty', async () => {
    const cloud = recordingCloud();
    await make(cloud, { resultLocation: 's3://results-bucket/' }, `s3://results-bucket/${ID}.txt`);
    expect(cloud.signed[0][1]).toMatchObject({ Bucket: 'results-bucket', Key: `${ID}.txt` });
  });
});

test('the life of a link is what was asked, cut at the end of the object, and never longer than the session', async () => {
  const arbitrary = fc.record({
    asked: fc.integer({ min: 60, max: 3600 }),
    objectLeft: fc.option(fc.integer({ min: -10_000, max: 2_000_000 }), { nil: undefined }),
    now: fc.integer({ min: 1_700_000_000, max: 2_000_000_000 }).map((seconds) => seconds * 1000),
  });
  await fc.assert(fc.asyncProperty(arbitrary, async ({ asked, objectLeft, now }) => {
    const objectExpiry = objectLeft === undefined ? Infinity : now + objectLeft * 1000;
    const header = objectLeft === undefined ? undefined : `expiry-date="${new Date(objectExpiry).toUTCString()}", rule-id="results"`;
    const cloud = recordingCloud(header, now);
    const expected = Math.min(asked, objectLeft ?? Infinity);
    const link = make(cloud, { linkExpirySeconds: asked });
    if (expected < 60) {
      expect((await outcomeOf(link)).name).toBe(DeliveryErrorName.RESULT_EXPIRED);
      expect(cloud.signed).toEqual([]);
      return;
    }
    const { ExpiredIn, ExpiresAt } = await link;
    expect(ExpiredIn).toBe(expected);
    const [[, , { signingDate, expiresIn }]] = cloud.signed;
    const sessionSeconds = cloud.assumed[0].DurationSeconds ?? 0;
    expect(sessionSeconds).toBe(Math.max(900, asked));
    // What the body says is what is signed, and what is signed outlives neither the session nor the object.
    expect(expiresIn).toBe(ExpiredIn);
    expect(ExpiresAt).toBe(signingDate.getTime() + expiresIn * 1000);
    expect(ExpiresAt).toBeLessThanOrEqual(now + sessionSeconds * 1000);
    expect(ExpiresAt).toBeLessThanOrEqual(objectExpiry);
  }), { numRuns: 500 });
});

test.each(['NotImplemented', '', 'rule-id="x"', 'expiry-date="soon", rule-id="x"'])('an expiry that is none (%j) cuts nothing', async (header) => {
  expect((await make(recordingCloud(header))).ExpiredIn).toBe(3600);
});

describe('an object that is gone', () => {
  const DAY = 86_400_000;
  const { RESULT_EXPIRED, DELIVERY_DEPENDENCY_FAILED } = DeliveryErrorName;
  test.each([
    ['404', 404, 0, RESULT_EXPIRED],
    ['403 at the age at which it may have expired', 403, 15 * DAY, RESULT_EXPIRED],
    ['403 when it is too young for that, so a right is missing', 403, 15 * DAY - 1, DELIVERY_DEPENDENCY_FAILED],
  ])('answers %s', async (_, code, age, name) => {
    const completed = query(LOCATION).Status.CompletionDateTime ?? NaN;
    const cloud = { ...workingCloud(), headObject: async () => Promise.reject(serviceError('NotFound', code)) };
    expect((await outcomeOf(makeResultLink(QueryId, query(LOCATION), CONFIG, cloud, completed + age))).name).toBe(name);
  });

  test.each([301, 400, 429, 500, 503])('does not answer %d: retried', async (code) => {
    const cloud = { ...workingCloud(), headObject: async () => Promise.reject(serviceError('Unknown', code)) };
    expect((await outcomeOf(make(cloud))).name).toBe(DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED);
  });

  test('is not to be confused with a connection that broke', async () => {
    const cloud = { ...workingCloud(), headObject: async () => Promise.reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })) };
    expect((await outcomeOf(make(cloud))).name).toBe(DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED);
  });
});

describe('a location that is not a result of ours', () => {
  test.each([
    [undefined],
    [''],
    ['s3://results-bucket/results/'],
    [`s3://other-bucket/results/${ID}.csv`],
    [`s3://results-bucket/other/${ID}.csv`],
    [`s3://results-bucket/results-of-others/${ID}.csv`],
    [`s3://results-bucket/results/../secret/${ID}.csv`],
    [`s3://results-bucket/results/deeper/${ID}.csv`],
    [`s3://results-bucket/results//${ID}.csv`],
    [`s3://results-bucket/results/tables/${ID}`],
    [`s3://results-bucket/results/${ID}`],
    [`s3://results-bucket/results/${ID}.csv.metadata`],
    [`s3://results-bucket/results/${ID}-manifest.csv/x`],
    [`s3://results-bucket/results/${ID}.parquet`],
    ['s3://results-bucket/results/*.csv'],
    ['s3://results-bucket/results/a b.csv'],
    [`https://results-bucket.s3.amazonaws.com/results/${ID}.csv`],
    [`S3://results-bucket/results/${ID}.csv`],
    [`s3://results-bucket/results/${ID}.csv\n`],
  ])('%j is refused before a role is assumed', async (location) => {
    const cloud = recordingCloud();
    const outcome = await outcomeOf(makeResultLink(QueryId, query(location), CONFIG, cloud, NOW));
    expect(outcome.name).toBe(DeliveryErrorName.RESULT_NOT_DELIVERABLE);
    expect(cloud.assumed).toEqual([]);
  });
});
